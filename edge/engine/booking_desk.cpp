// A slot is promised before its car comes (docs/contract/http.md, "User", "Booking by guests",
// "Limits"): held at once, given to nobody else, and given back when the money does not come.
#include "edge/domain/invariant.hpp"
#include "edge/engine/allocation.hpp"
#include "edge/engine/desks.hpp"
#include "edge/engine/entry.hpp"
#include "edge/engine/money.hpp"

#include <algorithm>

namespace gatehouse::engine {
namespace {

// docs/contract/http.md, "Limits": per address or user.
constexpr std::uint32_t unpaid_bookings_max = 2;

/// The fee, or the quote of the hours from now.
Paise price_of(const Turn& turn, const BookSlot& asked) {
  const BillingRules& rules = turn.premises.billing;
  if (!asked.hours) return rules.booking_fee;
  return quote({turn.premises.plan.zone(asked.zone).rates, turn.premises.local}, rules,
               turn.now.utc, *asked.hours);
}

/// Whoever it is for may have gone since they were named.
bool is_booker_gone(Turn& turn, const BookSlot& asked) {
  if (!asked.booker) return false;
  const auto account = turn.books.accounts.find(*asked.booker);
  return !account || account->disabled;
}

bool is_of_booker(Turn& turn, const store::Session& session, const BookSlot& asked) {
  if (asked.booker) return session.created_by == asked.booker;
  return turn.books.unpaid_bookings.source_of(session.key) == asked.source;
}

/// Nobody keeps slots from others with bookings that nobody pays, or has to. `replaced` is about to
/// go.
bool holds_too_many(Turn& turn, const BookSlot& asked, const store::Session* replaced) {
  const std::uint32_t of_booker = asked.booker
                                      ? turn.books.unpaid_bookings.count_of(*asked.booker)
                                      : turn.books.unpaid_bookings.count_from(asked.source);
  const bool frees_one = replaced != nullptr && is_of_booker(turn, *replaced, asked);
  if (of_booker - (frees_one ? 1 : 0) >= unpaid_bookings_max) return true;
  const auto slots = static_cast<std::uint32_t>(
      std::ranges::count(turn.premises.plan.slots(), asked.zone, &SlotPlan::zone));
  const std::uint32_t of_zone = turn.books.sessions.unpaid_holds(asked.zone);
  const bool frees_here = replaced != nullptr && replaced->zone == asked.zone;
  return of_zone - (frees_here ? 1 : 0) >= unpaid_holds_max(turn.premises.billing, slots);
}

/// A slot for the booking: a free one, or the one that its vehicle's unpaid booking gives back.
std::optional<SlotIndex> slot_for(const Turn& turn, const BookSlot& asked,
                                  const store::Session* replaced) {
  if (const auto slot = first_free(turn, asked.zone)) return slot;
  if (replaced == nullptr || replaced->zone != asked.zone || !holds_slot(*replaced))
    return std::nullopt;
  return may_be_entered(turn, *replaced->slot) ? replaced->slot : std::nullopt;
}

PaymentAsked show(const store::Payment& payment) {
  return {.payment_id = payment.id,
          .provider = payment.provider,
          .state = payment.state,
          .order_id = payment.order_id,
          .amount = payment.amount,
          .expires_at = payment.expires_at};
}

BookingMade show(const Turn& turn, const store::Session& session) {
  return {.session_id = session.id,
          .code = session.code.text(),
          .qr_svg = turn.qr.svg(session.code.text()),
          .slot = turn.premises.plan.slot(*session.slot).id.text(),
          .zone_name = turn.premises.plan.zone(session.zone).name,
          .vehicle_number = session.vehicle->text(),
          .state = session.state,
          .amount = session.booked,
          .expires_at = session.expires_at,
          .payment = {}};
}

}  // namespace

CallOutcome decide(Turn& turn, Lanes& /*lanes*/, const Actor& /*actor*/, const BookSlot& asked) {
  if (turn.disk_is_scarce) return refused(Refusal::out_of_service);
  if (is_booker_gone(turn, asked)) return refused(Refusal::not_found);
  if (!turn.premises.plan.zone(asked.zone).active) return refused(Refusal::zone_closed);
  auto open = turn.books.sessions.find_open(asked.vehicle);
  if (open && open->state != SessionState::pending_payment) return refused(Refusal::vehicle_inside);
  const store::Session* const replaced = open ? &*open : nullptr;
  const Paise amount = price_of(turn, asked);
  const bool is_unpaid = amount > Paise(0);
  if (holds_too_many(turn, asked, replaced)) return refused(Refusal::too_many_holds);
  const auto slot = slot_for(turn, asked, replaced);
  if (!slot) return refused(Refusal::zone_full);
  // From here on it is made: what stands in its way goes.
  require(!is_vehicle_inside(turn, asked.vehicle), "an unpaid booking makes room");
  const store::Session session =
      issue_ticket(turn, {.vehicle = asked.vehicle,
                          .owner_name = asked.owner_name,
                          .phone_number = asked.phone_number,
                          .slot = *slot,
                          .created_by = asked.booker,
                          .created_gate = {},
                          .kind = asked.hours ? AdmissionKind::prepaid : AdmissionKind::deposit,
                          .prepaid_hours = asked.hours,
                          .booked = amount});
  BookingMade made = show(turn, session);
  if (!asked.booker) turn.books.unpaid_bookings.note(turn.transaction, session.key, asked.source);
  if (!is_unpaid) return made;
  made.payment = show(ask_online(turn, session, amount,
                                 {.provider = asked.provider, .expires_at = session.expires_at}));
  return made;
}

}  // namespace gatehouse::engine
