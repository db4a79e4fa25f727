// docs/contract/http.md, "User" and "Booking by guests": a slot is booked, by a user for
// themselves, by an administrator for anybody, by a guest who gets the id and the code as the
// secret.
#include "edge/api/account_form.hpp"
#include "edge/api/booking_views.hpp"
#include "edge/api/desk.hpp"
#include "edge/api/endpoints.hpp"
#include "edge/api/form.hpp"
#include "edge/domain/limits.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace gatehouse::api {
namespace {

constexpr int prepaid_hours_max = 72;
constexpr std::array<std::string_view, 2> providers = {"razorpay", "phonepe"};

std::string provider_in(Form& form) {
  auto provider = form.text("provider", Need::optional, 20);
  if (provider && std::ranges::find(providers, *provider) == providers.end())
    form.wrong("provider", "is razorpay or phonepe");
  return provider.value_or("");
}

/// The account a booking is made for: the caller's, or whom an administrator names.
std::optional<store::UserKey> booker_in(Form& form, const Desk& desk, const SignedIn& caller) {
  const auto named = caller.role == store::Role::admin
                         ? form.number("user", 1, std::numeric_limits<int>::max())
                         : std::nullopt;
  if (!named) return caller.key;
  const auto user = desk.accounts.find(store::UserKey(*named));
  if (!user || user->disabled) form.wrong("user", "is no account of this lot");
  return user ? std::optional(user->key) : std::nullopt;
}

/// What users and guests say alike.
std::expected<engine::BookSlot, Response> booking_in(Form& form, const Desk& desk, Need phone) {
  const auto vehicle = form.vehicle("vehicle_number", Need::required);
  auto owner = form.text("owner_name", Need::required, gatehouse::limits::name_characters_max);
  const auto zone_id = form.id("zone_id", Need::required);
  const auto hours = form.number("hours", 1, prepaid_hours_max);
  std::string phone_number = phone_in(form, "phone_number", phone).value_or("");
  if (!vehicle || !owner || !zone_id || !form.is_good()) return std::unexpected(form.refusal());
  const auto zone = desk.plan.find_zone(*zone_id);
  if (!zone) return std::unexpected(failure(404, "zone_not_found", "Zone not found"));
  engine::BookSlot booking{.vehicle = *vehicle,
                           .owner_name = std::move(*owner),
                           .phone_number = std::move(phone_number),
                           .zone = *zone,
                           .hours = {},
                           .provider = {},
                           .booker = {},
                           .source = {}};
  if (hours) booking.hours = std::chrono::hours(*hours);
  return booking;
}

Parsed parse_user_booking(const Desk& desk, const Call& call) {
  auto form = Form::of_body(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  std::string provider = provider_in(*form);
  const auto booker = booker_in(*form, desk, call.account());
  auto booking = booking_in(*form, desk, Need::optional);
  if (!booking) return std::unexpected(std::move(booking.error()));
  booking->provider = std::move(provider);
  booking->booker = booker;
  return std::move(*booking);
}

Parsed parse_guest_booking(const Desk& desk, const Call& call) {
  auto form = Form::of_body(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  auto booking = booking_in(*form, desk, Need::required);
  if (!booking) return std::unexpected(std::move(booking.error()));
  // Who is signed in all the same books for themselves.
  if (call.user && call.user->role == store::Role::user) booking->booker = call.user->key;
  booking->source = network_of(call.request.peer_address);
  return std::move(*booking);
}

}  // namespace

void add_booking_endpoints(std::vector<Route>& routes, const Desk& desk) {
  routes.push_back({Method::post, "/api/user/book-slot/", Access::user,
                    asking(desk, parse_user_booking, booking_response)});
  routes.push_back({Method::post, "/parking/api/booking/create/", Access::holder,
                    asking(desk, parse_guest_booking, booking_response)});
}

}  // namespace gatehouse::api
