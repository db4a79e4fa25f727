// A shift as rows of a list and as its Z report on paper (docs/contract/http.md, "Staff", "Admin").
// The report's JSON is the counter's own (counter_views.hpp). Pure; any thread.
#pragma once

#include "edge/api/fields.hpp"
#include "edge/api/paper.hpp"
#include "edge/domain/plan.hpp"
#include "edge/engine/shift_call.hpp"

namespace gatehouse::api {

Fields shift_fields(const engine::ShiftShown& shown);

/// The Z report of a closed shift; of one that goes on, how it stands at `now`.
Paper shift_paper(const engine::ShiftShown& shown, const LotPlan& plan, const LocalTime& local,
                  Instant now);

}  // namespace gatehouse::api
