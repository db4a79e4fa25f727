#include "edge/api/admin_views.hpp"

#include "edge/api/device_views.hpp"
#include "edge/api/results.hpp"
#include "edge/api/session_views.hpp"

#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace gatehouse::api {
namespace {

// What else is changed by an administrator is read by the next start of the process, which comes by
// itself (edge/engine/gates.cpp).
constexpr std::string_view soon = ". It takes effect within half a minute";

Response created(Response response, bool is_new) {
  if (is_new) response.status = 201;
  return response;
}

std::string time_of_day(std::chrono::minutes minute) {
  const auto two = [](auto number) { return std::to_string(100 + number).substr(1); };
  return two(minute.count() / 60) + ':' + two(minute.count() % 60);
}

std::string rates_json(const std::vector<RateBand>& bands) {
  std::vector<Fields> rows;
  for (const RateBand& band : bands) {
    Fields fields;
    fields.text("from", time_of_day(band.from))
        .text("to", time_of_day(band.to))
        .text("hourly_rate", band.hourly_rate.rupees());
    rows.push_back(std::move(fields));
  }
  return json_array(rows);
}

std::string outage_json(const std::optional<store::Outage>& outage) {
  if (!outage) return "null";
  Fields fields;
  fields.time("from", outage->from).time("to", outage->to).text("reason", outage->reason);
  return fields.json();
}

Fields made_fields(const engine::RefundMade& made) {
  Fields fields = refund_fields(made.refund, made.payment, made.session_id);
  fields.text_or_null("credit_note", made.credit_note);
  return fields;
}

}  // namespace

Fields exception_fields(const store::Exception& exception, const std::string& payment_id,
                        const std::string& session_id, const std::string& resolved_by) {
  Fields fields;
  fields.text("exception_id", exception.id)
      .text("kind", store::name(exception.kind))
      .text_or_null("payment_id", payment_id)
      .text_or_null("session_id", session_id)
      .number("amount_paise", exception.amount.count())
      .text("reason", exception.reason)
      .time("created_at", exception.created_at)
      .flag("resolved", exception.resolved_at.has_value())
      .time("resolved_at", exception.resolved_at)
      .text_or_null("action", exception.action ? store::name(*exception.action) : "")
      .text_or_null("resolved_by", resolved_by)
      .text_or_null("resolution", exception.resolution);
  return fields;
}

Fields acknowledged_fields(const store::Alert& alert, const std::string& acknowledged_by) {
  Fields fields = alert_fields(alert);
  fields.time("acknowledged_at", alert.acknowledged_at)
      .text_or_null("acknowledged_by", acknowledged_by);
  return fields;
}

Fields zone_row_fields(const store::ZoneRow& zone) {
  const ZonePlan& plan = zone.plan;
  Fields fields;
  fields.text("zone_id", plan.id.text())
      .text("name", plan.name)
      .text("hourly_rate", plan.rates.hourly_rate.rupees())
      .nested("rates", rates_json(plan.rates.bands))
      .flag("is_active", plan.active)
      .flag("walk_in", plan.walk_in)
      .number("total_slots", static_cast<std::int64_t>(zone.slots))
      .text("operating_hours", plan.operating_hours)
      .text("contact", plan.contact)
      .text("location", plan.location)
      .nested("features", json_array([&plan] {
                std::vector<std::string> features;
                for (const std::string& feature : plan.features)
                  features.push_back(json_text(feature));
                return features;
              }()));
  return fields;
}

Fields slot_row_fields(const store::SlotRow& slot, const std::optional<store::Outage>& outage) {
  Fields fields;
  fields.text("slot_id", slot.id.text())
      .text("zone_id", slot.zone)
      .flag("closed", slot.closed)
      .nested("out_of_service", outage_json(outage));
  return fields;
}

Response refund_response(const engine::CallResult& result) {
  const auto& made = result_of<engine::RefundMade>(result);
  const bool is_out = made.refund.state == RefundState::success;
  return created(
      success(is_out ? "₹" + made.refund.amount.rupees() + " paid out of your drawer"
                     : "₹" + made.refund.amount.rupees() + " will be given back by the provider",
              made_fields(made).json()),
      true);
}

Response exception_response(const engine::CallResult& result) {
  const auto& resolved = result_of<engine::ExceptionResolved>(result);
  Fields fields =
      exception_fields(resolved.exception, resolved.payment_id, resolved.session_id, resolved.user);
  fields.nested("refund", resolved.refund ? made_fields(*resolved.refund).json() : "null");
  return success("Resolved", fields.json());
}

Response alert_response(const engine::CallResult& result) {
  const auto& acknowledged = result_of<engine::AlertAcknowledged>(result);
  return success("Acknowledged", acknowledged_fields(acknowledged.alert, acknowledged.user).json());
}

Response zone_response(const engine::CallResult& result) {
  const auto& stored = result_of<engine::ZoneStored>(result);
  std::string message(stored.is_new ? "The zone is added" : "The zone is changed");
  return created(success(message + std::string(soon), zone_row_fields(stored.zone).json()),
                 stored.is_new);
}

Response slot_response(const engine::CallResult& result) {
  const auto& stored = result_of<engine::SlotStored>(result);
  const std::string message =
      stored.is_new ? "The slot is added" + std::string(soon) : "The slot is changed";
  return created(success(message, slot_row_fields(stored.slot, stored.outage).json()),
                 stored.is_new);
}

Response removed_response(const engine::CallResult& result) {
  const auto& removed = result_of<engine::Removed>(result);
  Fields fields;
  fields.text("id", removed.id)
      .flag("deleted", !removed.is_closed)
      .flag("closed", removed.is_closed);
  return success(
      (removed.is_closed ? "It has a history or a gate, and is closed" : "It is deleted") +
          std::string(soon),
      fields.json());
}

Response settings_response(const engine::CallResult& result) {
  static_cast<void>(result_of<engine::SettingsStored>(result));
  return success("The settings are changed" + std::string(soon), "{}");
}

}  // namespace gatehouse::api
