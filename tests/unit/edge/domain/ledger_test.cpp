#include "edge/domain/ledger.hpp"

#include "tests/support/aborts.hpp"

#include <string>
#include <tuple>

#include <catch2/catch.hpp>

using namespace gatehouse;
using enum Account;

namespace {

/// `customer>revenue 150` for each entry, from debit to credit.
std::string spelled(const LedgerEntries& entries) {
  std::string text;
  for (const LedgerEntry& entry : entries) {
    if (!text.empty()) text += ", ";
    text += name(entry.debit);
    text += '>';
    text += name(entry.credit);
    text += ' ';
    text += std::to_string(entry.amount.count());
  }
  return text;
}

Settlement settled(int charge, int credits, int refund) {
  return {.charge = Paise(charge), .credits = Paise(credits), .due = {}, .refund = Paise(refund)};
}

}  // namespace

TEST_CASE("every movement has its two accounts", "[domain][ledger]") {
  const auto [entries, expected, why] = GENERATE(table<LedgerEntries, std::string, std::string>({
      {payment_captured(drawer, Paise(100)), "drawer>customer 100", "cash"},
      {payment_captured(provider_razorpay, Paise(100)), "provider_razorpay>customer 100", "online"},
      {payment_captured(drawer, Paise(0)), "", "nothing moves nothing"},
      {pass_used(Paise(100)), "passes>customer 100", "a pass pays"},
      {settled_stay(settled(150, 150, 0)), "customer>revenue 150", "a stay, paid"},
      {settled_stay(settled(0, 0, 0)), "", "a free stay"},
      {settled_stay(settled(0, 50, 0)), "customer>revenue 50", "a fee is kept"},
      {settled_stay(settled(50, 100, 50)), "customer>revenue 50, customer>refunds_due 50",
       "early out of a prepaid booking"},
      {closed_without_stay(Paise(50), Paise(50)), "customer>refunds_due 50", "cancelled in time"},
      {closed_without_stay(Paise(50), Paise(0)), "customer>revenue 50", "expired, the fee kept"},
      {closed_without_stay(Paise(0), Paise(0)), "", "never paid"},
      {terminated_stay(Paise(150), Paise(50)), "customer>revenue 150, written_off>customer 100",
       "ended by staff, the due written off"},
      {terminated_stay(Paise(50), Paise(100)), "customer>revenue 100",
       "ended by staff, nothing given back"},
      {refund_requested(Paise(70)), "customer>refunds_due 70", "money that came twice"},
      {refund_of_revenue(Paise(70)), "revenue>refunds_due 70", "goodwill"},
      {refund_paid(provider_phonepe, Paise(70)), "refunds_due>provider_phonepe 70", "paid out"},
      {shift_opened(Paise(2000)), "drawer>safe 2000", "a float"},
      {shift_opened(Paise(0)), "", "no float"},
      {shift_closed(Paise(700), Paise(700)), "safe>drawer 700", "a drawer that fits"},
      {shift_closed(Paise(700), Paise(650)), "over_short>drawer 50, safe>drawer 650", "short"},
      {shift_closed(Paise(700), Paise(760)), "drawer>over_short 60, safe>drawer 760", "over"},
      {shift_closed(Paise(700), Paise(0)), "over_short>drawer 700", "an empty drawer"},
      {shift_closed(Paise(-30), Paise(0)), "drawer>over_short 30", "more paid out than came in"},
  }));
  CAPTURE(why);
  CHECK(spelled(entries) == expected);
}

TEST_CASE("the words of the accounts can be read back", "[domain][ledger]") {
  for (std::size_t i = 0; i < account_count; ++i) {
    CHECK(parse_account(name(Account(i))) == Account(i));
  }
  CHECK(name(passes) == "passes");
  CHECK_FALSE(parse_account("bank").has_value());
}

TEST_CASE("a balance is credits less debits", "[domain][ledger]") {
  const LedgerEntries entries = {{drawer, customer, Paise(100)}, {customer, revenue, Paise(60)}};
  CHECK(balance(customer, entries) == Paise(40));
  CHECK(balance(drawer, entries) == Paise(-100));
  CHECK(balance(written_off, entries) == Paise(0));
}

TEST_CASE("only the drawer and the providers hold money", "[domain][ledger]") {
  CHECK(holds_money(drawer));
  CHECK(holds_money(provider_razorpay));
  CHECK(holds_money(provider_phonepe));
  CHECK_FALSE(holds_money(customer));
  CHECK_FALSE(holds_money(refunds_due));
}

TEST_CASE("money neither appears nor vanishes by mistake", "[domain][ledger]") {
  using tests::aborts;
  const Settlement unpaid{.charge = Paise(100), .credits = {}, .due = Paise(100), .refund = {}};
  CHECK(aborts([&] { (void)settled_stay(unpaid); }));
  CHECK(aborts([] { (void)payment_captured(revenue, Paise(1)); }));
  CHECK(aborts([] { (void)refund_paid(customer, Paise(1)); }));
  CHECK(aborts([] { (void)closed_without_stay(Paise(50), Paise(51)); }));
  CHECK(aborts([] { (void)refund_requested(Paise(-1)); }));
  CHECK(aborts([] { (void)shift_opened(Paise(-1)); }));
  CHECK(aborts([] { (void)shift_closed(Paise(0), Paise(-1)); }));
}
