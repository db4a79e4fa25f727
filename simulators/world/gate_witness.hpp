// The one who watches every act of the gateway and every pulse that a barrier sees, over all the
// lives of the process, and compares them with what the disk would keep if the power went now.
//
// Throws Violation: something that nobody may ever see was seen; PowerCut: the power was to go
// between commit and act. One thread.
#pragma once

#include "edge/engine/ports.hpp"
#include "simulators/world/disk.hpp"
#include "simulators/world/gate_books.hpp"
#include "simulators/world/gate_line.hpp"
#include "simulators/world/gate_scene.hpp"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>

namespace gatehouse::world {

/// Whom the gateway's acts reach. Must not call back into the engine.
class Reached {
 public:
  virtual ~Reached() = default;
  virtual void order(const engine::BarrierOrder& order) = 0;
  virtual void decision(GateIndex gate, const Heard& heard) = 0;
  virtual void answer(const engine::CallAnswer& answer) = 0;
};

class Witness final : public engine::Outside, public PulseWatch {
 public:
  Witness(Scene& scene, Reached& listeners) : scene_(scene), listeners_(listeners) {}

  /// A process began on `disk`, and reads `own` there: from now on its acts are compared with what
  /// the disk would keep, `one_in` of them.
  void watch(const Disk& disk, Books& own, std::uint64_t one_in) {
    disk_ = &disk, own_ = &own, check_one_in_ = one_in;
  }
  /// The process is gone.
  void look_away() { disk_ = nullptr, own_ = nullptr; }
  /// The power goes before the next act, or after its orders and before its decisions.
  void cut_at_next_act(bool after_orders) { cut_ = after_orders ? Cut::after_orders : Cut::before; }
  void do_not_cut() { cut_ = Cut::none; }
  [[nodiscard]] bool is_cutting() const { return cut_ != Cut::none; }
  /// Called before the orders of an act, between them and its answers, and after it; may throw.
  void at_every_step(std::function<void()> step) { step_ = std::move(step); }

  /// Two readers bring the same code at once: at most one of them may be told to open.
  void expect_one_of(std::string first_scan, std::string second_scan);
  /// None of ours: it must never open.
  void expect_refusal(std::string scan_id) { forged_.insert(std::move(scan_id)); }
  /// A car goes out with this ticket, let out by its own scan, after it stayed so long; nullopt:
  /// nobody can know.
  void leaves(const std::string& code, std::optional<Steady::duration> stayed);

  void act(const store::Committed<engine::Effects>& effects) override;
  void pulsed(const PulseSeen& seen) override;
  void closed_over_safety_loop(BarrierIndex barrier) override;
  void executed_silently() override { scene_.reached("pulse executed but not answered"); }

 private:
  enum class Cut : std::uint8_t { none, before, after_orders };
  struct Pulsed {
    int pulses = 0;
    Steady last{};
  };
  /// What would be found if the power went now and everything unsynced were lost.
  void look_at_disk(const std::function<void(Books&)>& check);
  void check_decisions(const engine::Effects& effects, Books& books);
  void check_answers(const engine::Effects& effects, Books& books);
  void check_openings(const PulseSeen& seen, Books& books);
  void hear(const engine::DecisionShown& shown);
  void order(const engine::BarrierOrder& order);

  Scene& scene_;
  Reached& listeners_;
  const Disk* disk_ = nullptr;
  Books* own_ = nullptr;  // what the process itself reads
  std::uint64_t looks_ = 0;
  std::uint64_t check_one_in_ = 1;
  std::uint64_t acts_ = 0;
  Cut cut_ = Cut::none;
  std::function<void()> step_ = [] {};
  std::map<std::tuple<GateIndex, std::string, std::uint32_t>, std::string> decisions_;
  std::map<std::string, DecisionKind> first_answers_;
  std::map<std::string, std::string> twins_;
  std::set<std::string> forged_;
  std::set<engine::OpeningId> ordered_;
  std::map<engine::OpeningId, Pulsed> pulsed_;
  std::map<std::int64_t, engine::OpeningId> opening_of_scan_;
};

}  // namespace gatehouse::world
