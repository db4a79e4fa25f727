#include "cloud-bridge/payments/pacing.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::payments;
using namespace std::chrono_literals;

TEST_CASE("waits double, within their upper half, up to the longest", "[payments][pacing]") {
  const BackOff back_off{.first = 1s, .longest = 8s};
  CHECK(back_off.wait(1, 0) == 500ms);
  CHECK(back_off.wait(1, 999'999) == 999ms);
  CHECK(back_off.wait(2, 0) == 1s);
  CHECK(back_off.wait(4, 0) == 4s);
  CHECK(back_off.wait(5, 0) == 4s);
  CHECK(back_off.wait(4'000'000'000U, 500'000) == 6s);
}

TEST_CASE("what the provider asks for is kept at least", "[payments][pacing]") {
  const BackOff back_off{.first = 1s, .longest = 8s};
  CHECK(back_off.wait(1, 0, 30s) == 30s);
  CHECK(back_off.wait(1, 500'000, 30s) == 30'250ms);
  CHECK(back_off.wait(4, 0, 1s) == 4s);
}

TEST_CASE("a budget lets a burst pass and then one after the other", "[payments][pacing]") {
  Budget budget(3, 1s);
  const Steady start(100s);
  for (int i = 0; i < 3; ++i) CHECK_FALSE(budget.take(start));
  CHECK(budget.take(start) == start + 1s);
  CHECK(budget.take(start + 999ms) == start + 1s);
  CHECK_FALSE(budget.take(start + 1s));
  CHECK(budget.take(start + 1s) == start + 2s);
  // Rested for long, the whole burst is there again, and no more.
  for (int i = 0; i < 3; ++i) CHECK_FALSE(budget.take(start + 100s));
  CHECK(budget.take(start + 100s));
}

TEST_CASE("a pending payment is asked about as PhonePe wants it", "[payments][pacing]") {
  CHECK(first_question == 20s);
  CHECK(next_question(20s) == 3s);
  CHECK(next_question(49s) == 3s);
  CHECK(next_question(50s) == 6s);
  CHECK(next_question(110s) == 10s);
  CHECK(next_question(170s) == 30s);
  CHECK(next_question(230s) == 60s);
  CHECK(next_question(19min) == 60s);
  CHECK_FALSE(next_question(20min));
}
