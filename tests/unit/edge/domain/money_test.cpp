#include "edge/domain/money.hpp"

#include "tests/support/aborts.hpp"

#include <limits>
#include <string>
#include <type_traits>

#include <catch2/catch.hpp>
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

using namespace gatehouse;

TEST_CASE("an amount is rupees with at most two decimals", "[domain][money]") {
  const auto [text, paise] = GENERATE(table<std::string, std::int64_t>({
      {"0", 0},
      {"0.00", 0},
      {"0.01", 1},
      {"0.1", 10},
      {"50", 5'000},
      {"50.5", 5'050},
      {"50.00", 5'000},
      {"50.05", 5'005},
      {"007", 700},
      {"9999999.99", 999'999'999},
  }));
  CAPTURE(text);
  REQUIRE(Paise::parse(text).has_value());
  CHECK(Paise::parse(text)->count() == paise);
}

TEST_CASE("anything else is not an amount", "[domain][money]") {
  const auto text = GENERATE(as<std::string>{}, "", ".", "50.", ".50", "50.000", "-1", "+1", "1e3",
                             "1,000", "1 000", " 50", "50 ", "0x10", "50.0a", "5o", "₹50", "NaN",
                             "inf", "50.5.5", std::string("50\0", 3), "١٢");
  CAPTURE(text);
  REQUIRE_FALSE(Paise::parse(text).has_value());
  CHECK(Paise::parse(text).error() == MoneyError::not_an_amount);
}

TEST_CASE("an amount beyond seven digits of rupees is out of range", "[domain][money]") {
  const auto text = GENERATE(as<std::string>{}, "10000000", "10000000.00", "99999999999999999999",
                             std::string(10'000, '9'));
  REQUIRE_FALSE(Paise::parse(text).has_value());
  CHECK(Paise::parse(text).error() == MoneyError::out_of_range);
}

TEST_CASE("an amount is written with two decimals, minus first", "[domain][money]") {
  const auto [paise, text] = GENERATE(table<std::int64_t, std::string>({
      {0, "0.00"},
      {1, "0.01"},
      {10, "0.10"},
      {99, "0.99"},
      {100, "1.00"},
      {123'456'789, "1234567.89"},
      {-1, "-0.01"},
      {-150, "-1.50"},
      {std::numeric_limits<std::int64_t>::max(), "92233720368547758.07"},
      {std::numeric_limits<std::int64_t>::min(), "-92233720368547758.08"},
  }));
  CHECK(Paise(paise).rupees() == text);
}

TEST_CASE("amounts survive being written and read", "[domain][money]") {
  rc::prop("for every amount that may be read", [] {
    const Paise amount(*rc::gen::inRange<std::int64_t>(0, 1'000'000'000));
    RC_ASSERT(Paise::parse(amount.rupees()).value() == amount);
  });
}

TEST_CASE("no text makes reading an amount fail in any other way", "[domain][money]") {
  rc::prop("for any bytes", [](const std::string& text) {
    const auto amount = Paise::parse(text);
    if (amount) RC_ASSERT(amount->count() >= 0);
    if (amount) RC_ASSERT(amount->count() <= 999'999'999);
  });
}

TEST_CASE("money does not mix with bare numbers", "[domain][money]") {
  STATIC_REQUIRE_FALSE(std::is_convertible_v<std::int64_t, Paise>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<Paise, std::int64_t>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<double, Paise>);
}

TEST_CASE("money is added, taken away and multiplied in whole paise", "[domain][money]") {
  CHECK(Paise(150) + Paise(50) == Paise(200));
  CHECK(Paise(50) - Paise(150) == Paise(-100));
  CHECK(-Paise(50) == Paise(-50));
  CHECK(Paise(5'000) * 3 == Paise(15'000));
  Paise sum(100);
  sum += Paise(20);
  sum -= Paise(5);
  CHECK(sum == Paise(115));
  CHECK(at_least_nothing(Paise(-1)) == Paise(0));
  CHECK(at_least_nothing(Paise(1)) == Paise(1));
  STATIC_REQUIRE(Paise(2) * 3 - Paise(1) == Paise(5));
}

TEST_CASE("an amount for people leaves needless paise out", "[domain][money]") {
  const auto [paise, text] = GENERATE(table<std::int64_t, std::string>(
      {{10'000, "100"}, {10'050, "100.50"}, {10'005, "100.05"}, {0, "0"}, {-10'000, "-100"}}));
  CHECK(Paise(paise).short_rupees() == text);
}

TEST_CASE("a sum of money that fits no number stops the process", "[domain][money]") {
  const Paise most(std::numeric_limits<std::int64_t>::max());
  const Paise least(std::numeric_limits<std::int64_t>::min());
  CHECK(tests::aborts([&] { (void)(most + Paise(1)); }));
  CHECK(tests::aborts([&] { (void)(least - Paise(1)); }));
  CHECK(tests::aborts([&] { (void)(most * 2); }));
  CHECK(tests::aborts([&] { (void)(-least); }));
  CHECK_FALSE(tests::aborts([&] { (void)(most - Paise(1)); }));
}
