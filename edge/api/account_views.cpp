#include "edge/api/account_views.hpp"

#include "edge/api/identity.hpp"
#include "edge/api/results.hpp"

#include <string_view>
#include <utility>
#include <variant>

namespace gatehouse::api {
namespace {

Response created(std::string_view message, const Fields& data) {
  Response response = success(message, data.json());
  response.status = 201;
  return response;
}

}  // namespace

Fields profile_fields(const store::User& user) {
  Fields fields;
  fields.number("user_id", std::to_underlying(user.key))
      .text("username", user.username)
      .text("role", role_word(user.role))
      .text("email", user.email)
      .text("phone", user.phone_number)
      .time("created_at", user.created_at);
  return fields;
}

Fields account_fields(const store::User& user) {
  Fields fields = profile_fields(user);
  fields.flag("disabled", user.disabled)
      .text_or_null("gate", user.gate)
      .flag("may_refund", user.may_refund || user.role == store::Role::admin)
      .flag("may_terminate", user.may_terminate || user.role == store::Role::admin);
  return fields;
}

Fields vehicle_fields(const store::UserVehicle& kept) {
  Fields fields;
  fields.text("vehicle_number", kept.vehicle.text())
      .text("name", kept.name)
      .time("created_at", kept.created_at);
  return fields;
}

Fields deed_fields(const store::Deed& deed) {
  Fields fields;
  fields.time("at", deed.at)
      .text("kind", deed.kind)
      .text_or_null("session_id", deed.session_id)
      .text_or_null("subject", deed.subject);
  if (deed.amount) {
    fields.number("amount_paise", deed.amount->count());
  } else {
    fields.null("amount_paise");
  }
  fields.text_or_null("detail", deed.detail);
  return fields;
}

Fields erasure_fields(const store::Erasure& erasure) {
  Fields fields;
  fields.text("erasure_id", erasure.id)
      .time("at", erasure.at)
      .text("by", erasure.by_name)
      .text("subject", name(erasure.subject));
  if (erasure.user) {
    fields.number("user_id", std::to_underlying(*erasure.user));
  } else {
    fields.null("user_id");
  }
  fields.text("reason", erasure.reason)
      .number("sessions", erasure.sessions)
      .number("incidents", erasure.incidents)
      .number("scans", erasure.scans);
  return fields;
}

Response registered_response(const engine::CallResult& result) {
  return created("Welcome. Please sign in",
                 profile_fields(result_of<engine::AccountShown>(result).user));
}

Response profile_response(const engine::CallResult& result) {
  return success("Profile saved",
                 profile_fields(result_of<engine::AccountShown>(result).user).json());
}

Response account_made_response(const engine::CallResult& result) {
  return created("Account made", account_fields(result_of<engine::AccountShown>(result).user));
}

Response account_response(const engine::CallResult& result) {
  return success("Account saved",
                 account_fields(result_of<engine::AccountShown>(result).user).json());
}

Response account_removed_response(const engine::CallResult& result) {
  const auto& removed = result_of<engine::AccountRemoved>(result);
  Fields fields = account_fields(removed.user);
  fields.flag("deleted", removed.was_deleted);
  return success(
      removed.was_deleted ? "Account deleted" : "Account disabled: it has a history, which stays",
      fields.json());
}

Response vehicle_kept_response(const engine::CallResult& result) {
  const auto& vehicle = result_of<engine::VehicleKept>(result);
  Response response = success("Vehicle saved", vehicle_fields(vehicle.kept).json());
  if (vehicle.is_new) response.status = 201;
  return response;
}

Response vehicle_dropped_response(const engine::CallResult& result) {
  static_cast<void>(result_of<engine::VehicleDropped>(result));
  return success("Vehicle removed", "{}");
}

Response booking_edited_response(const engine::CallResult& result) {
  const auto& edited = result_of<engine::BookingEdited>(result);
  Fields fields;
  fields.text("session_id", edited.session_id)
      .text("status", name(edited.state))
      .text_or_null("vehicle_number", edited.vehicle_number)
      .text("phone_number", edited.phone_number);
  return success("Booking saved", fields.json());
}

Response erased_response(const engine::CallResult& result) {
  return created("Erased", erasure_fields(result_of<engine::DataErased>(result).erasure));
}

Response signed_out_response(const engine::CallResult& result) {
  static_cast<void>(result_of<engine::SignedOut>(result));
  return success("Signed out", "{}");
}

Response tokens_refused_response() {
  Response response = failure(401, "bad_token", "Please sign in again");
  response.headers.push_back({"WWW-Authenticate", "Bearer"});
  return response;
}

}  // namespace gatehouse::api
