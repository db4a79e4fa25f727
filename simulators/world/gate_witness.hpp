// The one who watches every act of the gateway and every pulse that a barrier sees, over all the
// lives of the process, and compares them with what the disk would keep if the power went now.
//
// Throws Violation: something that nobody may ever see was seen; PowerCut: the power was to go
// between commit and act. One thread.
#pragma once

#include "edge/engine/ports.hpp"
#include "simulators/world/disk.hpp"
#include "simulators/world/gate_line.hpp"
#include "simulators/world/gate_scene.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>

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

  /// From now on acts are compared with what `disk` would keep; `one_in` of them.
  void watch(const Disk* disk, std::uint64_t one_in) { disk_ = disk, check_one_in_ = one_in; }
  /// The power goes before the next act, or after its orders and before its decisions.
  void cut_at_next_act(bool after_orders) { cut_ = after_orders ? Cut::after_orders : Cut::before; }
  void do_not_cut() { cut_ = Cut::none; }
  [[nodiscard]] bool is_cutting() const { return cut_ != Cut::none; }

  /// Two readers bring the same code at once: at most one of them may be told to open.
  void expect_one_of(std::string first_scan, std::string second_scan);
  /// None of ours: it must never open.
  void expect_refusal(std::string scan_id) { forged_.insert(std::move(scan_id)); }
  /// A car goes out with this ticket, let out by its own scan.
  void leaves(const std::string& code);

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
  void hear(const engine::DecisionShown& shown);
  void order(const engine::BarrierOrder& order);
  void check_durable(const engine::Effects& effects);
  void check_durable(const PulseSeen& seen);

  Scene& scene_;
  Reached& listeners_;
  const Disk* disk_ = nullptr;
  std::uint64_t check_one_in_ = 1;
  std::uint64_t acts_ = 0;
  Cut cut_ = Cut::none;
  std::map<std::tuple<GateIndex, std::string, std::uint32_t>, std::string> decisions_;
  std::map<std::string, DecisionKind> first_answers_;
  std::map<std::string, std::string> twins_;
  std::set<std::string> forged_;
  std::set<engine::OpeningId> ordered_;
  std::map<engine::OpeningId, Pulsed> pulsed_;
  std::map<std::int64_t, engine::OpeningId> opening_of_scan_;
};

}  // namespace gatehouse::world
