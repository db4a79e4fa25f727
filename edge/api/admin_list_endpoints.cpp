// docs/contract/http.md, "Admin": lists of payments, refunds, sessions, scans, alerts and devices.
#include "edge/api/admin_views.hpp"
#include "edge/api/device_views.hpp"
#include "edge/api/endpoints.hpp"
#include "edge/api/listing.hpp"
#include "edge/api/reading.hpp"

#include <array>
#include <string>
#include <utility>

namespace gatehouse::api {
namespace {

constexpr std::size_t search_characters_max = 100;
constexpr std::size_t kind_characters_max = 40;

std::optional<std::string> parse_provider(std::string_view text) {
  if (text == "razorpay" || text == "phonepe") return std::string(text);
  return std::nullopt;
}

std::string session_id_of(store::Reader& reader, const std::optional<store::SessionKey>& session) {
  return session ? reader.lists.id_of(*session) : std::string();
}

std::string name_of(store::Reader& reader, const std::optional<store::UserKey>& user) {
  const auto account = user ? reader.accounts.find(*user) : std::nullopt;
  return account ? account->username : std::string();
}

/// By method: how much came, and what of it was promised back.
std::string totals_json(const std::vector<store::MethodTotal>& totals) {
  Fields by_method;
  for (const store::MethodTotal& total : totals) {
    Fields fields;
    fields.number("payments", static_cast<std::int64_t>(total.payments))
        .number("amount_paise", total.amount.count())
        .number("refunded_paise", total.refunded.count());
    by_method.nested(name(total.method), fields.json());
  }
  return by_method.json();
}

Asked ask_payments(const ReadingRoom& room, const Call& call) {
  auto form = Form::of_query(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  const Paging paging = paging_in(*form, Export::csv);
  store::PaymentFilter filter;
  filter.created = period_in(*form, {"", "start_date", "end_date"}, room.today());
  filter.method = word_in(*form, "method", parse_payment_method);
  filter.provider = word_in(*form, "provider", parse_provider).value_or("");
  filter.state = word_in(*form, "status", parse_payment_state);
  if (!form->is_good()) return std::unexpected(form->refusal());
  return [paging, filter](store::Reader& reader) {
    const auto found = reader.lists.payments(filter, paging.rows());
    if (auto refusal = refuse_long_export(paging, found.total)) return std::move(*refusal);
    Listed listed{.plural = "payments", .total = found.total};
    for (const store::PaymentKey key : found.keys) {
      if (const auto payment = reader.payments.find(key))
        listed.rows.push_back(payment_fields(*payment, session_id_of(reader, payment->session)));
    }
    listed.empty = payment_fields({}, "");
    listed.more.nested("totals", totals_json(reader.lists.totals(filter)));
    return list_response(paging, std::move(listed));
  };
}

Asked ask_refunds(const ReadingRoom& room, const Call& call) {
  auto form = Form::of_query(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  const Paging paging = paging_in(*form, Export::csv);
  store::RefundFilter filter;
  filter.created = period_in(*form, {"", "from", "to"}, room.today());
  filter.state = word_in(*form, "status", parse_refund_state);
  if (!form->is_good()) return std::unexpected(form->refusal());
  return [paging, filter](store::Reader& reader) {
    const auto found = reader.lists.refunds(filter, paging.rows());
    if (auto refusal = refuse_long_export(paging, found.total)) return std::move(*refusal);
    Listed listed{.plural = "refunds", .total = found.total};
    for (const store::RefundKey key : found.keys) {
      const auto refund = reader.payments.find(key);
      const auto payment = refund ? reader.payments.find(refund->payment) : std::nullopt;
      if (payment)
        listed.rows.push_back(
            refund_fields(*refund, *payment, session_id_of(reader, payment->session)));
    }
    listed.empty = refund_fields({}, {}, "");
    return list_response(paging, std::move(listed));
  };
}

Asked ask_sessions(const ReadingRoom& room, const Call& call) {
  auto form = Form::of_query(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  const Paging paging = paging_in(*form, Export::csv);
  store::SessionFilter filter;
  filter.state = word_in(*form, "status", parse_session_state);
  filter.created = period_in(*form, {"date", "from", "to"}, room.today());
  if (const auto username = form->text("user", Need::optional, search_characters_max)) {
    const auto user = room.accounts.find(*username);
    if (user) filter.user = user->key;
    if (!user) form->wrong("user", "is the name of no account");
  }
  filter.zone = zone_in(*form, "zone_id", room.premises.plan);
  filter.vehicle = form->vehicle("vehicle_number", Need::optional);
  filter.search = form->text("q", Need::optional, search_characters_max).value_or("");
  if (!form->is_good()) return std::unexpected(form->refusal());
  return [&room, paging, filter](store::Reader& reader) {
    return sessions_response(room, reader, paging, filter, Viewer::staff);
  };
}

Fields scan_fields(const store::Scan& scan, const std::string& session_id) {
  Fields fields;
  fields.text("gate", scan.gate)
      .text("scan_id", scan.scan_id)
      .text("kind", store::name(scan.source))
      .text("code", scan.code)
      .text_or_null("session_id", session_id)
      .time("received_at", scan.received_at)
      .time("device_ts", scan.device_ts)
      .text_or_null("payment_method", scan.payment_method ? name(*scan.payment_method) : "")
      .text_or_null("decision", scan.answer ? name(scan.answer->decision) : "")
      .text_or_null("reason", scan.answer ? name(scan.answer->reason) : "")
      .time("decided_at", scan.answer ? std::optional(scan.answer->at) : std::nullopt);
  return fields;
}

Asked ask_scans(const ReadingRoom& room, const Call& call) {
  auto form = Form::of_query(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  const Paging paging = paging_in(*form, Export::csv);
  store::ScanFilter filter;
  filter.received = period_in(*form, {"date", "from", "to"}, room.today());
  filter.gate = form->text("gate", Need::optional, search_characters_max).value_or("");
  // Of a filter it is a wrong word like any other.
  if (!filter.gate.empty() && !room.premises.gates.find_gate(filter.gate))
    form->wrong("gate", "is no gate of this lot");
  filter.decision = word_in(*form, "decision", parse_decision_kind);
  if (!form->is_good()) return std::unexpected(form->refusal());
  return [paging, filter](store::Reader& reader) {
    const auto found = reader.lists.scans(filter, paging.rows());
    if (auto refusal = refuse_long_export(paging, found.total)) return std::move(*refusal);
    Listed listed{.plural = "scans", .total = found.total};
    for (const store::ScanKey key : found.keys) {
      if (const auto scan = reader.scans.find(key))
        listed.rows.push_back(scan_fields(*scan, session_id_of(reader, scan->session)));
    }
    listed.empty = scan_fields({}, "");
    return list_response(paging, std::move(listed));
  };
}

Asked ask_alerts(const ReadingRoom& room, const Call& call) {
  auto form = Form::of_query(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  const Paging paging = paging_in(*form, Export::csv);
  store::AlertFilter filter;
  filter.raised = period_in(*form, {"date", "from", "to"}, room.today());
  filter.kind = form->text("kind", Need::optional, kind_characters_max).value_or("");
  filter.severity = word_in(*form, "severity", store::parse_severity);
  filter.open = flag_in(*form, "open");
  filter.acknowledged = flag_in(*form, "acknowledged");
  if (!form->is_good()) return std::unexpected(form->refusal());
  return [paging, filter](store::Reader& reader) {
    const auto found = reader.lists.alerts(filter, paging.rows());
    if (auto refusal = refuse_long_export(paging, found.total)) return std::move(*refusal);
    Listed listed{.plural = "alerts", .total = found.total};
    for (const store::AlertKey key : found.keys) {
      if (const auto alert = reader.alerts.find(key))
        listed.rows.push_back(acknowledged_fields(*alert, name_of(reader, alert->acknowledged_by)));
    }
    listed.empty = acknowledged_fields({}, "");
    return list_response(paging, std::move(listed));
  };
}

Asked ask_exceptions(const ReadingRoom& room, const Call& call) {
  auto form = Form::of_query(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  const Paging paging = paging_in(*form, Export::csv);
  store::ExceptionFilter filter;
  filter.created = period_in(*form, {"date", "from", "to"}, room.today());
  filter.kind = word_in(*form, "kind", store::parse_exception_kind);
  filter.open = flag_in(*form, "open");
  if (!form->is_good()) return std::unexpected(form->refusal());
  return [paging, filter](store::Reader& reader) {
    const auto found = reader.lists.exceptions(filter, paging.rows());
    if (auto refusal = refuse_long_export(paging, found.total)) return std::move(*refusal);
    Listed listed{.plural = "exceptions", .total = found.total};
    for (const store::ExceptionKey key : found.keys) {
      const auto exception = reader.exceptions.find(key);
      if (!exception) continue;
      const auto payment =
          exception->payment ? reader.payments.find(*exception->payment) : std::nullopt;
      listed.rows.push_back(exception_fields(*exception, payment ? payment->id : "",
                                             session_id_of(reader, exception->session),
                                             name_of(reader, exception->resolved_by)));
    }
    listed.empty = exception_fields({}, "", "", "");
    return list_response(paging, std::move(listed));
  };
}

Asked ask_devices(const ReadingRoom& room, const Call& call) {
  auto form = Form::of_query(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  const Paging paging = paging_in(*form, Export::csv);
  const DeviceFilter filter{.kind = word_in(*form, "kind", parse_device_kind),
                            .state = word_in(*form, "state", parse_device_state),
                            .zone = zone_in(*form, "zone_id", room.premises.plan)};
  if (!form->is_good()) return std::unexpected(form->refusal());
  return [&room, paging, filter](store::Reader& reader) {
    return list_response(paging, page_of_devices(room, reader, filter, paging));
  };
}

}  // namespace

void add_admin_list_endpoints(std::vector<Route>& routes, const ReadingRoom& room) {
  const auto add = [&](std::string pattern, auto ask) {
    routes.push_back({Method::get, std::move(pattern), Access::admin, reading(room, ask)});
  };
  add("/api/admin/payments/", ask_payments);
  add("/api/admin/refunds/", ask_refunds);
  add("/api/admin/all-sessions/", ask_sessions);
  add("/api/admin/scans/", ask_scans);
  add("/api/admin/alerts/", ask_alerts);
  add("/api/admin/devices/", ask_devices);
  add("/api/admin/exceptions/", ask_exceptions);
}

}  // namespace gatehouse::api
