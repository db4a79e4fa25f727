// What a row of the audit's chain says a call was about: what it was done to, and a text for
// people with methods, sums, and values as they were and as they are.
//
//   About told = about_asked(turn, call);      // before it is decided: of what is there by then
//   tell_result(told, *said.result);           // once it is
//   entry.targets = told.targets(), entry.detail = told.detail();
//
// Every command and every result has a function of its own here: one without does not compile.
// Never a secret: no ticket's code, no password, no token; and of customers neither name nor
// vehicle, as a row is never erased. Ids are those of what is there, not whatever was typed. The
// engine's thread, but for tell_added() and tell_edited(), which are pure.
#pragma once

#include "edge/engine/call.hpp"
#include "edge/engine/turn.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse::engine {

class About {
 public:
  About() = default;
  /// `kind id kind id …`: what is known by where the call came to, without blanks in either.
  explicit About(std::string_view targets);

  /// Each once. A kind that is known takes the place of the path's `id`.
  void target(std::string_view kind, std::string_view id);
  void more(std::string_view text);

  /// `session 6ba7… gate EXIT_GATE_01`
  [[nodiscard]] std::string targets() const;
  [[nodiscard]] const std::string& detail() const { return detail_; }

 private:
  std::vector<std::pair<std::string, std::string>> targets_;
  std::string detail_;
};

About about_asked(Turn& turn, const Call& call);
void tell_result(About& about, const CallResult& result);

// Accounts, whoever changes them (`gatehouse user` too).
void tell_account(About& about, const store::User& user);
void tell_added(About& about, const store::User& user);
void tell_edited(About& about, const store::User& before, const AccountEdit& edit);

}  // namespace gatehouse::engine
