#include "edge/domain/tax.hpp"

#include "tests/support/aborts.hpp"

#include <string>
#include <tuple>

#include <catch2/catch.hpp>

using namespace gatehouse;
using std::chrono::sys_days;
using std::chrono::year;

TEST_CASE("a price that includes the tax is split in paise", "[domain][tax]") {
  const auto [total, percent, taxable, half, why] =
      GENERATE(table<int, std::uint32_t, int, int, std::string>({
          {5'000, 18, 4'238, 381, "₹50.00"},
          {10'000, 18, 8'474, 763, "₹100.00"},
          {15'000, 18, 12'712, 1'144, "₹150.00"},
          {0, 18, 0, 0, "nothing"},
          {1, 18, 1, 0, "one paisa has no tax to split"},
          {7, 18, 5, 1, "0.53 paise are one"},
          {118, 18, 100, 9, "no rounding"},
          {5'000, 0, 5'000, 0, "no tax"},
          {105, 5, 99, 3, "2.5 paise are three, half up"},
      }));
  CAPTURE(why);
  CHECK(tax_split(Paise(total), percent) == TaxSplit{Paise(taxable), Paise(half), Paise(half)});
}

TEST_CASE("a financial year begins on the first of April", "[domain][tax]") {
  const auto [date, expected] = GENERATE(table<sys_days, std::string>({
      {year{2026} / 3 / 31, "2526"},
      {year{2026} / 4 / 1, "2627"},
      {year{2026} / 12 / 31, "2627"},
      {year{2027} / 1 / 1, "2627"},
      {year{2027} / 3 / 31, "2627"},
      {year{2099} / 4 / 1, "9900"},
      {year{2009} / 4 / 1, "0910"},
  }));
  CHECK(financial_year(date) == expected);
}

TEST_CASE("a serial is series, year and seven digits, sixteen characters at most",
          "[domain][tax]") {
  const sys_days date = year{2026} / 11 / 20;
  CHECK(invoice_serial("G1", date, 123) == "G1/2627/0000123");
  CHECK(invoice_serial("G1", date, 9'999'999) == "G1/2627/9999999");
  CHECK(invoice_serial("G1", date, 10'000'000) == "G1/2627/10000000");
  CHECK(invoice_serial("ABC", date, 1) == "ABC/2627/0000001");
  CHECK(invoice_serial("ABC", date, 1).size() == serial_characters_max);
  CHECK(invoice_serial(credit_note_series("G1"), date, 1) == "C1/2627/0000001");
  CHECK(credit_note_series("G") == "C");
}

TEST_CASE("a serial that no authority would take is never made", "[domain][tax]") {
  using tests::aborts;
  const sys_days date = year{2026} / 11 / 20;
  CHECK(aborts([&] { (void)invoice_serial("LONG", date, 1); }));
  CHECK(aborts([&] { (void)invoice_serial("G1", date, 0); }));
  CHECK(aborts([] { (void)tax_split(Paise(-1), 18); }));
}
