#include "edge/gateway/premises.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>

namespace gatehouse::gateway {
namespace {

std::vector<ZoneIndex> zones_of(const LaneSettings& lane, const LotPlan& plan) {
  std::vector<ZoneIndex> zones;
  for (const ZoneId& id : lane.zones) {
    const auto zone = plan.find_zone(id.text());
    if (!zone) {
      throw std::runtime_error(
          fmt::format("gate {} leads to zone {}, which the store does not have; \"gatehouse init\" "
                      "adds what is new in the file",
                      lane.id.text(), id.text()));
    }
    zones.push_back(*zone);
  }
  if (!lane.zones.empty()) return zones;
  for (std::size_t i = 0; i < plan.zones().size(); ++i)
    zones.push_back(ZoneIndex(static_cast<std::uint32_t>(i)));
  return zones;
}

GatePlan make_gate_plan(const Config& config, const LotPlan& plan) {
  std::vector<BarrierId> barriers;
  for (const BarrierSettings& barrier : config.barriers)
    barriers.push_back(BarrierId::parse(barrier.id).value());
  std::vector<LanePlan> lanes;
  for (const LaneSettings& lane : config.gates.lanes) {
    LanePlan planned{.id = lane.id, .direction = lane.direction, .barrier = {}, .zones = {}};
    planned.zones = zones_of(lane, plan);
    planned.names_zones = !lane.zones.empty();
    const auto barrier = std::ranges::find(config.barriers, lane.barrier, &BarrierSettings::id);
    if (barrier != config.barriers.end())
      planned.barrier = BarrierIndex(static_cast<std::uint32_t>(barrier - config.barriers.begin()));
    lanes.push_back(std::move(planned));
  }
  return {std::move(lanes), std::move(barriers)};
}

/// Linux's name of this run of the machine, during which the steady clock goes on.
std::string boot_id() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string id;
  if (!(file >> id)) throw std::runtime_error("cannot read which boot of the machine this is");
  return id;
}

}  // namespace

engine::Premises make_premises(const Config& config, const LotPlan& plan,
                               const ZonedCalendar& calendar) {
  return {.plan = plan,
          .gates = make_gate_plan(config, plan),
          .gate_rules = config.gates,
          .billing = config.billing,
          .local = [&calendar](Instant instant) { return calendar.local(instant); },
          .language = config.lot.language,
          .provider = config.payments.provider == PaymentProvider::phonepe ? "phonepe" : "razorpay",
          .takes_online_payments = false,
          .boot = boot_id()};
}

}  // namespace gatehouse::gateway
