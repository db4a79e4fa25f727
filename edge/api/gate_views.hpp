// What people are told of tickets, entries and bills: the shapes of docs/contract/http.md, "Staff"
// and "Older forms", and its words of refusal.
//
// Each is given the result of its own command; another one is a broken invariant. Pure; any thread.
#pragma once

#include "edge/api/desk.hpp"
#include "edge/api/message.hpp"
#include "edge/engine/call.hpp"

namespace gatehouse::api {

Response ticket_response(const engine::CallResult& result);
/// 201
Response walk_in_response(const engine::CallResult& result);
Response entry_response(const engine::CallResult& result);
/// `/api/staff/bill/`: with `quoted_at`.
Response bill_response(const engine::CallResult& result);
Response exit_response(const engine::CallResult& result);
/// The bill with the new `qr_code`; 201 where a session was opened for it.
Response lost_ticket_response(const engine::CallResult& result);
Response let_out_response(const engine::CallResult& result);
Response barrier_response(const engine::CallResult& result);

/// The contract's sentence and status of a refusal; with the bill, where one belongs to it.
Response refusal_response(const engine::CallRefused& refused, Manner manner);

/// `access, refresh, role, expires_in`
Response login_response(const TokenPair& tokens, store::Role role);

}  // namespace gatehouse::api
