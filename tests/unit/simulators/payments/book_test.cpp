#include "simulators/payments/book.hpp"

#include "simulators/random.hpp"

#include <set>
#include <string>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::simulators;
using namespace std::chrono_literals;

namespace {

const Instant noon = std::chrono::sys_days(std::chrono::year{2026} / 11 / 20) + 12h;

std::vector<BookEventKind> kinds(ProviderBook& book) {
  std::vector<BookEventKind> kinds;
  for (const BookEvent& event : book.take_events()) kinds.push_back(event.kind);
  return kinds;
}

using enum BookEventKind;

}  // namespace

TEST_CASE("money that is paid is the merchant's until it goes back", "[simulators][payments]") {
  ProviderBook book({}, 1);
  const auto order = *book.add_order({.our_id = "p-1", .amount = 5'000}, noon);
  const auto payment = *book.pay(order, SimOutcome::captured, noon);
  CHECK(book.balance() == 5'000);
  CHECK(book.order(order).state == SimOrderState::paid);
  CHECK(book.pay(order, SimOutcome::captured, noon).error() == BookRefusal::not_payable);
  const auto refund = *book.refund(payment, 2'000, "rf-1", noon);
  CHECK(book.balance() == 3'000);
  CHECK(book.refund(payment, 3'001, "rf-2", noon).error() == BookRefusal::refund_too_much);
  CHECK(book.refund(payment, 99, "rf-2", noon).error() == BookRefusal::amount_too_small);
  CHECK(book.refund(payment, 3'000, "rf-1", noon).error() == BookRefusal::id_taken);
  CHECK(book.refund(payment, 3'000, "rf-2", noon));
  CHECK(book.refund(payment, 100, "rf-3", noon).error() == BookRefusal::fully_refunded);
  CHECK(book.refund(refund, 100, "rf-3", noon).error() == BookRefusal::fully_refunded);
  CHECK(book.balance() == 0);
  book.pass(noon + 5s);
  CHECK(kinds(book) == std::vector{payment_captured, order_paid, refund_created, refund_created,
                                   refund_processed, refund_processed});
  CHECK(book.fault().empty());
}

TEST_CASE("a refund that fails gives the money back to the merchant", "[simulators][payments]") {
  ProviderBook book({}, 1);
  const auto payment = *book.pay(*book.add_order({.our_id = "p-1", .amount = 5'000}, noon),
                                 SimOutcome::captured, noon);
  book.fail_next_refund();
  const auto refund = *book.refund(payment, 5'000, "rf-1", noon);
  CHECK(book.balance() == 0);
  book.pass(noon + 1min);
  CHECK(book.refund(refund).state == SimRefundState::failed);
  CHECK(book.balance() == 5'000);
  CHECK(book.fault().empty());
}

TEST_CASE("a bank may answer late, after a failure", "[simulators][payments]") {
  ProviderBook book({}, 1);
  const auto order = *book.add_order({.our_id = "p-1", .amount = 5'000}, noon);
  const auto payment = *book.pay(order, SimOutcome::late_success, noon);
  CHECK(book.payment(payment).state == SimPaymentState::failed);
  book.pass(noon + 59s);
  CHECK(book.balance() == 0);
  book.pass(noon + 60s);
  CHECK(book.balance() == 5'000);
  CHECK(kinds(book) == std::vector{payment_failed, payment_captured, order_paid});
}

TEST_CASE("what comes late for an order that is paid goes back by itself",
          "[simulators][payments]") {
  ProviderBook book({}, 1);
  const auto order = *book.add_order({.our_id = "p-1", .amount = 5'000}, noon);
  REQUIRE(book.pay(order, SimOutcome::late_success, noon));
  REQUIRE(book.pay(order, SimOutcome::captured, noon + 1s));
  book.pass(noon + 2min);
  CHECK(book.balance() == 5'000);
  CHECK(book.refunds().size() == 1);
  CHECK(book.fault().empty());
}

TEST_CASE("no answer of the bank's is a failure after ten minutes", "[simulators][payments]") {
  ProviderBook book({}, 1);
  const auto order = *book.add_order({.our_id = "p-1", .amount = 5'000}, noon);
  const auto payment = *book.pay(order, SimOutcome::waiting, noon);
  book.pass(noon + 599s);
  CHECK(book.payment(payment).state == SimPaymentState::created);
  book.pass(noon + 600s);
  CHECK(book.payment(payment).state == SimPaymentState::failed);
  REQUIRE(book.answer_late(payment, SimOutcome::captured, noon + 1h));
  CHECK(book.balance() == 5'000);
  CHECK(book.answer_late(payment, SimOutcome::captured, noon + 1h).error() ==
        BookRefusal::already_captured);
}

TEST_CASE("money the bank holds is taken whole or not at all", "[simulators][payments]") {
  ProviderBook book({}, 1);
  const auto order = *book.add_order({.our_id = "p-1", .amount = 5'000}, noon);
  const auto payment = *book.pay(order, SimOutcome::authorized, noon);
  CHECK(book.balance() == 0);
  CHECK(book.refund(payment, 100, "rf-1", noon).error() == BookRefusal::not_captured);
  CHECK(book.capture(payment, 4'999, noon).error() == BookRefusal::capture_amount);
  SECTION("taken") {
    REQUIRE(book.capture(payment, 5'000, noon));
    CHECK(book.balance() == 5'000);
    CHECK(book.capture(payment, 5'000, noon).error() == BookRefusal::already_captured);
  }
  SECTION("let go after five days") {
    book.pass(noon + std::chrono::hours(5 * 24));
    CHECK(book.capture(payment, 5'000, noon).error() == BookRefusal::not_authorized);
  }
}

TEST_CASE("orders end as they say", "[simulators][payments]") {
  ProviderBook book({}, 1);
  const auto link = *book.add_order(
      {.our_id = "l-1", .kind = SimOrderKind::link, .amount = 100, .expires_at = noon + 15min},
      noon);
  const auto qr = *book.add_order(
      {.our_id = "q-1", .kind = SimOrderKind::qr, .amount = 100, .expires_at = noon + 5min}, noon);
  const auto cancelled =
      *book.add_order({.our_id = "l-2", .kind = SimOrderKind::link, .amount = 100}, noon);
  REQUIRE(book.cancel(cancelled, noon));
  CHECK(book.cancel(cancelled, noon).error() == BookRefusal::already_ended);
  CHECK(book.pay(qr, SimOutcome::captured, noon + 5min).error() == BookRefusal::not_payable);
  CHECK(book.pay(link, SimOutcome::captured, noon + 15min - 1ms));
  // A QR code ends without a word.
  CHECK(kinds(book) == std::vector{qr_created, link_cancelled, payment_captured, link_paid});
}

TEST_CASE("an id of the merchant's is used once, but for QR codes", "[simulators][payments]") {
  ProviderBook book({}, 1);
  CHECK(book.add_order({.our_id = "p-1", .amount = 100}, noon));
  CHECK(book.add_order({.our_id = "p-1", .amount = 100}, noon).error() == BookRefusal::id_taken);
  CHECK(book.add_order({.our_id = "q", .kind = SimOrderKind::qr, .amount = 100}, noon));
  CHECK(book.add_order({.our_id = "q", .kind = SimOrderKind::qr, .amount = 100}, noon));
  CHECK(book.add_order({.our_id = "p-2", .amount = 99}, noon).error() ==
        BookRefusal::amount_too_small);
}

TEST_CASE("whatever is done with a book, it adds up", "[simulators][payments]") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    ProviderBook book({}, seed);
    Random random(seed);
    Instant now = noon;
    for (int step = 0; step < 300; ++step) {
      now += std::chrono::seconds(random.below(120));
      const auto some = [&](std::size_t size) { return random.below(size + 1); };
      const auto amount = static_cast<std::int64_t>(random.below(6'000));
      switch (random.below(7)) {
        case 0:
          static_cast<void>(book.add_order({.our_id = std::to_string(step),
                                            .kind = static_cast<SimOrderKind>(random.below(3)),
                                            .amount = amount,
                                            .expires_at = now + 10min},
                                           now));
          break;
        case 1:
          static_cast<void>(
              book.pay(some(book.orders().size()), static_cast<SimOutcome>(random.below(5)), now));
          break;
        case 2:
          static_cast<void>(book.capture(some(book.payments().size()), amount, now));
          break;
        case 3:
          static_cast<void>(
              book.refund(some(book.payments().size()), amount, "rf" + std::to_string(step), now));
          break;
        case 4:
          static_cast<void>(book.cancel(some(book.orders().size()), now));
          break;
        case 5:
          static_cast<void>(book.answer_late(some(book.payments().size()),
                                             static_cast<SimOutcome>(random.below(3)), now));
          break;
        default:
          if (random.chance(100'000)) book.fail_next_refund();
          book.pass(now);
      }
      INFO("seed " << seed << ", step " << step);
      REQUIRE(book.fault() == "");
    }
  }
}

TEST_CASE("one seed makes one book", "[simulators][payments]") {
  std::set<std::string> ids;
  for (const std::uint64_t seed : {1U, 1U, 2U}) {
    ProviderBook book({}, seed);
    ids.insert(book.order(*book.add_order({.our_id = "p-1", .amount = 100}, noon)).id);
  }
  CHECK(ids.size() == 2);
}
