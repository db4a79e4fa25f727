#include "simulators/payments/razorpay_desk.hpp"

#include "simulators/payments/crypto.hpp"
#include "simulators/payments/razorpay_views.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string_view>

#include <fmt/format.h>

namespace gatehouse::simulators {
namespace {

using namespace std::chrono_literals;
using payments::Json;

constexpr std::size_t receipt_characters_max = 40;
constexpr auto link_life_min = 15min;
constexpr auto qr_life_min = 2min;
constexpr auto qr_life_max = 2h;

SimReply ok(const Json& json) { return {.body = json.dump()}; }

SimReply not_found() { return razorpay_error(400, "The id provided does not exist"); }

SimReply wrong_address() {
  return razorpay_error(404, "The requested URL was not found on the server.");
}

/// What is not documented is refused by name.
std::optional<SimReply> check_members(const Json& body,
                                      std::initializer_list<std::string_view> allowed) {
  if (!body.is_object()) return razorpay_error(400, "The request body is not a JSON object.");
  for (const auto& [name, value] : body.members()) {
    if (std::ranges::find(allowed, name) == allowed.end())
      return razorpay_error(400, name + " is/are not required and should not be sent", name);
  }
  return std::nullopt;
}

std::optional<SimReply> check_money(const Json& body, std::string_view amount_name,
                                    bool has_currency) {
  const auto amount = body[amount_name].whole();
  if (!amount) return razorpay_error(400, "The amount must be an integer.", amount_name);
  if (*amount < 100)
    return razorpay_error(400, "The amount must be at least INR 1.00", amount_name);
  if (has_currency && body["currency"].text() != "INR")
    return razorpay_error(400, "The currency is not supported.", "currency");
  return std::nullopt;
}

std::optional<SimReply> check_notes(const Json& notes) {
  constexpr std::size_t pairs_max = 15;
  constexpr std::size_t characters_max = 256;
  if (notes.is_null() || (notes.is_array() && notes.items().empty())) return std::nullopt;
  if (!notes.is_object() || notes.members().size() > pairs_max)
    return razorpay_error(400, "Number of fields in notes should be less than or equal to 15",
                          "notes");
  for (const auto& [name, value] : notes.members()) {
    if (!value.text() || value.text()->size() > characters_max)
      return razorpay_error(400, "notes value cannot be greater than 256 characters", "notes");
  }
  return std::nullopt;
}

std::optional<Instant> instant_of(const Json& json) {
  const auto seconds = json.whole();
  return seconds ? std::optional(Instant(std::chrono::seconds(*seconds))) : std::nullopt;
}

SimReply refusal(BookRefusal why) {
  switch (why) {
    case BookRefusal::unknown_order:
    case BookRefusal::unknown_payment:
      return not_found();
    case BookRefusal::amount_too_small:
      return razorpay_error(400, "The amount must be at least INR 1.00", "amount");
    case BookRefusal::id_taken:
      return razorpay_error(400, "The receipt or reference id has already been taken.", "receipt");
    case BookRefusal::not_payable:
      return razorpay_error(400, "This order cannot be paid.");
    case BookRefusal::already_captured:
      return razorpay_error(400, "This payment has already been captured.");
    case BookRefusal::not_authorized:
      return razorpay_error(
          400, "Only payments which have been authorized and not yet captured can be captured");
    case BookRefusal::capture_amount:
      return razorpay_error(400, "Capture amount must be equal to the amount authorized.",
                            "amount");
    case BookRefusal::not_captured:
      return razorpay_error(400, "The payment status should be captured for action to be taken");
    case BookRefusal::refund_too_much:
      return razorpay_error(400, "The refund amount provided is greater than amount captured.",
                            "amount");
    case BookRefusal::fully_refunded:
      return razorpay_error(400, "The payment has been fully refunded already.");
    case BookRefusal::already_ended:
      return razorpay_error(400,
                            "cannot cancel or expire an already paid, cancelled or expired link");
  }
  return razorpay_error(500, "We are facing some trouble");
}

bool is_idempotency_key(std::string_view key) {
  return std::ranges::all_of(key, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

}  // namespace

RazorpayDesk::RazorpayDesk(RazorpayKeys keys, DeskPlace place, std::uint64_t seed)
    : keys_(std::move(keys)), place_(std::move(place)), book_({}, seed) {}

SimReply RazorpayDesk::answer(const SimRequest& request, Instant now) {
  book_.pass(now);
  const auto credentials = sim_base64(keys_.key_id + ":" + keys_.key_secret);
  if (request.header("authorization") != "Basic " + credentials)
    return razorpay_error(401, "Authentication failed");
  auto words = path_words(request.path);
  if (words.size() < 2 || words[0] != "v1") return wrong_address();
  if (request.method != "GET" && request.method != "POST") return wrong_address();
  if (request.method == "POST" && !request.header("content-type").starts_with("application/json"))
    return razorpay_error(400, "The content type must be application/json.");
  words.erase(words.begin());
  if (words[0] == "orders") return answer_orders(SimOrderKind::order, words, request, now);
  if (words[0] == "payment_links") return answer_orders(SimOrderKind::link, words, request, now);
  if (words[0] == "payments" && words.size() > 1 && words[1] == "qr_codes") {
    words.erase(words.begin());
    return answer_orders(SimOrderKind::qr, words, request, now);
  }
  if (words[0] == "payments") return answer_payments(words, request, now);
  if (words[0] == "refunds" && request.method == "GET") return answer_refunds(words, request);
  if (request.path == "/v1/settlements/recon/combined" && request.method == "GET")
    return settlements(request);
  return wrong_address();
}

SimReply RazorpayDesk::create(SimOrderKind kind, const SimRequest& request, Instant now) {
  const auto body = Json::parse(request.body).value_or(Json());
  NewOrder order{.kind = kind};
  std::optional<SimReply> wrong;
  switch (kind) {
    case SimOrderKind::order:
      wrong = check_order(body, order);
      break;
    case SimOrderKind::link:
      wrong = check_link(body, order, now);
      break;
    case SimOrderKind::qr:
      wrong = check_qr(body, order, now);
      break;
  }
  if (!wrong) wrong = check_notes(body["notes"]);
  if (wrong) return *wrong;
  order.notes = body["notes"].dump();
  order.description = body["description"].text().value_or("");
  const auto made = book_.add_order(order, now);
  return made ? ok(view(book_.order(*made))) : refusal(made.error());
}

std::optional<SimReply> RazorpayDesk::check_order(const Json& body, NewOrder& order) const {
  if (auto wrong = check_members(
          body, {"amount", "currency", "receipt", "notes", "payment", "partial_payment"}))
    return wrong;
  if (auto wrong = check_money(body, "amount", true)) return wrong;
  order.amount = *body["amount"].whole();
  order.our_id = body["receipt"].text().value_or("");
  if (order.our_id.size() > receipt_characters_max)
    return razorpay_error(400, "The receipt may not be greater than 40 characters.", "receipt");
  const Json& payment = body["payment"];
  if (payment.is_null()) return std::nullopt;
  const auto& options = payment["capture_options"];
  const bool is_known =
      payment["capture"].text() == "automatic" || payment["capture"].text() == "manual";
  const bool has_time = options["automatic_expiry_period"].is_null() ||
                        options["automatic_expiry_period"].whole().value_or(0) >= 12;
  if (!is_known || !has_time)
    return razorpay_error(400, "The capture settings are invalid.", "payment");
  return std::nullopt;
}

std::optional<SimReply> RazorpayDesk::check_link(const Json& body, NewOrder& order,
                                                 Instant now) const {
  if (auto wrong = check_members(
          body, {"amount", "currency", "accept_partial", "first_min_partial_amount", "upi_link",
                 "description", "reference_id", "customer", "expire_by", "notify", "notes",
                 "callback_url", "callback_method", "reminder_enable"}))
    return wrong;
  if (auto wrong = check_money(body, "amount", true)) return wrong;
  order.amount = *body["amount"].whole();
  order.our_id = body["reference_id"].text().value_or("");
  if (order.our_id.size() > receipt_characters_max)
    return razorpay_error(400, "The reference id may not be greater than 40 characters.",
                          "reference_id");
  order.expires_at = instant_of(body["expire_by"]);
  if (order.expires_at && *order.expires_at < now + link_life_min)
    return razorpay_error(400, "expire_by should be at least 15 minutes after current time",
                          "expire_by");
  order.return_url = body["callback_url"].text().value_or("");
  if (!order.return_url.empty() && body["callback_method"].text() != "get")
    return razorpay_error(400, "The callback method must be get.", "callback_method");
  return std::nullopt;
}

std::optional<SimReply> RazorpayDesk::check_qr(const Json& body, NewOrder& order,
                                               Instant now) const {
  if (auto wrong = check_members(body, {"type", "name", "usage", "fixed_amount", "payment_amount",
                                        "description", "customer_id", "close_by", "notes"}))
    return wrong;
  if (body["type"].text() != "upi_qr")
    return razorpay_error(400, "The selected type is invalid.", "type");
  // The lane's kind only: that is what the lot may make.
  if (body["usage"].text() != "single_use")
    return razorpay_error(400, "The selected usage is invalid.", "usage");
  if (body["fixed_amount"].flag() != true)
    return razorpay_error(400, "fixed_amount should be true for usage single_use", "fixed_amount");
  if (auto wrong = check_money(body, "payment_amount", false)) return wrong;
  order.amount = *body["payment_amount"].whole();
  order.our_id = body["notes"]["payment_id"].text().value_or("");
  order.expires_at = instant_of(body["close_by"]);
  if (order.expires_at && *order.expires_at < now + qr_life_min)
    return razorpay_error(400, "close_by should be at least 2 minutes after current time",
                          "close_by");
  order.expires_at =
      std::min(order.expires_at.value_or(now + qr_life_max), now + Instant::duration(qr_life_max));
  return std::nullopt;
}

SimReply RazorpayDesk::answer_orders(SimOrderKind kind, const Words& words,
                                     const SimRequest& request, Instant now) {
  const bool is_post = request.method == "POST";
  if (words.size() == 1) return is_post ? create(kind, request, now) : list_orders(kind, request);
  const auto found = book_.order_by_id(words[1]);
  // A link's own order is an order too.
  const bool is_inner =
      found && kind == SimOrderKind::order && book_.order(*found).order_id == words[1];
  if (!found || (book_.order(*found).kind != kind && !is_inner)) return not_found();
  if (words.size() == 2 && !is_post) return ok(view(book_.order(*found)));
  if (words.size() != 3) return wrong_address();
  if (words[2] == "payments" && !is_post && kind != SimOrderKind::link)
    return list_payments(request, found);
  const bool is_end = (kind == SimOrderKind::link && words[2] == "cancel") ||
                      (kind == SimOrderKind::qr && words[2] == "close");
  if (!is_end || !is_post) return wrong_address();
  const auto cancelled = book_.cancel(*found, now);
  return cancelled ? ok(view(book_.order(*found))) : refusal(cancelled.error());
}

SimReply RazorpayDesk::answer_payments(const Words& words, const SimRequest& request, Instant now) {
  const bool is_post = request.method == "POST";
  if (words.size() == 1) return is_post ? wrong_address() : list_payments(request, std::nullopt);
  const auto found = book_.payment_by_id(words[1]);
  if (!found) return not_found();
  const SimPayment& payment = book_.payment(*found);
  if (words.size() == 2 && !is_post)
    return ok(razorpay_payment(payment, book_.order(payment.order)));
  if (words.size() == 3 && words[2] == "capture" && is_post) return capture(*found, request, now);
  if (words.size() == 3 && words[2] == "refund" && is_post) return refund(*found, request, now);
  if (words.size() < 3 || words[2] != "refunds" || is_post) return wrong_address();
  std::vector<Json> items;
  for (const SimRefund& each : book_.refunds()) {
    if (each.payment != *found) continue;
    if (words.size() == 4 && each.id == words[3]) return ok(refund_view(each));
    items.insert(items.begin(), refund_view(each));
  }
  return words.size() == 3 ? page_of(items, request) : not_found();
}

SimReply RazorpayDesk::capture(std::size_t payment, const SimRequest& request, Instant now) {
  const auto body = Json::parse(request.body).value_or(Json());
  if (auto wrong = check_members(body, {"amount", "currency"})) return *wrong;
  if (auto wrong = check_money(body, "amount", true)) return *wrong;
  const auto captured = book_.capture(payment, *body["amount"].whole(), now);
  if (!captured) return refusal(captured.error());
  const SimPayment& taken = book_.payment(payment);
  return ok(razorpay_payment(taken, book_.order(taken.order)));
}

SimReply RazorpayDesk::refund(std::size_t payment, const SimRequest& request, Instant now) {
  const auto body = Json::parse(request.body).value_or(Json());
  if (auto wrong = check_members(body, {"amount", "speed", "notes", "receipt"})) return *wrong;
  const auto key = request.header("x-refund-idempotency");
  if (!key.empty() && key.size() < 10)
    return razorpay_error(400, "The idempotency key must be at least 10 characters long.");
  if (!is_idempotency_key(key))
    return razorpay_error(
        400,
        "The idempotency key must only contain alphanumeric characters, underscores, and hyphens");
  const auto known = refund_keys_.find(key);
  if (!key.empty() && known != refund_keys_.end()) {
    if (known->second.first != request.path + request.body)
      return razorpay_error(
          409, "Different request with the same idempotency key has already been processed.");
    // The refund as it stands by now.
    const auto same = book_.refund_by_id(
        Json::parse(known->second.second.body).value_or(Json())["id"].text().value_or(""));
    return same ? ok(refund_view(book_.refund(*same))) : known->second.second;
  }
  const SimPayment& paid = book_.payment(payment);
  const auto amount = body["amount"].is_null() ? std::optional(paid.amount - paid.refunded)
                                               : body["amount"].whole();
  if (!amount) return razorpay_error(400, "The amount must be an integer.", "amount");
  const auto made = book_.refund(payment, *amount, body["receipt"].text().value_or(""), now);
  if (!made) return refusal(made.error());
  auto reply = ok(refund_view(book_.refund(*made)));
  if (!key.empty()) refund_keys_.emplace(key, std::pair(request.path + request.body, reply));
  return reply;
}

}  // namespace gatehouse::simulators
