// What users change of their own: the vehicles they keep, a booking before entry
// (docs/contract/http.md, "User").
#include "edge/engine/desk_rules.hpp"
#include "edge/engine/desks.hpp"

#include <utility>

namespace gatehouse::engine {
namespace {

/// USER of it or ADMIN: to anybody else there is no such session.
bool may_edit(const Actor& actor, const store::Session& session) {
  return actor.is_admin || session.created_by == actor.user;
}

std::optional<Refusal> refusal_of_state(const Turn& turn, const store::Session& session) {
  if (session.state == SessionState::cancelled) return Refusal::booking_cancelled;
  if (session.state == SessionState::expired) return Refusal::booking_expired;
  if (session.state != SessionState::pending_payment && session.state != SessionState::booked)
    return Refusal::already_entered;
  if (session.expires_at && *session.expires_at <= turn.now.utc) return Refusal::booking_expired;
  return std::nullopt;
}

}  // namespace

CallOutcome decide(Turn& turn, Lanes& /*lanes*/, const Actor& actor, const KeepVehicle& asked) {
  store::UserVehicles& vehicles = turn.books.user_vehicles;
  if (auto known = vehicles.find(actor.user, asked.vehicle)) {
    known->name = asked.name;
    vehicles.rename(turn.transaction, known->key, known->name);
    return VehicleKept{std::move(*known), false};
  }
  if (std::ssize(vehicles.of_user(actor.user)) >= store::user_vehicles_max)
    return refused(Refusal::too_many_vehicles);
  store::UserVehicle kept{.key = {},
                          .user = actor.user,
                          .vehicle = asked.vehicle,
                          .name = asked.name,
                          .created_at = turn.now.utc};
  kept.key = vehicles.insert(turn.transaction, kept);
  return VehicleKept{std::move(kept), true};
}

CallOutcome decide(Turn& turn, Lanes& /*lanes*/, const Actor& actor, const DropVehicle& asked) {
  if (!turn.books.user_vehicles.remove(turn.transaction, actor.user, asked.vehicle))
    return refused(Refusal::not_found);
  return VehicleDropped{};
}

CallOutcome decide(Turn& turn, Lanes& /*lanes*/, const Actor& actor, const EditBooking& asked) {
  auto session = find(turn, asked.which);
  if (!session || !may_edit(actor, *session)) return refused(Refusal::invalid_qr);
  if (const auto why = refusal_of_state(turn, *session)) return refused(*why);
  if (asked.vehicle && asked.vehicle != session->vehicle) {
    const auto other = turn.books.sessions.find_open(*asked.vehicle);
    if (other && other->key != session->key) return refused(Refusal::vehicle_inside);
    session->vehicle = asked.vehicle;
  }
  if (asked.phone_number) session->phone_number = *asked.phone_number;
  turn.books.sessions.update(turn.transaction, *session);
  return BookingEdited{.session_id = session->id,
                       .vehicle_number = vehicle_name(*session),
                       .phone_number = session->phone_number,
                       .state = session->state};
}

}  // namespace gatehouse::engine
