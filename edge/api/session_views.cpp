#include "edge/api/session_views.hpp"

#include "edge/engine/stay_bill.hpp"

#include <algorithm>
#include <utility>

namespace gatehouse::api {
namespace {

engine::StayFacts facts_of(store::Reader& reader, const store::Session& session) {
  engine::StayFacts facts{.credits = reader.payments.credits(session.key)};
  if (!session.entry_clock_note) return facts;
  const store::ClockSpan span = reader.clock_notes.since(*session.entry_clock_note);
  facts.drift = span.drift;
  facts.net = span.net;
  facts.steady_is_known = span.complete;
  return facts;
}

/// What is asked of a session that is not inside: the booking's amount, or what it was settled at.
Paise asked_of(const store::Session& session) {
  if (session.state == SessionState::completed || session.state == SessionState::terminated)
    return session.quote ? session.quote->charge : Paise(0);
  return session.booked;
}

std::chrono::minutes length_of(const store::Session& session, const BillingRules& rules) {
  const auto ended = session.exit_time ? session.exit_time : session.closed_at;
  if (!session.entry_time || !ended) return std::chrono::minutes(0);
  const Instant until = session.chosen_stay ? *session.entry_time + *session.chosen_stay : *ended;
  return elapsed_minutes(*session.entry_time, until, rules.minute);
}

/// What the provider, or the lot itself, calls the newest payment that came.
std::string payment_reference(const SessionSeen& seen) {
  for (auto payment = seen.payments.rbegin(); payment != seen.payments.rend(); ++payment) {
    if (!is_captured(payment->state)) continue;
    return payment->provider_payment_id.empty() ? payment->id : payment->provider_payment_id;
  }
  return {};
}

std::vector<Fields> payment_rows(const SessionSeen& seen) {
  std::vector<Fields> rows;
  for (const store::Payment& payment : seen.payments)
    rows.push_back(payment_fields(payment, seen.session.id));
  return rows;
}

std::vector<Fields> refund_rows(const SessionSeen& seen) {
  std::vector<Fields> rows;
  for (const store::Refund& refund : seen.refunds) {
    const auto payment = std::ranges::find(seen.payments, refund.payment, &store::Payment::key);
    if (payment != seen.payments.end())
      rows.push_back(refund_fields(refund, *payment, seen.session.id));
  }
  return rows;
}

}  // namespace

SessionSeen look_at(store::Reader& reader, const engine::Premises& premises, store::Session session,
                    Instant now) {
  SessionSeen seen;
  seen.payments = reader.payments.of_session(session.key);
  seen.refunds = reader.payments.refunds_of_session(session.key);
  const engine::StayFacts facts = facts_of(reader, session);
  seen.paid = facts.credits;
  Paise asked = asked_of(session);
  if (is_inside(session.state)) {
    const engine::Bill bill = engine::bill_stay(premises, session, facts, now);
    seen.stayed = bill.stayed;
    seen.suspicion = bill.suspicion;
    seen.charge = asked = bill.sums.charge;
    seen.due = bill.sums.due;
  } else {
    seen.stayed = length_of(session, premises.billing);
    if (session.entry_time) seen.charge = asked;
    if (is_open(session)) seen.due = at_least_nothing(asked - facts.credits);
  }
  seen.status = session_payment_status(asked, facts.credits, engine::attempts_in(seen.payments));
  seen.session = std::move(session);
  return seen;
}

Fields payment_fields(const store::Payment& payment, const std::string& session_id) {
  Fields fields;
  fields.text("payment_id", payment.id)
      .text_or_null("session_id", session_id)
      .text_or_null("provider", payment.provider)
      .text_or_null("provider_payment_id", payment.provider_payment_id)
      .text_or_null("order_id", payment.order_id)
      .text("method", name(payment.method))
      .number("amount_paise", payment.amount.count())
      .text("status", name(payment.state))
      .time("created_at", payment.created_at)
      .time("paid_at", payment.paid_at);
  return fields;
}

Fields refund_fields(const store::Refund& refund, const store::Payment& payment,
                     const std::string& session_id) {
  Fields fields;
  fields.text("refund_id", refund.id)
      .text("payment_id", payment.id)
      .text_or_null("session_id", session_id)
      .text_or_null("provider", payment.provider)
      .text_or_null("provider_payment_id", payment.provider_payment_id)
      .text_or_null("provider_refund_id", refund.provider_refund_id)
      .text_or_null("order_id", payment.order_id)
      .text("method", name(payment.method))
      .number("amount_paise", refund.amount.count())
      .text("status", name(refund.state))
      .text("reason", refund.reason)
      .time("created_at", refund.created_at)
      .time("paid_at", refund.state == RefundState::success ? refund.ended_at : std::nullopt);
  return fields;
}

std::optional<Fields> order_fields(const SessionSeen& seen) {
  if (seen.payments.empty()) return std::nullopt;
  const store::Payment& payment = seen.payments.back();
  Fields fields;
  fields.text("payment_id", payment.id)
      .text_or_null("provider", payment.provider)
      .text("method", name(payment.method))
      .text("status", name(payment.state))
      .text_or_null("order_id", payment.order_id)
      .number("amount_paise", payment.amount.count())
      .time("expires_at", payment.expires_at);
  return fields;
}

Fields session_fields(const LotPlan& plan, const SessionSeen& seen, Viewer viewer) {
  const store::Session& session = seen.session;
  const ZonePlan& zone = plan.zone(session.zone);
  const bool is_staff = viewer == Viewer::staff;
  Fields fields;
  fields.text("session_id", session.id);
  if (is_staff) fields.number("number", std::to_underlying(session.key));
  fields.text("status", name(session.state))
      .text("kind", name(session.kind))
      .text("qr_code", session.code.text())
      .text_or_null("vehicle_number", session.vehicle ? session.vehicle->text() : "");
  if (is_staff) {
    fields.text("owner_name", session.owner_name).text("phone_number", session.phone_number);
  }
  fields.text_or_null("slot_number", session.slot ? plan.slot(*session.slot).id.text() : "")
      .text("zone_id", zone.id.text())
      .text("zone_name", zone.name)
      .time("created_at", session.created_at)
      .time("expires_at", session.expires_at)
      .time("entry_time", session.entry_time)
      .time("exit_time", session.exit_time)
      .flag("entry_qr_scanned", session.entry_time.has_value())
      .flag("exit_qr_scanned", session.exit_time || session.let_out_at)
      .number("duration_minutes", seen.stayed.count())
      .rupees("amount_so_far", seen.charge)
      .rupees("amount_paid", seen.paid)
      .rupees("amount_due", seen.due)
      .text("payment_status", name(seen.status))
      .text_or_null("payment_method", session.payment_method ? name(*session.payment_method) : "")
      .flag("is_paid", seen.is_paid())
      .text_or_null("payment_ref_id", payment_reference(seen));
  if (seen.suspicion) fields.nested("suspicion", json_text(name(*seen.suspicion)));
  fields.nested("payments", json_array(payment_rows(seen)))
      .nested("refunds", json_array(refund_rows(seen)));
  return fields;
}

}  // namespace gatehouse::api
