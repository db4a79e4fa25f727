// What administrators are told of money and alerts that waited for them, and of the lot as they
// change it (docs/contract/http.md, "Admin", "Rows").
//
// Each response is given the result of its own command; another one is a broken invariant. Pure;
// any thread.
#pragma once

#include "edge/api/fields.hpp"
#include "edge/engine/call.hpp"
#include "edge/store/outages.hpp"
#include "edge/store/plan_rows.hpp"

#include <optional>
#include <string>

namespace gatehouse::api {

// Rows. A name or an id that is empty is shown as null.

Fields exception_fields(const store::Exception& exception, const std::string& payment_id,
                        const std::string& session_id, const std::string& resolved_by);
/// An alert, and who has seen it.
Fields acknowledged_fields(const store::Alert& alert, const std::string& acknowledged_by);
Fields zone_row_fields(const store::ZoneRow& zone);
Fields slot_row_fields(const store::SlotRow& slot, const std::optional<store::Outage>& outage);

Response refund_response(const engine::CallResult& result);
Response exception_response(const engine::CallResult& result);
Response alert_response(const engine::CallResult& result);
/// 201 for a new one.
Response zone_response(const engine::CallResult& result);
/// 201 for a new one.
Response slot_response(const engine::CallResult& result);
Response removed_response(const engine::CallResult& result);
Response settings_response(const engine::CallResult& result);

}  // namespace gatehouse::api
