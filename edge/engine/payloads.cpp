#include "edge/engine/payloads.hpp"

#include "edge/engine/json_text.hpp"

#include <iterator>
#include <string_view>

#include <fmt/format.h>

namespace gatehouse::engine {
namespace {

/// Only an occupied slot is `true`; what nobody knows is `null`.
std::string_view occupied_word(SlotStatus status) {
  switch (status) {
    case SlotStatus::occupied:
      return "true";
    case SlotStatus::unknown:
      return "null";
    case SlotStatus::free:
    case SlotStatus::reserved:
    case SlotStatus::out_of_service:
      return "false";
  }
  return "null";
}

}  // namespace

std::string availability_json(const LotPlan& plan, std::optional<ZoneIndex> zone,
                              const Availability& availability) {
  std::string out;
  out.reserve(384);
  out += '{';
  if (zone) {
    fmt::format_to(std::back_inserter(out), R"("zone":"{}",)", plan.zone(*zone).id.text());
  }
  out += R"("name":)";
  append_quoted(out, zone ? plan.zone(*zone).name : plan.lot_name());
  const SlotCounts& counts = availability.counts;
  const auto permille = counts.occupancy_permille();
  fmt::format_to(
      std::back_inserter(out),
      R"(,"total":{},"occupied":{},"reserved":{},"unknown":{},"out_of_service":{},"available":{},)"
      R"("occupancy_percent":{}.{},"hourly_rate_paise":{},"active":{},"seq":{},"ts":"{}"}})",
      counts.total(), counts.of(SlotStatus::occupied), counts.of(SlotStatus::reserved),
      counts.of(SlotStatus::unknown), counts.of(SlotStatus::out_of_service), availability.available,
      permille / 10, permille % 10, availability.hourly_rate.count(), availability.active,
      availability.seq, format_rfc3339(availability.at));
  return out;
}

std::string slot_status_json(const LotPlan& plan, SlotIndex slot, const SlotShown& shown,
                             Instant ts) {
  const SlotPlan& place = plan.slot(slot);
  std::string out;
  out.reserve(192);
  fmt::format_to(
      std::back_inserter(out),
      R"({{"slot":"{}","zone":"{}","status":"{}","occupied":{},"since":"{}","ts":"{}"}})",
      place.id.text(), plan.zone(place.zone).id.text(), name(shown.status),
      occupied_word(shown.status), format_rfc3339(shown.since), format_rfc3339(ts));
  return out;
}

}  // namespace gatehouse::engine
