// What a zone and a slot look like in JSON: one spelling for MQTT and for server-sent events.
//
// The members are those of docs/contract/mqtt.md, "Gateway → devices and dashboards". Pure
// functions; any thread.
#pragma once

#include "edge/domain/plan.hpp"
#include "edge/engine/effect.hpp"

#include <optional>
#include <string>

namespace gatehouse::engine {

/// A zone's availability; without `zone` the lot's totals, which carry the lot's name.
std::string availability_json(const LotPlan& plan, std::optional<ZoneIndex> zone,
                              const Availability& availability);

/// A slot's status. `ts` is the time of saying so, `shown.since` that of the status.
std::string slot_status_json(const LotPlan& plan, SlotIndex slot, const SlotShown& shown,
                             Instant ts);

}  // namespace gatehouse::engine
