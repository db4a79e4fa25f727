// docs/contract/http.md, "User": an account of one's own, its vehicles, its bookings before entry.
#include "edge/api/account_form.hpp"
#include "edge/api/account_views.hpp"
#include "edge/api/desk.hpp"
#include "edge/api/endpoints.hpp"
#include "edge/api/listing.hpp"
#include "edge/api/reading.hpp"
#include "edge/api/session_lookup.hpp"
#include "edge/api/which_session.hpp"

#include <utility>

namespace gatehouse::api {
namespace {

Parsed parse_profile(const Desk& /*desk*/, const Call& call) {
  auto form = Form::of_body(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  engine::AccountEdit edit{.email = email_in(*form),
                           .phone_number = phone_in(*form, "phone", Need::optional)};
  if (call.request.body.empty()) form->wrong("email", "or phone is required");
  if (!form->is_good()) return std::unexpected(form->refusal());
  return engine::EditAccount{call.account().key, std::move(edit)};
}

Parsed parse_kept(const Desk& /*desk*/, const Call& call) {
  auto form = Form::of_body(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  auto vehicle = form->vehicle("vehicle_number", Need::required);
  auto name = form->text("name", Need::optional, store::user_vehicle_name_characters_max);
  if (!vehicle || !form->is_good()) return std::unexpected(form->refusal());
  return engine::KeepVehicle{std::move(*vehicle), std::move(name).value_or("")};
}

Parsed parse_dropped(const Desk& /*desk*/, const Call& call) {
  auto form = Form::of_query(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  auto vehicle = form->vehicle("vehicle_number", Need::required);
  if (!vehicle || !form->is_good()) return std::unexpected(form->refusal());
  return engine::DropVehicle{std::move(*vehicle)};
}

Parsed parse_booking(const Desk& /*desk*/, const Call& call) {
  const bool is_admin = call.account().role == store::Role::admin;
  auto id = session_id_of(std::string(call.parameter("id")),
                          is_admin ? Ids::uuid_or_number : Ids::uuid_only);
  if (!id) return std::unexpected(no_session());
  auto form = Form::of_body(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  auto vehicle = form->vehicle("vehicle_number", Need::optional);
  auto phone = phone_in(*form, "phone_number", Need::optional);
  if (!form->has("vehicle_number") && !form->mentions("phone_number"))
    form->wrong("vehicle_number", "or phone_number is required");
  if (!form->is_good()) return std::unexpected(form->refusal());
  return engine::EditBooking{{std::move(*id)}, std::move(vehicle), std::move(phone)};
}

std::optional<Response> refusal_of_query(const Call& call) {
  auto form = Form::of_query(call.request);
  if (!form) return std::move(form.error());
  if (!form->is_good()) return form->refusal();
  return std::nullopt;
}

Asked ask_profile(const ReadingRoom& /*room*/, const Call& call) {
  if (auto refusal = refusal_of_query(call)) return std::unexpected(std::move(*refusal));
  return [key = call.account().key](store::Reader& reader) {
    const auto user = reader.accounts.find(key);
    return user ? success("Profile", profile_fields(*user).json()) : tokens_refused_response();
  };
}

Asked ask_vehicles(const ReadingRoom& /*room*/, const Call& call) {
  if (auto refusal = refusal_of_query(call)) return std::unexpected(std::move(*refusal));
  return [key = call.account().key](store::Reader& reader) {
    std::vector<Fields> rows;
    for (const store::UserVehicle& kept : reader.user_vehicles.of_user(key))
      rows.push_back(vehicle_fields(kept));
    Fields data;
    data.nested("vehicles", json_array(rows));
    return success("Vehicles", data.json());
  };
}

}  // namespace

void add_profile_endpoints(std::vector<Route>& routes, const Desk& desk) {
  const auto add = [&](Method method, std::string pattern,
                       Parsed (*parse)(const Desk&, const Call&),
                       Response (*show)(const engine::CallResult&)) {
    routes.push_back({method, std::move(pattern), Access::user, asking(desk, parse, show)});
  };
  add(Method::patch, "/api/user/profile/", parse_profile, profile_response);
  add(Method::post, "/api/user/vehicles/", parse_kept, vehicle_kept_response);
  add(Method::delete_, "/api/user/vehicles/", parse_dropped, vehicle_dropped_response);
  add(Method::patch, "/api/user/sessions/{id}/", parse_booking, booking_edited_response);
}

void add_profile_reading_endpoints(std::vector<Route>& routes, const ReadingRoom& room) {
  routes.push_back({Method::get, "/api/user/profile/", Access::user, reading(room, ask_profile)});
  routes.push_back({Method::get, "/api/user/vehicles/", Access::user, reading(room, ask_vehicles)});
}

}  // namespace gatehouse::api
