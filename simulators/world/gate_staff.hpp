// The staff of the simulated lot: cash at the counter, tickets, barriers by hand. They hear what
// the console says, and ask again, under the same key, when it says nothing: now and then also at
// once, as an impatient browser does. One thread.
#pragma once

#include "edge/engine/call.hpp"
#include "simulators/world/gate_cars.hpp"
#include "simulators/world/gate_scene.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>

namespace gatehouse::world {

class Staff {
 public:
  Staff(Scene& scene, Cars& cars, store::UserKey user) : scene_(scene), cars_(cars), user_(user) {}

  // What happens by chance.
  void issue_ticket();
  void move_barrier();
  void release_all();
  /// A driver comes to the counter and pays before it drives to any gate.
  void cash_away_from_gate();
  /// By hand, for whoever only a person can help.
  void help(GateIndex gate);

  /// Time passed: whoever is told to pay is served.
  void live();
  void hear(const engine::CallAnswer& answer);
  /// Nobody answers any more what was asked of the process that is gone: what may be asked again
  /// is.
  void forget_calls();
  /// Nobody is at the counter for so long.
  void go_away(std::chrono::milliseconds time) { absent_until_ = scene_.now() + time; }
  /// Whether this much cash of a ticket's may be in the books: never what nobody handed over.
  [[nodiscard]] bool may_have_taken(const std::string& code, Paise booked) const;

 private:
  enum class About : std::uint8_t { ticket, cash, other };
  struct Call {
    About about = About::other;
    std::size_t car = 0;
    std::string code;
    Paise amount;
    Steady at{};
    std::optional<decltype(engine::Call::what)> again = {};  // what stands behind its key
  };
  /// What the console shows of an answer, kept or not.
  struct Shown {
    bool is_done = false;
    std::string word;  // of a ticket its code; of a refusal its word
    std::string slot;
    std::optional<Paise> due;
  };
  static engine::Rendered render(const engine::CallAnswer& answer);
  static Shown read(const engine::Rendered& rendered);
  void ask(decltype(engine::Call::what) what, Call call);
  void send(std::uint64_t id, const decltype(engine::Call::what)& what, bool has_key);
  void ask_again();
  void take_cash(std::size_t car, Paise due, std::optional<GateIndex> gate);
  void hear_cash(const Call& call, const Shown& shown);

  Scene& scene_;
  Cars& cars_;
  store::UserKey user_;
  std::uint64_t last_id_ = 0;
  std::map<std::uint64_t, Call> asked_;
  std::map<std::uint64_t, std::string> said_;       // by key: what was answered first
  std::map<std::string, Paise> taken_;              // by code: cash that was acknowledged
  std::map<std::string, std::set<Paise>> offered_;  // by code: cash that may have been booked
  std::map<std::string, Steady> served_;            // by code: not again at once
  Steady absent_until_{};
};

}  // namespace gatehouse::world
