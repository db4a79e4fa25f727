// What staff decided about a session where the lot alone could not: who, when and why. Never
// changed and never deleted.
//
//   acts.append(transaction, {.at = now, .user = user, .session = session.key,
//                             .kind = ActKind::let_out, .reason = "the provider does not answer"});
//
// The thread of the Database; failure is a StoreError.
#pragma once

#include "edge/domain/time.hpp"
#include "edge/store/database.hpp"
#include "edge/store/keys.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::store {

/// The column holds its name.
enum class ActKind : std::uint8_t { lost_ticket, stay_chosen, terminated, let_out };
std::string_view name(ActKind kind);
std::optional<ActKind> parse_act_kind(std::string_view text);

// As the table bounds them.
inline constexpr std::size_t act_reason_characters_max = 200;
inline constexpr std::size_t act_reference_characters_max = 64;

struct Act {
  ActKey key{};  // given by append
  Instant at{};
  UserKey user{};
  SessionKey session{};
  ActKind kind = ActKind::lost_ticket;
  std::string reason;     // always
  std::string reference;  // of a payment, as the driver showed it; "": none
  std::string detail;     // what was decided, for people
  bool operator==(const Act&) const = default;
};

class StaffActs {
 public:
  explicit StaffActs(Database& database);
  ~StaffActs();
  StaffActs(const StaffActs&) = delete;
  StaffActs& operator=(const StaffActs&) = delete;

  ActKey append(Transaction& transaction, const Act& act);
  /// The oldest first.
  [[nodiscard]] std::vector<Act> of_session(SessionKey session);

 private:
  struct Statements;
  std::unique_ptr<Statements> statements_;
};

}  // namespace gatehouse::store
