// What the simulated world was shown, and whether it was true: the one who watches every act.
#pragma once

#include "edge/domain/plan.hpp"
#include "edge/engine/ports.hpp"
#include "simulators/world/disk.hpp"

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::world {

/// The power went between the commit and the act.
struct PowerCut : std::runtime_error {
  PowerCut() : std::runtime_error("the power went") {}
};

/// Something that nobody may ever see was seen.
struct Violation : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A running hash of everything that happened, for "the same seed gives the same trace".
class Trace {
 public:
  void add(std::string_view text);
  void add(std::uint64_t number);
  [[nodiscard]] std::uint64_t hash() const { return hash_; }

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325U;  // FNV-1a
};

/// Lives over many lives of the gateway, as a dashboard does.
class Shown final : public engine::Outside {
 public:
  Shown(const LotPlan& plan, Trace& trace) : plan_(plan), trace_(trace) {
    slots_.resize(plan.slots().size());
    zones_.resize(plan.zones().size());
  }

  /// From now on what is shown is compared with what `disk` would keep if the power went now.
  void watch(const Disk* disk, std::uint64_t one_in) { disk_ = disk, check_one_in_ = one_in; }
  /// The power goes before the next act.
  void cut_before_next_act() { cut_ = true; }
  [[nodiscard]] bool is_cutting() const { return cut_; }
  void do_not_cut() { cut_ = false; }

  void act(const store::Committed<engine::Effects>& effects) override;

  [[nodiscard]] const engine::SlotShown& slot(std::size_t slot) const { return slots_[slot]; }
  [[nodiscard]] const engine::Availability& zone(std::size_t zone) const { return zones_[zone]; }
  [[nodiscard]] const engine::Availability& lot() const { return lot_; }
  [[nodiscard]] std::uint64_t durable_checks() const { return durable_checks_; }

 private:
  void show(engine::Availability& shown, const engine::Availability& next, std::string_view of);
  void check_durable(const engine::Effects& effects);

  const LotPlan& plan_;
  Trace& trace_;
  const Disk* disk_ = nullptr;
  std::uint64_t check_one_in_ = 0;
  std::uint64_t acts_ = 0;
  std::uint64_t durable_checks_ = 0;
  bool cut_ = false;
  std::vector<engine::SlotShown> slots_;
  std::vector<engine::Availability> zones_;
  engine::Availability lot_;
};

/// The counts of every zone add up, of the shown and of the real ones. Throws Violation.
void check_availability(const LotPlan& plan, const engine::Availability& availability,
                        std::size_t zone);

}  // namespace gatehouse::world
