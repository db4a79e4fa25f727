#include "edge/domain/ledger.hpp"

#include "edge/domain/invariant.hpp"
#include "edge/domain/words.hpp"

#include <initializer_list>

namespace gatehouse {
namespace {

constexpr Words<account_count> accounts = {
    "drawer",      "provider_razorpay", "provider_phonepe", "customer", "revenue",
    "refunds_due", "written_off",       "passes",           "safe",     "over_short"};
static_assert(are_distinct(accounts));

/// Movements of nothing left out.
LedgerEntries entries(std::initializer_list<LedgerEntry> movements) {
  LedgerEntries made;
  for (const LedgerEntry& movement : movements) {
    require(movement.amount >= Paise(0), "money moves from credit to debit, never back");
    if (movement.amount > Paise(0)) made.push_back(movement);
  }
  return made;
}

}  // namespace

std::string_view name(Account account) { return word_of(accounts, account); }

std::optional<Account> parse_account(std::string_view text) {
  return read_word<Account>(accounts, text);
}

LedgerEntries payment_captured(Account source, Paise amount) {
  require(holds_money(source), "money comes in at the drawer or a provider");
  return entries({{source, Account::customer, amount}});
}

LedgerEntries pass_used(Paise amount) {
  return entries({{Account::passes, Account::customer, amount}});
}

LedgerEntries settled_stay(const Settlement& settlement) {
  require(settlement.nothing_due(), "a stay is settled when nothing is due any more");
  return entries({{Account::customer, Account::revenue, settlement.earned()},
                  {Account::customer, Account::refunds_due, settlement.refund}});
}

LedgerEntries closed_without_stay(Paise credits, Paise refund) {
  return entries({{Account::customer, Account::revenue, credits - refund},
                  {Account::customer, Account::refunds_due, refund}});
}

LedgerEntries terminated_stay(Paise charge, Paise credits) {
  // What was paid beyond the charge is kept: a terminated session refunds nothing.
  const Paise missing = at_least_nothing(charge - credits);
  return entries({{Account::customer, Account::revenue, credits + missing},
                  {Account::written_off, Account::customer, missing}});
}

LedgerEntries refund_requested(Paise amount) {
  return entries({{Account::customer, Account::refunds_due, amount}});
}

LedgerEntries refund_of_revenue(Paise amount) {
  return entries({{Account::revenue, Account::refunds_due, amount}});
}

LedgerEntries refund_paid(Account source, Paise amount) {
  require(holds_money(source), "money goes out of the drawer or a provider");
  return entries({{Account::refunds_due, source, amount}});
}

LedgerEntries kept(Paise amount) {
  return entries({{Account::customer, Account::revenue, amount}});
}

LedgerEntries given_to_customer(Paise amount) {
  return entries({{Account::revenue, Account::customer, amount}});
}

LedgerEntries refund_given_up(Paise amount) {
  return entries({{Account::refunds_due, Account::revenue, amount}});
}

LedgerEntries shift_opened(Paise cash_float) {
  return entries({{Account::drawer, Account::safe, cash_float}});
}

LedgerEntries shift_closed(Paise expected, Paise counted) {
  return entries({{Account::over_short, Account::drawer, at_least_nothing(expected - counted)},
                  {Account::drawer, Account::over_short, at_least_nothing(counted - expected)},
                  {Account::safe, Account::drawer, counted}});
}

Paise balance(Account account, std::span<const LedgerEntry> entries) {
  Paise sum;
  for (const LedgerEntry& entry : entries) {
    if (entry.credit == account) sum += entry.amount;
    if (entry.debit == account) sum -= entry.amount;
  }
  return sum;
}

}  // namespace gatehouse
