#include "simulators/payments/mischief.hpp"

#include "simulators/payments/crypto.hpp"
#include "simulators/payments/notices.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::simulators;
using namespace std::chrono_literals;

namespace {

const Instant noon = std::chrono::sys_days(std::chrono::year{2026} / 11 / 20) + 12h;
const SimNotice notice{.url = "http://lot",
                       .event = "payment.captured",
                       .event_id = "e1",
                       .body = R"({"amount":5000})",
                       .headers = {{"X-Razorpay-Signature", "right"}}};

}  // namespace

TEST_CASE("what is asked for happens once, to the next", "[simulators][payments]") {
  PaymentMischief mischief(1);
  REQUIRE(mischief.next("lost_answer"));
  REQUIRE(mischief.next("busy"));
  REQUIRE(mischief.next("duplicate"));
  CHECK_FALSE(mischief.next("boredom"));
  CHECK(mischief.of_call().is_lost);
  CHECK(mischief.of_notice().copies > 1);
  CHECK(mischief.of_call().is_busy);
  const auto calm = mischief.of_call();
  CHECK_FALSE(calm.is_lost);
  CHECK_FALSE(calm.is_busy);
  CHECK(mischief.of_notice().copies == 1);
}

TEST_CASE("chance keeps its rate and its seed", "[simulators][payments]") {
  const auto lost = [](std::uint64_t seed) {
    PaymentMischief mischief(seed);
    REQUIRE(mischief.set_rate("lost_answer", 100'000));
    std::string course;
    for (int i = 0; i < 1'000; ++i) course += mischief.of_call().is_lost ? 'x' : '.';
    return course;
  };
  const auto one = lost(1);
  CHECK(one == lost(1));
  CHECK(one != lost(2));
  const auto count = std::count(one.begin(), one.end(), 'x');
  CHECK(count > 60);
  CHECK(count < 140);
}

TEST_CASE("a notification is repeated until somebody takes it", "[simulators][payments]") {
  NoticeQueue queue;
  queue.add(notice, {}, noon);
  const auto first = queue.take_due(noon);
  REQUIRE(first);
  CHECK_FALSE(queue.take_due(noon));  // it is under way
  queue.report(first->number, false, noon);
  CHECK_FALSE(queue.take_due(noon + 4s));
  CHECK(queue.next_at() == noon + 5s);
  const auto second = queue.take_due(noon + 5s);
  REQUIRE(second);
  CHECK(second->notice.body == notice.body);
  queue.report(second->number, false, noon + 5s);
  CHECK(queue.next_at() == noon + 15s);
  const auto third = queue.take_due(noon + 1min);
  queue.report(third->number, true, noon + 1min);
  CHECK(queue.waiting() == 0);
  CHECK(queue.delivered() == 1);
}

TEST_CASE("after a day of failures a webhook is off until it is switched on",
          "[simulators][payments]") {
  NoticeQueue queue;
  queue.add(notice, {}, noon);
  Instant now = noon;
  while (const auto next = queue.next_at()) {
    now = *next;
    queue.report(queue.take_due(now)->number, false, now);
  }
  CHECK(queue.is_off());
  CHECK(now < noon + 24h);
  CHECK(now > noon + 20h);
  queue.add(notice, {}, now);
  CHECK(queue.waiting() == 0);
  queue.switch_on(now);
  queue.add(notice, {}, now);
  CHECK(queue.waiting() == 1);
}

TEST_CASE("notifications come twice, late, never, and from others", "[simulators][payments]") {
  NoticeQueue queue;
  queue.add(notice, {.copies = 3}, noon);
  CHECK(queue.waiting() == 3);
  queue.add(notice, {.is_missing = true}, noon);
  CHECK(queue.waiting() == 3);
  queue.add(notice, {.is_forged = true}, noon);
  CHECK(queue.waiting() == 5);
  queue.add(notice, {.delay = 10s}, noon);
  int right = 0;
  int wrong = 0;
  while (const auto due = queue.take_due(noon + 9s))
    ++(due->notice.headers.front().second == "right" ? right : wrong);
  CHECK(right == 4);
  CHECK(wrong == 1);
  CHECK(queue.take_due(noon + 10s));
}

TEST_CASE("a forger changes the money and cannot sign", "[simulators][payments]") {
  const auto fake = forged(notice);
  CHECK(fake.body == R"({"amount":95000})");
  CHECK(fake.headers.front().second != sim_hmac_sha256("secret", fake.body));
  CHECK(fake.headers.front().second.size() == 64);
}

TEST_CASE("the simulator signs as the published vectors", "[simulators][payments]") {
  CHECK(sim_hmac_sha256("key_secret", "fake_order_id|fake_payment_id") ==
        "b2335e3b0801106b84a7faff035df56ecffde06918c9ddd1f0fafbb37a51cc89");
  CHECK(sim_sha256("username:password") ==
        "bc842c31a9e54efe320d30d948be61291f3ceee4766e36ab25fa65243cd76e0e");
  CHECK(sim_base64("key_id:key_secret") == "a2V5X2lkOmtleV9zZWNyZXQ=");
  for (const std::string bytes : {"", "f", "fo", "foo", "foobar"})
    CHECK(sim_from_base64(sim_base64(bytes)) == bytes);
}
