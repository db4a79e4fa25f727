// What staff are told of their drawer, their log and what they did about a session: the shapes of
// docs/contract/http.md, "Staff".
//
// Each is given the result of its own command; another one is a broken invariant. Pure; any thread.
#pragma once

#include "edge/api/message.hpp"
#include "edge/engine/call.hpp"

namespace gatehouse::api {

Response shift_response(const engine::CallResult& result);
/// 201
Response shift_opened_response(const engine::CallResult& result);

Response terminated_response(const engine::CallResult& result);

/// 201
Response incident_response(const engine::CallResult& result);
Response incidents_response(const engine::CallResult& result);

Response cancelled_response(const engine::CallResult& result);
/// What cancelling would bring, asked without doing it.
Response refund_asked_response(const engine::CallResult& result);

}  // namespace gatehouse::api
