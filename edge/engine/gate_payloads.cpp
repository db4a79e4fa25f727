#include "edge/engine/gate_payloads.hpp"

#include "edge/engine/json_object.hpp"

#include <utility>

#include <fmt/format.h>

namespace gatehouse::engine {
std::string decision_json(const LotPlan& plan, const DecisionFacts& facts) {
  JsonObject object;
  object.text("scan_id", facts.scan_id);
  object.text("gate", facts.gate);
  object.text("decision", name(facts.answer.kind));
  object.text("reason", name(facts.answer.reason));
  object.text("message", facts.message);
  object.number("update", facts.update);
  if (facts.session != nullptr) {
    const store::Session& session = *facts.session;
    object.text("session_id", session.id);
    if (session.vehicle) object.text("vehicle_number", session.vehicle->text());
    object.text("zone", plan.zone(session.zone).id.text());
    if (session.slot) object.text("slot", plan.slot(*session.slot).id.text());
  }
  if (facts.amount_due) object.number("amount_due_paise", facts.amount_due->count());
  object.text_if("code", facts.code);
  object.text_if("qr_svg", facts.qr_svg);
  object.text("ts", format_rfc3339(facts.at));
  return std::move(object).finish();
}

std::string scan_json(const store::Scan& scan) {
  JsonObject object;
  object.text("scan_id", scan.scan_id);
  object.text("gate", scan.gate);
  object.text("kind", store::name(scan.source));
  object.text_if("code", scan.code);
  if (scan.payment_method) object.text("payment_method", name(*scan.payment_method));
  object.text("ts", format_rfc3339(scan.received_at));
  return std::move(object).finish();
}

std::string_view name(BarrierState state) {
  switch (state) {
    case BarrierState::closed:
      return "closed";
    case BarrierState::opening:
      return "opening";
    case BarrierState::open:
      return "open";
    case BarrierState::closing:
      return "closing";
    case BarrierState::held:
      return "held";
    case BarrierState::locked:
      return "locked";
    case BarrierState::fault:
      return "fault";
    case BarrierState::unreachable:
      return "unreachable";
  }
  return "unreachable";
}

std::string barrier_json(std::string_view barrier, const BarrierShown& shown, Instant at) {
  JsonObject object;
  object.text("barrier", barrier);
  object.text("state", name(shown.state));
  object.flag("vehicle_present", shown.vehicle_present);
  object.flag("vehicle_under_arm", shown.vehicle_under_arm);
  if (shown.cycles) object.number("cycles", *shown.cycles);
  object.text("ts", format_rfc3339(at));
  return std::move(object).finish();
}

std::string alert_json(const store::Alert& alert) {
  JsonObject object;
  object.text("id", alert.id);
  object.text("kind", alert.kind);
  object.text("severity", store::name(alert.severity));
  object.text("subject", alert.subject);
  object.text("message", alert.message);
  object.text("ts", format_rfc3339(alert.cleared_at.value_or(alert.raised_at)));
  object.flag("cleared", alert.cleared_at.has_value());
  return std::move(object).finish();
}

std::string session_json(const LotPlan& plan, const store::Session& session) {
  JsonObject object;
  object.text("session_id", session.id);
  object.text("kind", name(session.kind));
  object.text("status", name(session.state));
  object.text("zone", plan.zone(session.zone).id.text());
  if (session.slot) object.text("slot", plan.slot(*session.slot).id.text());
  object.time("created_at", session.created_at);
  object.time("entry_time", session.entry_time);
  object.text_if("entry_gate", session.entry_gate);
  object.time("billing_time", session.billing_time);
  if (session.quote) object.number("charge_paise", session.quote->charge.count());
  object.time("exit_time", session.exit_time);
  object.text_if("exit_gate", session.exit_gate);
  return std::move(object).finish();
}

std::string payment_json(std::string_view session_id, const store::Payment& payment) {
  JsonObject object;
  object.text("payment_id", payment.id);
  object.text_if("session_id", session_id);
  object.text("provider", payment.provider);
  object.text("method", name(payment.method));
  object.number("amount_paise", payment.amount.count());
  return std::move(object).finish();
}

std::string refund_json(std::string_view session_id, const store::Payment& payment,
                        const store::Refund& refund) {
  JsonObject object;
  object.text("refund_id", refund.id);
  object.text("payment_id", payment.id);
  object.text_if("session_id", session_id);
  object.text("provider", payment.provider);
  object.number("amount_paise", refund.amount.count());
  object.text("reason", refund.reason);
  return std::move(object).finish();
}

std::string event_json(const EventFacts& facts) {
  JsonObject object;
  object.text("specversion", "1.0");
  object.text("id", fmt::format("{}-{}-{}", facts.lot, facts.epoch, facts.sequence));
  object.text("source", fmt::format("/lots/{}", facts.lot));
  object.text("type", facts.type);
  object.text("subject", facts.subject);
  object.text("time", format_rfc3339(facts.time));
  object.number("epoch", static_cast<std::int64_t>(facts.epoch));
  object.text("sequence", fmt::format("{:016}", facts.sequence));
  object.text("datacontenttype", "application/json");
  object.raw("data", facts.data);
  return std::move(object).finish();
}

}  // namespace gatehouse::engine
