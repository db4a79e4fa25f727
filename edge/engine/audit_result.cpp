// What each result says a call was about, once it is decided.
#include "edge/engine/audit_about.hpp"

#include <fmt/format.h>

namespace gatehouse::engine {
namespace {

void tell(About& about, const TicketIssued& result) { about.target("session", result.session_id); }
void tell(About& about, const Entered& result) { about.target("session", result.session_id); }
void tell(About& about, const BillShown& result) {
  about.target("session", result.session_id);
  if (result.method) about.more(name(*result.method));
  about.more("charged " + result.sums.charge.rupees());
  if (result.sums.due > Paise(0)) about.more("due " + result.sums.due.rupees());
}
void tell(About& /*about*/, const BarrierMoved& /*result*/) {}
void tell(About& about, const ShiftShown& result) {
  about.target("shift", std::to_string(std::to_underlying(result.shift.key)));
  about.more("expected " + result.expected.rupees());
  if (result.shift.counted) about.more("counted " + result.shift.counted->rupees());
}
void tell(About& about, const TicketReplaced& result) {
  tell(about, result.bill);
  if (result.is_new) about.more("opened for it");
}
void tell(About& about, const Terminated& result) {
  about.target("session", result.session_id);
  about.more("written off " + result.written_off.rupees());
  about.more("refund " + result.refund.rupees());
}
void tell(About& about, const BookingCancelled& result) {
  about.target("session", result.session_id);
  about.more("refund " + result.refund.rupees());
}
void tell(About& about, const BookingMade& result) {
  about.target("session", result.session_id);
  about.more("asked " + result.amount.rupees());
}
void tell(About& about, const IncidentNoted& result) {
  about.target("incident", result.incident.id);
}
void tell(About& /*about*/, const IncidentsShown& /*result*/) {}

void tell(About& /*about*/, const TokensIssued& /*result*/) {}
void tell(About& /*about*/, const TokensRefused& /*result*/) {}
void tell(About& /*about*/, const SignedOut& /*result*/) {}
void tell(About& about, const AccountShown& result) { tell_account(about, result.user); }
void tell(About& about, const AccountRemoved& result) {
  tell_account(about, result.user);
  about.more(result.was_deleted ? "deleted" : "disabled");
}
void tell(About& /*about*/, const VehicleKept& /*result*/) {}
void tell(About& /*about*/, const VehicleDropped& /*result*/) {}
void tell(About& about, const BookingEdited& result) { about.target("session", result.session_id); }
void tell(About& about, const DataErased& result) {
  about.target("erasure", result.erasure.id);
  about.more(fmt::format("of {} sessions, {} incidents, {} scans", result.erasure.sessions,
                         result.erasure.incidents, result.erasure.scans));
}

void tell(About& about, const RefundMade& result) {
  about.target("refund", result.refund.id);
  about.target("payment", result.payment.id);
  about.target("session", result.session_id);
  about.more(name(result.payment.method));
  about.more("refund " + result.refund.amount.rupees());
  if (!result.credit_note.empty()) about.more("credit note " + result.credit_note);
}
void tell(About& about, const ExceptionResolved& result) {
  about.target("exception", result.exception.id);
  about.target("payment", result.payment_id);
  about.target("session", result.session_id);
  if (result.refund) tell(about, *result.refund);
}
void tell(About& about, const AlertAcknowledged& result) { about.target("alert", result.alert.id); }

void tell(About& about, const ZoneStored& result) {
  about.target("zone", result.zone.plan.id.text());
}
void tell(About& about, const SlotStored& result) { about.target("slot", result.slot.id.text()); }
void tell(About& about, const Removed& result) {
  about.more(result.is_closed ? "closed" : "deleted");
}
void tell(About& /*about*/, const SettingsStored& /*result*/) {}
void tell(About& /*about*/, const Rendered& /*result*/) {}

}  // namespace

void tell_result(About& about, const CallResult& result) {
  std::visit([&](const auto& said) { tell(about, said); }, result);
}

}  // namespace gatehouse::engine
