// Razorpay's lists, settlements and webhooks.
#include "simulators/payments/crypto.hpp"
#include "simulators/payments/razorpay_desk.hpp"
#include "simulators/payments/razorpay_views.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

#include <fmt/format.h>

namespace gatehouse::simulators {
namespace {

using payments::Json;

std::int64_t number_of(const SimRequest& request, const std::string& name, std::int64_t otherwise) {
  const auto text = request.argument(name);
  std::int64_t number = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

bool is_within(const SimRequest& request, Instant instant) {
  const auto at = unix_seconds(instant);
  return at >= number_of(request, "from", 0) && at <= number_of(request, "to", 4'765'046'400);
}

std::string_view event_name(BookEventKind kind) {
  switch (kind) {
    case BookEventKind::payment_authorized:
      return "payment.authorized";
    case BookEventKind::payment_captured:
      return "payment.captured";
    case BookEventKind::payment_failed:
      return "payment.failed";
    case BookEventKind::order_paid:
      return "order.paid";
    case BookEventKind::link_paid:
      return "payment_link.paid";
    case BookEventKind::link_cancelled:
      return "payment_link.cancelled";
    case BookEventKind::link_expired:
      return "payment_link.expired";
    case BookEventKind::order_expired:
      return "order.expired";
    case BookEventKind::qr_created:
      return "qr_code.created";
    case BookEventKind::qr_credited:
      return "qr_code.credited";
    case BookEventKind::qr_closed:
      return "qr_code.closed";
    case BookEventKind::refund_created:
      return "refund.created";
    case BookEventKind::refund_processed:
      return "refund.processed";
    case BookEventKind::refund_failed:
      return "refund.failed";
  }
  return "";
}

Json entity(const Json& json) { return Json::object().set("entity", json); }

}  // namespace

SimReply RazorpayDesk::page_of(const std::vector<Json>& newest_first,
                               const SimRequest& request) const {
  constexpr std::int64_t count_max = 100;
  const auto count = number_of(request, "count", 10);
  const auto skip = number_of(request, "skip", 0);
  if (count < 1 || count > count_max)
    return razorpay_error(400, "The count may not be greater than 100.", "count");
  std::vector<Json> page;
  for (auto i = static_cast<std::size_t>(std::max<std::int64_t>(skip, 0));
       i < newest_first.size() && page.size() < static_cast<std::size_t>(count); ++i)
    page.push_back(newest_first[i]);
  return {.body = razorpay_collection(page).dump()};
}

SimReply RazorpayDesk::list_orders(SimOrderKind kind, const SimRequest& request) const {
  std::vector<Json> items;
  const std::string filter = kind == SimOrderKind::link ? "reference_id" : "receipt";
  const auto wanted = kind == SimOrderKind::qr ? "" : request.argument(filter);
  for (auto each = book_.orders().rbegin(); each != book_.orders().rend(); ++each) {
    if (each->kind != kind || !is_within(request, each->created_at)) continue;
    if (wanted.empty() || each->our_id == wanted) items.push_back(view(*each));
  }
  if (kind != SimOrderKind::link) return page_of(items, request);
  Json links = Json::array();
  for (const Json& item : items) links.push(item);
  return {.body = Json::object().set("payment_links", links).dump()};
}

SimReply RazorpayDesk::list_payments(const SimRequest& request,
                                     std::optional<std::size_t> order) const {
  std::vector<Json> items;
  for (auto each = book_.payments().rbegin(); each != book_.payments().rend(); ++each) {
    if (order ? each->order != *order : !is_within(request, each->created_at)) continue;
    items.push_back(razorpay_payment(*each, book_.order(each->order)));
  }
  // Of one order all are listed.
  return order ? SimReply{.body = razorpay_collection(items).dump()} : page_of(items, request);
}

SimReply RazorpayDesk::answer_refunds(const Words& words, const SimRequest& request) const {
  std::vector<Json> items;
  for (auto each = book_.refunds().rbegin(); each != book_.refunds().rend(); ++each) {
    if (words.size() == 2 && each->id == words[1]) return {.body = refund_view(*each).dump()};
    if (is_within(request, each->created_at)) items.push_back(refund_view(*each));
  }
  return words.size() == 1 ? page_of(items, request)
                           : razorpay_error(400, "The id provided does not exist");
}

/// Settled on the day itself, which no bank is; the sums are Razorpay's.
SimReply RazorpayDesk::settlements(const SimRequest& request) const {
  const std::chrono::year_month_day day{
      std::chrono::year(static_cast<int>(number_of(request, "year", 1970))),
      std::chrono::month(static_cast<unsigned>(number_of(request, "month", 1))),
      std::chrono::day(static_cast<unsigned>(number_of(request, "day", 1)))};
  if (!day.ok()) return razorpay_error(400, "The day is invalid.", "day");
  const auto is_that_day = [&](Instant at) {
    return std::chrono::floor<std::chrono::days>(at) == std::chrono::sys_days(day);
  };
  const auto date =
      fmt::format("{:04}{:02}{:02}", static_cast<int>(day.year()),
                  static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
  std::vector<Json> rows;
  const auto row = [&](const std::string& id, std::string_view type, std::int64_t amount,
                       std::int64_t fee, bool is_credit, Instant at) {
    return Json::object()
        .set("entity_id", id)
        .set("type", type)
        .set("debit", is_credit ? 0 : amount)
        .set("credit", is_credit ? amount - fee : 0)
        .set("amount", amount)
        .set("currency", "INR")
        .set("fee", fee)
        .set("tax", fee * 18 / 118)
        .set("on_hold", false)
        .set("settled", true)
        .set("settled_at", unix_seconds(at))
        .set("settlement_id", fmt::format("setl_{}", date))
        .set("settlement_utr", fmt::format("UTR{}", date))
        .set("method", "upi");
  };
  for (const SimPayment& each : book_.payments()) {
    if (each.state != SimPaymentState::captured || !is_that_day(each.created_at)) continue;
    const SimOrder& order = book_.order(each.order);
    rows.push_back(
        row(each.id, "payment", each.amount, each.amount * 2 / 100, true, each.created_at)
            .set("order_id", order.kind == SimOrderKind::order ? Json(order.id) : Json())
            .set("order_receipt", order.our_id));
  }
  for (const SimRefund& each : book_.refunds()) {
    if (each.state == SimRefundState::processed && is_that_day(each.settles_at))
      rows.push_back(row(each.id, "refund", each.amount, 0, false, each.settles_at));
  }
  return page_of(rows, request);
}

std::vector<SimPayment> RazorpayDesk::captured_of(const SimOrder& order) const {
  std::vector<SimPayment> captured;
  for (const auto index : order.payments) {
    if (book_.payment(index).state == SimPaymentState::captured)
      captured.push_back(book_.payment(index));
  }
  return captured;
}

Json RazorpayDesk::view(const SimOrder& order) const {
  const auto captured = captured_of(order);
  switch (order.kind) {
    case SimOrderKind::order:
      return razorpay_order(order, captured.empty() ? 0 : captured.front().amount,
                            order.payments.size());
    case SimOrderKind::link:
      return razorpay_link(order, place_.public_url, captured);
    case SimOrderKind::qr:
      return razorpay_qr(order, place_.public_url, captured);
  }
  return {};
}

Json RazorpayDesk::refund_view(const SimRefund& refund) const {
  return razorpay_refund(refund, book_.payment(refund.payment).id);
}

std::vector<SimNotice> RazorpayDesk::take_notices(Instant now) {
  book_.pass(now);
  std::vector<SimNotice> notices;
  for (const BookEvent& event : book_.take_events()) {
    if (place_.webhook_url.empty()) continue;
    Json payload = Json::object();
    Json contains = Json::array();
    if (event.payment && event.order) {
      contains.push("payment");
      payload.set("payment", entity(razorpay_payment(*event.payment, *event.order)));
    }
    if (event.refund && event.payment) {
      contains.push("refund");
      payload.set("refund", entity(razorpay_refund(*event.refund, event.payment->id)));
    }
    const auto name = std::string(event_name(event.kind));
    if (event.order && !name.starts_with("payment.") && !event.refund) {
      const auto what = event.order->kind == SimOrderKind::order  ? "order"
                        : event.order->kind == SimOrderKind::link ? "payment_link"
                                                                  : "qr_code";
      contains.push(what);
      payload.set(what, entity(view(*event.order)));
    }
    const auto body = Json::object()
                          .set("entity", "event")
                          .set("account_id", "acc_GatehouseSim01")
                          .set("event", name)
                          .set("contains", contains)
                          .set("payload", payload)
                          .set("created_at", unix_seconds(event.at))
                          .dump();
    const auto event_id = fmt::format("sim{:011}", ++events_);
    notices.push_back(
        {.url = place_.webhook_url,
         .event = name,
         .event_id = event_id,
         .body = body,
         .headers = {{"Content-Type", "application/json"},
                     {"X-Razorpay-Signature", sim_hmac_sha256(keys_.webhook_secret, body)},
                     {"x-razorpay-event-id", event_id}}});
  }
  return notices;
}

std::string RazorpayDesk::return_address(std::size_t order,
                                         std::optional<std::size_t> payment) const {
  const SimOrder& each = book_.order(order);
  if (!payment) return each.return_url;
  const std::string& payment_id = book_.payment(*payment).id;
  if (each.kind == SimOrderKind::order) {
    // What the checkout hands to the page: there is no address to go to.
    return "?razorpay_order_id=" + each.id + "&razorpay_payment_id=" + payment_id +
           "&razorpay_signature=" + sim_hmac_sha256(keys_.key_secret, each.id + "|" + payment_id);
  }
  if (each.kind != SimOrderKind::link || each.return_url.empty()) return "";
  const std::string status = each.state == SimOrderState::paid ? "paid" : "created";
  const auto message = each.id + "|" + each.our_id + "|" + status + "|" + payment_id;
  const auto mark = each.return_url.find('?') == std::string::npos ? "?" : "&";
  return each.return_url + mark + "razorpay_payment_id=" + payment_id +
         "&razorpay_payment_link_id=" + each.id +
         "&razorpay_payment_link_reference_id=" + url_encoded(each.our_id) +
         "&razorpay_payment_link_status=" + status +
         "&razorpay_signature=" + sim_hmac_sha256(keys_.key_secret, message);
}

std::string RazorpayDesk::upi_uri(std::size_t order) const {
  const SimOrder& each = book_.order(order);
  return each.kind == SimOrderKind::qr ? razorpay_upi_uri(each) : "";
}

}  // namespace gatehouse::simulators
