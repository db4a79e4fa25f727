#include "simulators/payments/provider.hpp"

#include "simulators/payments/pages.hpp"

#include <utility>

namespace gatehouse::simulators {
namespace {

using payments::Json;

constexpr std::string_view html = "text/html; charset=utf-8";

SimReply done(const Json& json) { return {.body = json.dump()}; }

SimReply wrong(const std::string& words) {
  return {.status = 400, .body = Json::object().set("error", words).dump()};
}

SimReply show(std::string page, int status = 200) {
  return {.status = status, .body = std::move(page), .content_type = std::string(html)};
}

/// As a page can: the codes of a link, of its inner order, or of the merchant's.
std::optional<std::size_t> find_order(const ProviderBook& book, const std::string& id) {
  const auto found = book.order_by_id(id);
  return found ? found : book.order_by_our_id(id);
}

}  // namespace

std::optional<SimOutcome> sim_outcome(const std::string& word) {
  if (word == "pay") return SimOutcome::captured;
  if (word == "authorize") return SimOutcome::authorized;
  if (word == "decline") return SimOutcome::failed;
  if (word == "wait") return SimOutcome::waiting;
  if (word == "late") return SimOutcome::late_success;
  return std::nullopt;
}

SimProvider::SimProvider(std::unique_ptr<ProviderDesk> desk, std::uint64_t seed)
    : desk_(std::move(desk)), mischief_(seed) {}

SimAnswer SimProvider::answer(const SimRequest& request, Instant real_now) {
  const Instant now = virtual_now(real_now);
  pass(real_now);
  if (request.path.starts_with("/_sim/")) {
    SimAnswer answer{.reply = control(request, real_now)};
    pass(real_now);
    return answer;
  }
  const bool is_page =
      request.path == "/" || request.path.starts_with("/pay/") || request.path == "/upi";
  SimAnswer answer =
      is_page ? SimAnswer{.reply = answer_page(request, now)} : answer_merchant(request, now);
  collect(now);
  return answer;
}

SimAnswer SimProvider::answer_merchant(const SimRequest& request, Instant now) {
  const auto course = mischief_.of_call();
  if (course.is_busy)
    return {
        .reply = {
            .status = 429,
            .body =
                R"({"code":"TOO_MANY_REQUESTS","error":{"code":"BAD_REQUEST_ERROR","description":"Too many requests"}})",
            .headers = {{"Retry-After", "2"}}}};
  const SimReply failure{.status = course.fails_before ? 503 : 502,
                         .body = "<html>Bad gateway</html>",
                         .content_type = std::string(html)};
  if (course.fails_before) return {.reply = failure};
  const auto orders_before = desk_->book().orders().size();
  SimAnswer answer{.reply = desk_->answer(request, now), .delay = course.delay};
  // The payer is quicker than the answer.
  if (course.pays_early && desk_->book().orders().size() > orders_before)
    static_cast<void>(desk_->book().pay(orders_before, SimOutcome::captured, now));
  if (course.fails_after) answer.reply = failure;
  if (course.is_garbled)
    answer.reply = {.body = "<html>Please log in to the network</html>",
                    .content_type = std::string(html)};
  answer.is_lost = course.is_lost;
  answer.hangs_up = course.hangs_up;
  return answer;
}

void SimProvider::pass(Instant real_now) { collect(virtual_now(real_now)); }

void SimProvider::collect(Instant now) {
  for (const SimNotice& notice : desk_->take_notices(now))
    notices_.add(notice, mischief_.of_notice(), now);
}

SimReply SimProvider::answer_page(const SimRequest& request, Instant now) {
  const ProviderBook& book = desk_->book();
  if (request.path == "/") return show(list_page(desk_->name(), book));
  if (request.path == "/upi") {
    // A code leads back to its order by `tr`; one of anybody else's is not ours to pay.
    const auto uri = request.argument("uri");
    const auto question = uri.find('?');
    const auto values = form_values(question == std::string::npos ? "" : uri.substr(question + 1));
    const auto tr = values.find("tr");
    const auto order = tr == values.end() ? std::nullopt : book.order_by_id(tr->second);
    if (!uri.starts_with("upi://pay?") || !order)
      return show(done_page(desk_->name(), "This code is not one of ours", uri), 404);
    return {.status = 303, .headers = {{"Location", "/pay/" + book.order(*order).id}}};
  }
  const auto id = request.path.substr(std::string_view("/pay/").size());
  const auto order = book.order_by_id(id);
  if (!order) return show(done_page(desk_->name(), "There is no such payment", id), 404);
  if (request.method == "POST") return pay_by_page(id, request, now);
  return show(pay_page(desk_->name(), book.order(*order), ""));
}

SimReply SimProvider::pay_by_page(const std::string& order_id, const SimRequest& request,
                                  Instant now) {
  ProviderBook& book = desk_->book();
  const auto order = book.order_by_id(order_id);
  auto form = form_values(request.body);
  const auto outcome = sim_outcome(form["outcome"]);
  if (!order || !outcome) return show(done_page(desk_->name(), "What became of it?", ""), 400);
  const auto paid = book.pay(*order, *outcome, now);
  if (!paid)
    return show(pay_page(desk_->name(), book.order(*order), "This cannot be paid any more"), 409);
  const bool has_paid = *outcome == SimOutcome::captured;
  const auto address =
      desk_->return_address(*order, has_paid ? std::optional(*paid) : std::nullopt);
  if (address.starts_with("http")) return {.status = 303, .headers = {{"Location", address}}};
  if (has_paid) return show(done_page(desk_->name(), "Paid", address));
  return show(pay_page(desk_->name(), book.order(*order), "Not paid"));
}

SimReply SimProvider::control(const SimRequest& request, Instant real_now) {
  const Instant now = virtual_now(real_now);
  if (request.path == "/_sim/ledger") return ledger();
  if (request.method != "POST") return {.status = 405, .body = "{}"};
  const auto body = Json::parse(request.body.empty() ? "{}" : request.body);
  if (!body || !body->is_object()) return wrong("no JSON object");
  if (request.path == "/_sim/pay") return control_pay(*body, now);
  if (request.path == "/_sim/mischief") return control_mischief(*body);
  if (request.path == "/_sim/pass") {
    const auto seconds = (*body)["seconds"].whole();
    if (!seconds || *seconds < 0) return wrong("seconds: a whole number");
    skipped_ += std::chrono::seconds(*seconds);
    return done(Json::object().set("seconds", *seconds));
  }
  if (request.path == "/_sim/fail_next_refund") {
    desk_->book().fail_next_refund();
    return done(Json::object());
  }
  if (request.path == "/_sim/webhooks_on") {
    notices_.switch_on(now);
    return done(Json::object());
  }
  return {.status = 404, .body = "{}"};
}

/// {"order":ID or our id, "outcome":…, "amount"?} pays; {"payment":ID,"outcome":…} is a bank that
/// answers late.
SimReply SimProvider::control_pay(const Json& body, Instant now) {
  ProviderBook& book = desk_->book();
  const auto outcome = sim_outcome(body["outcome"].text().value_or("pay"));
  if (!outcome) return wrong("outcome: pay, decline, wait, late or authorize");
  if (const auto payment_id = body["payment"].text()) {
    const auto payment = book.payment_by_id(*payment_id);
    if (!payment) return wrong("no such payment");
    const auto answered = book.answer_late(*payment, *outcome, now);
    return answered ? done(Json::object().set("payment_id", *payment_id)) : wrong("not any more");
  }
  const auto order = find_order(book, body["order"].text().value_or(""));
  if (!order) return wrong("no such order");
  const auto paid = book.pay(*order, *outcome, now, body["amount"].whole());
  if (!paid) return wrong("cannot be paid");
  return done(Json::object()
                  .set("payment_id", book.payment(*paid).id)
                  .set("order_id", book.order(*order).id)
                  .set("return", desk_->return_address(*order, *paid)));
}

/// {"rates":{"slow":20000},"next":["lost_answer"],"slow_ms":1500,"clear":true}
SimReply SimProvider::control_mischief(const Json& body) {
  if (body["clear"].flag().value_or(false)) mischief_.clear();
  if (const auto slow = body["slow_ms"].whole())
    mischief_.set_slow(std::chrono::milliseconds(*slow));
  for (const auto& [word, rate] : body["rates"].members()) {
    const auto per_million = rate.whole().value_or(-1);
    if (per_million < 0 || per_million > 1'000'000 ||
        !mischief_.set_rate(word, static_cast<std::uint32_t>(per_million)))
      return wrong(word + ": no mischief, or no rate in a million");
  }
  for (const Json& word : body["next"].items()) {
    if (!mischief_.next(word.text().value_or(""))) return wrong("next: no such mischief");
  }
  return done(Json::object());
}

SimReply SimProvider::ledger() const {
  const ProviderBook& book = desk_->book();
  Json payments = Json::array();
  for (const SimPayment& each : book.payments()) {
    static constexpr const char* states[] = {"created", "authorized", "captured", "failed"};
    payments.push(Json::object()
                      .set("id", each.id)
                      .set("order_id", book.order(each.order).id)
                      .set("our_id", book.order(each.order).our_id)
                      .set("amount", each.amount)
                      .set("refunded", each.refunded)
                      .set("state", states[static_cast<std::size_t>(each.state)]));
  }
  return done(Json::object()
                  .set("balance", book.balance())
                  .set("fault", book.fault())
                  .set("orders", book.orders().size())
                  .set("payments", payments)
                  .set("refunds", book.refunds().size())
                  .set("notices_waiting", notices_.waiting())
                  .set("notices_delivered", notices_.delivered())
                  .set("notices_failed", notices_.failed())
                  .set("webhooks_off", notices_.is_off()));
}

}  // namespace gatehouse::simulators
