// The ledger: every movement of money, from one account to another, never changed and never
// deleted. Which accounts a movement touches: edge/domain/ledger.hpp.
//
//   ledger.append(transaction, payment_captured(Account::drawer, amount),
//                 {.at = now, .cause = LedgerCause::payment_captured,
//                  .session = session.key, .payment = payment, .shift = shift});
//
// A payment is captured once, a refund paid once: the store refuses a second row of either. What
// touches a drawer names its shift, which is open.
// The thread of the Database; failure is a StoreError.
#pragma once

#include "edge/domain/ledger.hpp"
#include "edge/domain/money.hpp"
#include "edge/domain/time.hpp"
#include "edge/store/database.hpp"
#include "edge/store/keys.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace gatehouse::store {

/// Which of the domain's movements it is; the column holds its name.
enum class LedgerCause : std::uint8_t {
  payment_captured,
  pass_used,
  settled_stay,
  closed_without_stay,
  terminated_stay,
  refund_requested,
  refund_of_revenue,
  refund_paid,
  correction,
  shift_opened,
  shift_closed,
};
std::string_view name(LedgerCause cause);

/// Whose entries they are, and when.
struct Posting {
  Instant at{};
  LedgerCause cause = LedgerCause::correction;
  std::optional<SessionKey> session;
  std::optional<PaymentKey> payment;   // of payment_captured, always
  std::optional<RefundKey> refund;     // of refund_paid, always
  std::optional<ShiftKey> shift = {};  // whose drawer: of what touches it, always
  bool operator==(const Posting&) const = default;
};

struct LedgerRow {
  std::int64_t key = 0;
  LedgerEntry entry;
  Posting posting;
  bool operator==(const LedgerRow&) const = default;
};

/// By Account. Credits less debits, as balance() of the domain has it; their sum is zero.
using Balances = std::array<Paise, account_count>;

class Ledger {
 public:
  explicit Ledger(Database& database);
  ~Ledger();
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  void append(Transaction& transaction, std::span<const LedgerEntry> entries,
              const Posting& posting);

  [[nodiscard]] Balances balances();
  [[nodiscard]] Balances balances(SessionKey session);
  /// Of money that is no session's: what came as this payment, and what went back of it.
  [[nodiscard]] Balances balances_of_unplaced(PaymentKey payment);
  /// What a shift's drawer should hold: below nothing, when more was paid out than had come in.
  [[nodiscard]] Paise in_drawer(ShiftKey shift);
  /// The oldest first.
  [[nodiscard]] std::vector<LedgerRow> of_session(SessionKey session);

 private:
  struct Statements;
  std::unique_ptr<Statements> statements_;
};

}  // namespace gatehouse::store
