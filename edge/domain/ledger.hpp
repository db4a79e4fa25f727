// The ledger's accounts, and which two of them a movement of money touches.
//
//   entries = settled_stay(settlement);   // each: amount, from `credit` to `debit`
//
// Every movement debits one account and credits another, so every sum balances; amounts are above
// nothing, and a movement of nothing makes no entry. Corrections are new entries. `customer` is
// what the lot owes a session's driver (credit) less what they owe it (debit): it is zero when the
// session is closed. The store adds whose entry it is, and when. Pure; any thread.
#pragma once

#include "edge/domain/money.hpp"
#include "edge/domain/settlement.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace gatehouse {

enum class Account : std::uint8_t {
  drawer,             // cash in staff's hands
  provider_razorpay,  // captured there, not yet on the lot's bank account
  provider_phonepe,
  customer,     // a session's
  revenue,      // earned
  refunds_due,  // promised back, not yet paid out
  written_off,  // earned, and given up
  passes,       // stays that a pass pays for
  safe,         // where a shift's float comes from and its counted cash goes to
  over_short,   // what a drawer held more or less than it should
};
inline constexpr std::size_t account_count = 10;

/// The word in the store: the enumerator's own.
std::string_view name(Account account);
std::optional<Account> parse_account(std::string_view text);

/// Where money comes in and goes out: the drawer and the providers.
constexpr bool holds_money(Account account) {
  return account == Account::drawer || account == Account::provider_razorpay ||
         account == Account::provider_phonepe;
}

struct LedgerEntry {
  Account debit;
  Account credit;
  Paise amount;  // above nothing
  bool operator==(const LedgerEntry&) const = default;
};

using LedgerEntries = std::vector<LedgerEntry>;

/// Money that was verified: by a provider, or by staff whose drawer it is in. `source` holds money.
LedgerEntries payment_captured(Account source, Paise amount);
/// A pass pays what a stay costs.
LedgerEntries pass_used(Paise amount);

// What closes a session. Each leaves `customer` at zero, when `credits` is what it stood at.

/// COMPLETED: what was earned becomes revenue, the rest is promised back. Nothing is due any more.
LedgerEntries settled_stay(const Settlement& settlement);
/// CANCELLED, EXPIRED, an entry taken back: `refund` of the credits is promised back, the rest
/// kept.
LedgerEntries closed_without_stay(Paise credits, Paise refund);
/// TERMINATED: the charge is earned, what is missing of it written off, and nothing given back.
LedgerEntries terminated_stay(Paise charge, Paise credits);

// Money going back.

/// Promised to the customer out of what `customer` holds: money that came late, or twice.
LedgerEntries refund_requested(Paise amount);
/// Promised out of what was earned: goodwill after the session was closed.
LedgerEntries refund_of_revenue(Paise amount);
/// Paid out where it had come in. `source` holds money.
LedgerEntries refund_paid(Account source, Paise amount);

// Money that waited for a person.

/// Nobody's money, or what came too much, becomes the lot's own.
LedgerEntries kept(Paise amount);
/// What was kept counts for a session after all: nobody's money was found an owner.
LedgerEntries given_to_customer(Paise amount);
/// What was promised back and cannot be paid out becomes the lot's own.
LedgerEntries refund_given_up(Paise amount);

// A shift at the drawer. Once it is closed its drawer stands at nothing.

/// The float goes from the safe into the drawer.
LedgerEntries shift_opened(Paise cash_float);
/// What was counted goes into the safe; what it is more or less than the drawer should hold is over
/// or short. `expected` may be below nothing: more was paid out than had come in.
LedgerEntries shift_closed(Paise expected, Paise counted);

/// Credits less debits of an account in `entries`.
Paise balance(Account account, std::span<const LedgerEntry> entries);

}  // namespace gatehouse
