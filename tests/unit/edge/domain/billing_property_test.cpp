// What holds of every stay and every story of money, however long and however priced.
#include "edge/domain/billing.hpp"
#include "edge/domain/ledger.hpp"
#include "edge/domain/settlement.hpp"
#include "edge/domain/tax.hpp"
#include "tests/unit/edge/domain/stays.hpp"

#include <algorithm>
#include <numeric>

#include <catch2/catch.hpp>
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

using namespace gatehouse;
using namespace gatehouse::tests;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

Paise any_amount(std::int64_t below = 100'000) {
  return Paise(*rc::gen::inRange<std::int64_t>(0, below));
}

/// Rates with bands from cuts of the day: they touch, leave gaps, and may run over midnight.
Rates any_rates() {
  Rates rates{any_amount(), {}};
  auto cuts = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 24 * 60));
  std::ranges::sort(cuts);
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
  if (cuts.size() < 2) return rates;
  for (std::size_t i = 0; i < cuts.size(); ++i) {
    if (*rc::gen::arbitrary<bool>()) continue;
    const int end = cuts[(i + 1) % cuts.size()];
    rates.bands.push_back({minutes(cuts[i]), minutes(end), any_amount()});
  }
  return rates;
}

BillingRules any_rules() {
  BillingRules rules;
  rules.grace = minutes(*rc::gen::inRange(0, 30));
  rules.minute = seconds(*rc::gen::element(1, 7, 60));
  if (*rc::gen::arbitrary<bool>()) rules.daily_cap = any_amount(500'000);
  return rules;
}

Instant any_instant() { return at_wall(0h) + minutes(*rc::gen::inRange(0, 7 * 24 * 60)); }
minutes any_stay() { return minutes(*rc::gen::inRange(0, 4 * 24 * 60)); }

Instant after(Instant entry, minutes stayed, const BillingRules& rules) {
  return entry + stayed.count() * rules.minute;
}

/// The same price list with one band cut in two, or with a band written where none was needed.
Rates cut_anew(Rates rates) {
  if (rates.bands.empty()) {
    rates.bands.push_back({minutes(9 * 60), minutes(17 * 60), rates.hourly_rate});
    return rates;
  }
  const auto at = *rc::gen::inRange<std::size_t>(0, rates.bands.size());
  const RateBand whole = rates.bands[at];
  const auto length = (whole.to - whole.from + 24h) % 24h;
  const auto cut =
      (whole.from + minutes(*rc::gen::inRange(0, static_cast<int>(length.count()) + 1))) % 24h;
  rates.bands[at] = {whole.from, cut, whole.hourly_rate};
  rates.bands.push_back({cut, whole.to, whole.hourly_rate});
  std::ranges::rotate(rates.bands, rates.bands.begin() + 1);
  return rates;
}

}  // namespace

TEST_CASE("a charge is never negative, and its receipt adds up", "[domain][billing]") {
  rc::prop("for any stay at any rates", [] {
    const Rates rates = any_rates();
    const BillingRules rules = any_rules();
    const Instant entry = any_instant();
    const Instant until = after(entry, any_stay() - 2h, rules);
    const Charge charge = charge_until({rates, india}, rules, entry, until);

    Paise sum;
    hours counted{0};
    for (const RateLine& line : charge.lines) {
      RC_ASSERT(line.amount == line.hourly_rate * line.hours.count());
      sum += line.amount;
      counted += line.hours;
    }
    RC_ASSERT(charge.total >= Paise(0));
    RC_ASSERT(charge.capped >= Paise(0));
    RC_ASSERT(charge.total + charge.capped == sum);
    RC_ASSERT(charge.hours == counted);
    RC_ASSERT(charge.lines.size() <= rates.bands.size() + 1);
  });
}

TEST_CASE("whoever stays longer never pays less", "[domain][billing]") {
  rc::prop("for any two stays from one entry", [] {
    const Rates rates = any_rates();
    const BillingRules rules = any_rules();
    const Instant entry = any_instant();
    const minutes shorter = any_stay();
    const minutes longer = shorter + any_stay();
    RC_ASSERT(cost(rates, entry, after(entry, shorter, rules), rules) <=
              cost(rates, entry, after(entry, longer, rules), rules));
  });
}

TEST_CASE("billed hours are what counting on fingers says", "[domain][billing]") {
  rc::prop("an hour begins with each sixty minutes that the grace does not cover", [] {
    const int stayed = *rc::gen::inRange(0, 10'000);
    const int grace = *rc::gen::inRange(0, 60);
    int counted = 0;
    while (stayed > grace + 60 * counted) ++counted;
    RC_ASSERT(billed_hours(minutes(stayed), minutes(grace)) == hours(counted));
  });
}

TEST_CASE("a charge does not depend on how the day is cut into bands", "[domain][billing]") {
  rc::prop("a band cut in two, in any order, costs the same", [] {
    const Rates rates = any_rates();
    const Rates cut = cut_anew(rates);
    const BillingRules rules = any_rules();
    const Instant entry = any_instant();
    const hours stay(*rc::gen::inRange(0, 60));
    RC_ASSERT(charge_of({rates, india}, rules, entry, stay) ==
              charge_of({cut, india}, rules, entry, stay));
  });
}

TEST_CASE("a charge does not depend on the date", "[domain][billing]") {
  rc::prop("the same stay a number of days later costs the same", [] {
    const Rates rates = any_rates();
    const BillingRules rules = any_rules();
    const Instant entry = any_instant();
    const hours stay(*rc::gen::inRange(0, 60));
    const std::chrono::days later(*rc::gen::inRange(1, 1'000));
    RC_ASSERT(charge_of({rates, india}, rules, entry, stay) ==
              charge_of({rates, india}, rules, entry + later, stay));
  });
}

TEST_CASE("a long stay costs what its days cost one by one", "[domain][billing]") {
  rc::prop("cut at any 24 hours from entry, and each is at most the cap", [] {
    const Rates rates = any_rates();
    const BillingRules rules = any_rules();
    const Instant entry = any_instant();
    const hours days(24 * *rc::gen::inRange(0, 4));
    const hours rest(*rc::gen::inRange(0, 25));
    const Instant second_part = entry + days.count() * 60 * rules.minute;
    const Paise whole = charge_of({rates, india}, rules, entry, days + rest).total;
    const Paise last = charge_of({rates, india}, rules, second_part, rest).total;
    RC_ASSERT(whole == charge_of({rates, india}, rules, entry, days).total + last);
    if (rules.daily_cap) RC_ASSERT(last <= *rules.daily_cap);
  });
}

TEST_CASE("what is quoted is what the same hours cost without a cap", "[domain][billing]") {
  rc::prop("for any hours", [] {
    const Rates rates = any_rates();
    BillingRules rules = any_rules();
    const Instant entry = any_instant();
    const hours stay(*rc::gen::inRange(0, 73));
    const Paise quoted = quote({rates, india}, rules, entry, stay);
    rules.daily_cap.reset();
    RC_ASSERT(quoted == charge_of({rates, india}, rules, entry, stay).total);
  });
}

TEST_CASE("credits and charges balance", "[domain][settlement]") {
  rc::prop("of what is due and what goes back, one is nothing, and the rest is earned", [] {
    const auto kind =
        *rc::gen::element(AdmissionKind::walk_in, AdmissionKind::deposit, AdmissionKind::prepaid);
    const Paise charge = any_amount();
    const Paise credits = any_amount();
    const Paise kept = any_amount();
    const Settlement sums = settle(kind, charge, credits, kept);

    RC_ASSERT(sums.due >= Paise(0));
    RC_ASSERT(sums.refund >= Paise(0));
    RC_ASSERT(sums.refund <= credits);
    RC_ASSERT(sums.due == Paise(0) || sums.refund == Paise(0));
    RC_ASSERT(sums.earned() >= charge);
    RC_ASSERT(sums.earned() == std::max(charge, credits) - sums.refund);
    if (kind != AdmissionKind::prepaid) RC_ASSERT(sums.refund == Paise(0));
    if (sums.refund > Paise(0)) RC_ASSERT(sums.earned() == std::max(charge, kept));
    // Paying what is due settles it: nothing is due twice, and nothing more comes back.
    const Settlement again = settle(kind, charge, credits + sums.due - sums.refund, kept);
    RC_ASSERT(again.nothing_due());
    RC_ASSERT(again.refund == Paise(0));
  });
}

namespace {

void append(LedgerEntries& story, const LedgerEntries& more) {
  story.insert(story.end(), more.begin(), more.end());
}

Account any_source() {
  return *rc::gen::element(Account::drawer, Account::provider_razorpay, Account::provider_phonepe);
}

/// Ends a session whose customer has paid `credits`, in one of the four ways there are.
void close(LedgerEntries& story, Paise credits) {
  const Paise charge = any_amount();
  switch (*rc::gen::inRange(0, 4)) {
    case 0: {
      const Settlement quoted = settle(AdmissionKind::prepaid, charge, credits, any_amount());
      append(story, payment_captured(any_source(), quoted.due));
      append(story, settled_stay(settle(AdmissionKind::prepaid, charge, credits + quoted.due,
                                        quoted.earned())));
      break;
    }
    case 1:
      append(story, pass_used(at_least_nothing(charge - credits)));
      append(story, settled_stay(settle(AdmissionKind::walk_in, charge, std::max(charge, credits),
                                        Paise(0))));
      break;
    case 2:
      append(story, closed_without_stay(credits, *rc::gen::element(Paise(0), credits)));
      break;
    default:
      append(story, terminated_stay(charge, credits));
  }
}

}  // namespace

TEST_CASE("a closed session owes nobody anything, whatever its story", "[domain][ledger]") {
  rc::prop("payments, an end, and money that came too late", [] {
    LedgerEntries story;
    Paise credits;
    for (int i = *rc::gen::inRange(0, 4); i > 0; --i) {
      const Paise amount = any_amount();
      append(story, payment_captured(any_source(), amount));
      credits += amount;
    }
    RC_ASSERT(balance(Account::customer, story) == credits);
    close(story, credits);
    RC_ASSERT(balance(Account::customer, story) == Paise(0));

    const Paise late = any_amount();
    append(story, payment_captured(any_source(), late));
    append(story, refund_requested(late));
    append(story, refund_paid(any_source(), balance(Account::refunds_due, story)));
    RC_ASSERT(balance(Account::customer, story) == Paise(0));
    RC_ASSERT(balance(Account::refunds_due, story) == Paise(0));

    Paise all;
    for (std::size_t i = 0; i < account_count; ++i) all += balance(Account(i), story);
    RC_ASSERT(all == Paise(0));
    for (const LedgerEntry& entry : story) RC_ASSERT(entry.amount > Paise(0));
  });
}

TEST_CASE("a drawer stands at nothing once its shift is closed, and over or short tells the rest",
          "[domain][ledger]") {
  rc::prop("for any float, payments, refunds and count", [] {
    const Paise cash_float = any_amount();
    LedgerEntries story = shift_opened(cash_float);
    for (int i = *rc::gen::inRange(0, 5); i > 0; --i) {
      append(story, payment_captured(Account::drawer, any_amount()));
      append(story, refund_paid(Account::drawer, any_amount()));
    }
    const Paise expected = -balance(Account::drawer, story);
    const Paise counted = any_amount();
    append(story, shift_closed(expected, counted));
    RC_ASSERT(balance(Account::drawer, story) == Paise(0));
    RC_ASSERT(balance(Account::over_short, story) == counted - expected);
    RC_ASSERT(balance(Account::safe, story) == cash_float - counted);
    for (const LedgerEntry& entry : story) RC_ASSERT(entry.amount > Paise(0));
  });
}

TEST_CASE("the parts of a price sum to it, and the two taxes are one", "[domain][tax]") {
  rc::prop("for any total and rate, each within half a paisa of the exact tax", [] {
    const Paise total = any_amount(1'000'000'000);
    const auto percent = *rc::gen::inRange<std::uint32_t>(0, 101);
    const TaxSplit split = tax_split(total, percent);
    RC_ASSERT(split.taxable + split.cgst + split.sgst == total);
    RC_ASSERT(split.cgst == split.sgst);
    RC_ASSERT(split.taxable >= Paise(0));
    const std::int64_t error = split.cgst.count() * 2 * (100 + percent) - total.count() * percent;
    RC_ASSERT(error <= 100 + std::int64_t{percent});
    RC_ASSERT(error > -(100 + std::int64_t{percent}));
  });
}
