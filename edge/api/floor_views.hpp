// What staff see of slots, gates and devices: shapes of docs/contract/http.md, "Staff".
//
// A connection's thread; failure is a StoreError.
#pragma once

#include "edge/api/reading.hpp"
#include "edge/domain/occupancy.hpp"

#include <string>
#include <string_view>

namespace gatehouse::api {

/// GET /api/staff/slot-status/. `zone`: the id of the one that is asked for; empty: all.
Response slots_response(const ReadingRoom& room, store::Reader& reader, const std::string& zone);

/// GET /api/staff/gates/
Response gates_response(const ReadingRoom& room, store::Reader& reader);

/// How session and sensor contradict each other; empty: they do not, or nobody can tell.
std::string_view discrepancy(SensorState sensor, Claim claim, bool has_arrived);

/// What a slot's sensor says now, its silence counted by the clock on the wall.
SensorState sensor_now(const SensorMemory& memory, Instant now,
                       std::chrono::milliseconds stale_after);
/// `none`, `free`, `occupied`, `unknown`
std::string_view name(SensorState state);

}  // namespace gatehouse::api
