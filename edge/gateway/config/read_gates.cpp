// [gates] and [[gates.lanes]].
#include "edge/gateway/config/readers.hpp"

#include <fmt/format.h>

namespace gatehouse::gateway {
namespace {

using namespace std::chrono_literals;

constexpr std::array<std::pair<std::string_view, LaneDirection>, 3> directions = {
    {{"entry", LaneDirection::entry},
     {"exit", LaneDirection::exit},
     {"both", LaneDirection::both}}};

LaneSettings read_lane(Section& lane, const LaneNames& names) {
  LaneSettings settings{.id = read_id<GateId>(lane, "id"), .barrier = {}, .zones = {}};
  if (names.slots.contains(settings.id.text())) {
    lane.wrong("id", "an id that no slot has: both are names of devices");
  }
  settings.direction = lane.choice("direction", LaneDirection::entry, directions);
  settings.barrier = lane.text("barrier", "");
  if (!settings.barrier.empty() && !names.barriers.contains(settings.barrier)) {
    lane.wrong("barrier", "the id of one of [[barriers]], or \"\" for none");
  }
  for (const std::string& zone : lane.texts("zones", {}, rules::id)) {
    if (names.zones.contains(zone)) {
      settings.zones.push_back(*ZoneId::parse(zone));
    } else {
      lane.problem("zones",
                   fmt::format("expected ids of [[zones]]; there is no zone \"{}\"", zone));
    }
  }
  return settings;
}

}  // namespace

GateSettings read_gates(Section gates, const LaneNames& names) {
  GateSettings settings;
  settings.scan_ttl = gates.duration("scan_ttl_s", settings.scan_ttl, 1s, 300s);
  settings.debounce = gates.duration("debounce_ms", settings.debounce, 0ms, 60'000ms);
  settings.reopen_window = gates.duration("reopen_window_s", settings.reopen_window, 0s, 3'600s);
  settings.pay_wait = gates.duration("pay_wait_s", settings.pay_wait, 30s, 3'600s);
  settings.bad_codes_per_minute =
      gates.number<std::uint32_t>("bad_codes_per_minute", settings.bad_codes_per_minute, 1, 1'000);
  std::unordered_map<std::string, std::string> lanes_by_id;
  std::unordered_map<std::string, std::string> lanes_by_barrier;
  for (Section& lane : gates.tables("lanes")) {
    settings.lanes.push_back(read_lane(lane, names));
    if (!lane.has("id")) continue;
    const auto [holder, is_new] = lanes_by_id.emplace(settings.lanes.back().id.text(), lane.path());
    if (!is_new) lane.wrong("id", fmt::format("an id that {} does not have", holder->second));
    if (settings.lanes.back().barrier.empty()) continue;
    const auto [other, is_free] =
        lanes_by_barrier.emplace(settings.lanes.back().barrier, lane.path());
    if (!is_free)
      lane.wrong("barrier", fmt::format("a barrier that {} does not have", other->second));
  }
  return settings;
}

}  // namespace gatehouse::gateway
