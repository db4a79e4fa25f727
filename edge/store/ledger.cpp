#include "edge/store/ledger.hpp"

#include "edge/domain/words.hpp"
#include "edge/store/columns.hpp"
#include "edge/store/statement.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {

constexpr Words<11> cause_names = {"payment_captured",    "pass_used",       "settled_stay",
                                   "closed_without_stay", "terminated_stay", "refund_requested",
                                   "refund_of_revenue",   "refund_paid",     "correction",
                                   "shift_opened",        "shift_closed"};

std::optional<LedgerCause> parse_cause(std::string_view text) {
  return read_word<LedgerCause>(cause_names, text);
}

LedgerRow read(Run& row) {
  return {.key = row.get<std::int64_t>(),
          .entry = {.debit = row.parsed(parse_account, "account"),
                    .credit = row.parsed(parse_account, "account"),
                    .amount = row.get<Paise>()},
          .posting = {.at = row.get<Instant>(),
                      .cause = row.parsed(parse_cause, "cause of a ledger row"),
                      .session = row.maybe<SessionKey>(),
                      .payment = row.maybe<PaymentKey>(),
                      .refund = row.maybe<RefundKey>(),
                      .shift = row.maybe<ShiftKey>()}};
}

/// Rows of account, credits less debits.
Balances read_balances(Run&& run) {
  Balances balances{};
  while (run.next()) {
    const Account account = run.parsed(parse_account, "account");
    balances.at(static_cast<std::size_t>(account)) = run.get<Paise>();
  }
  return balances;
}

}  // namespace

std::string_view name(LedgerCause cause) { return word_of(cause_names, cause); }

struct Ledger::Statements {
  explicit Statements(SQLite::Database& raw)
      : insert(raw,
               "INSERT INTO ledger (debit, credit, amount_paise, at, cause, session, payment, "
               "refund, shift) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"),
        of_session(raw,
                   "SELECT key, debit, credit, amount_paise, at, cause, session, payment, refund, "
                   "shift FROM ledger WHERE session = ? ORDER BY key"),
        balances(raw,
                 "SELECT account, sum(amount) FROM ("
                 "  SELECT credit AS account, amount_paise AS amount FROM ledger UNION ALL "
                 "  SELECT debit, -amount_paise FROM ledger) GROUP BY account"),
        balances_of_session(
            raw,
            "SELECT account, sum(amount) FROM ("
            "  SELECT credit AS account, amount_paise AS amount FROM ledger WHERE session = ?1 "
            "  UNION ALL SELECT debit, -amount_paise FROM ledger WHERE session = ?1) "
            "GROUP BY account"),
        balances_of_unplaced(raw,
                             "SELECT account, sum(amount) FROM ("
                             "  SELECT credit AS account, amount_paise AS amount FROM ledger "
                             "  WHERE payment = ?1 AND session IS NULL "
                             "  UNION ALL SELECT debit, -amount_paise FROM ledger "
                             "  WHERE payment = ?1 AND session IS NULL "
                             "  UNION ALL SELECT credit, amount_paise FROM ledger "
                             "  WHERE refund IN (SELECT key FROM refunds WHERE payment = ?1) "
                             "    AND payment IS NOT ?1 AND session IS NULL "
                             "  UNION ALL SELECT debit, -amount_paise FROM ledger "
                             "  WHERE refund IN (SELECT key FROM refunds WHERE payment = ?1) "
                             "    AND payment IS NOT ?1 AND session IS NULL) GROUP BY account"),
        in_drawer(raw,
                  "SELECT coalesce(sum(iif(debit = 'drawer', amount_paise, -amount_paise)), 0) "
                  "FROM ledger WHERE shift = ?") {}
  Statement insert;
  Statement of_session;
  Statement balances;
  Statement balances_of_session;
  Statement balances_of_unplaced;
  Statement in_drawer;
};

Ledger::Ledger(Database& database) {
  attempt("cannot open the ledger",
          [&] { statements_ = std::make_unique<Statements>(database.raw()); });
}

Ledger::~Ledger() = default;

void Ledger::append(Transaction& /*transaction*/, std::span<const LedgerEntry> entries,
                    const Posting& posting) {
  attempt("cannot write to the ledger", [&] {
    for (const LedgerEntry& entry : entries) {
      Run(statements_->insert, entry.debit, entry.credit, entry.amount, posting.at, posting.cause,
          posting.session, posting.payment, posting.refund, posting.shift)
          .exec();
    }
  });
}

Balances Ledger::balances() {
  return attempt("cannot sum up the ledger",
                 [&] { return read_balances(Run(statements_->balances)); });
}

Balances Ledger::balances(SessionKey session) {
  return attempt("cannot sum up the ledger",
                 [&] { return read_balances(Run(statements_->balances_of_session, session)); });
}

Balances Ledger::balances_of_unplaced(PaymentKey payment) {
  return attempt("cannot sum up the ledger",
                 [&] { return read_balances(Run(statements_->balances_of_unplaced, payment)); });
}

Paise Ledger::in_drawer(ShiftKey shift) {
  return attempt("cannot sum up a drawer", [&] {
    Run run(statements_->in_drawer, shift);
    return run.next() ? run.get<Paise>() : Paise();
  });
}

std::vector<LedgerRow> Ledger::of_session(SessionKey session) {
  return attempt("cannot read the ledger",
                 [&] { return all(Run(statements_->of_session, session), read); });
}

}  // namespace gatehouse::store
