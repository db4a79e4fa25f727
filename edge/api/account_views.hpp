// What is shown of accounts, vehicles, deeds and erasures (docs/contract/http.md, "Accounts",
// "User", "Admin"). A password's hash is shown to nobody. Pure; any thread.
#pragma once

#include "edge/api/fields.hpp"
#include "edge/api/message.hpp"
#include "edge/engine/call.hpp"
#include "edge/store/activity.hpp"

namespace gatehouse::api {

/// As administrators see it.
Fields account_fields(const store::User& user);
/// As its owner sees it.
Fields profile_fields(const store::User& user);
Fields vehicle_fields(const store::UserVehicle& kept);
Fields deed_fields(const store::Deed& deed);
Fields erasure_fields(const store::Erasure& erasure);

// Each is given the result of its own command.

/// 201
Response registered_response(const engine::CallResult& result);
Response profile_response(const engine::CallResult& result);
/// 201
Response account_made_response(const engine::CallResult& result);
Response account_response(const engine::CallResult& result);
Response account_removed_response(const engine::CallResult& result);
/// 201 where it was not kept before.
Response vehicle_kept_response(const engine::CallResult& result);
Response vehicle_dropped_response(const engine::CallResult& result);
Response booking_edited_response(const engine::CallResult& result);
/// 201
Response erased_response(const engine::CallResult& result);
Response signed_out_response(const engine::CallResult& result);

/// 401, of a token that opens nothing any more.
Response tokens_refused_response();

}  // namespace gatehouse::api
