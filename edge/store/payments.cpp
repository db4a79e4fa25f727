#include "edge/store/payments.hpp"

#include "edge/domain/invariant.hpp"
#include "edge/store/columns.hpp"
#include "edge/store/row_update.hpp"
#include "edge/store/statement.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {

constexpr std::string_view payment_columns =
    "id, session, method, provider, amount_paise, status, order_id, provider_payment_id, "
    "created_at, expires_at, paid_at, shift, taken_by, tendered_paise, failure";
constexpr std::string_view refund_columns =
    "id, payment, amount_paise, status, reason, provider_refund_id, created_at, created_by, shift, "
    "ended_at";

std::string select_payments(std::string_view condition) {
  return select_from("payments", payment_columns, condition);
}
std::string select_refunds(std::string_view condition) {
  return select_from("refunds", refund_columns, condition);
}
Payment read_payment(Run& row) {
  return {.key = row.get<PaymentKey>(),
          .id = row.get<std::string>(),
          .session = row.maybe<SessionKey>(),
          .method = row.parsed(parse_payment_method, "payment method"),
          .provider = row.get<std::string>(),
          .amount = row.get<Paise>(),
          .state = row.parsed(parse_payment_state, "status of a payment"),
          .order_id = row.maybe<std::string>().value_or(""),
          .provider_payment_id = row.maybe<std::string>().value_or(""),
          .created_at = row.get<Instant>(),
          .expires_at = row.maybe<Instant>(),
          .paid_at = row.maybe<Instant>(),
          .shift = row.maybe<ShiftKey>(),
          .taken_by = row.maybe<UserKey>(),
          .tendered = row.maybe<Paise>(),
          .failure = row.get<std::string>()};
}

Refund read_refund(Run& row) {
  return {.key = row.get<RefundKey>(),
          .id = row.get<std::string>(),
          .payment = row.get<PaymentKey>(),
          .amount = row.get<Paise>(),
          .state = row.parsed(parse_refund_state, "status of a refund"),
          .reason = row.get<std::string>(),
          .provider_refund_id = row.maybe<std::string>().value_or(""),
          .created_at = row.get<Instant>(),
          .created_by = row.maybe<UserKey>(),
          .shift = row.maybe<ShiftKey>(),
          .ended_at = row.maybe<Instant>()};
}

/// A payment's values in the order of its columns, and what follows them.
template <class Into, class... More>
int write(Into& into, const Payment& row, const More&... more) {
  return write_row(into, row.id, row.session, row.method, row.provider, row.amount, row.state,
                   NullIfEmpty{row.order_id}, NullIfEmpty{row.provider_payment_id}, row.created_at,
                   row.expires_at, row.paid_at, row.shift, row.taken_by, row.tendered, row.failure,
                   more...);
}

template <class Into, class... More>
int write(Into& into, const Refund& row, const More&... more) {
  return write_row(into, row.id, row.payment, row.amount, row.state, row.reason,
                   NullIfEmpty{row.provider_refund_id}, row.created_at, row.created_by, row.shift,
                   row.ended_at, more...);
}

}  // namespace

struct Payments::Statements {
  explicit Statements(SQLite::Database& database)
      : raw(database),
        payment(raw, select_payments("key = ?")),
        payment_by_id(raw, select_payments("id = ?")),
        payment_by_order(raw, select_payments("provider = ? AND order_id = ?")),
        of_session(raw, select_payments("session = ? ORDER BY key")),
        going_on(raw, select_from("payments INDEXED BY payments_going_on", payment_columns,
                                  "status IN ('CREATING', 'PENDING') ORDER BY key")),
        // What came of a payment is its paid_at: the states behind SUCCESS keep it.
        credits(raw,
                "SELECT coalesce(sum(amount_paise - (SELECT coalesce(sum(amount_paise), 0) "
                "  FROM refunds WHERE payment = payments.key AND status <> 'FAILED')), 0) "
                "FROM payments WHERE session = ? AND paid_at IS NOT NULL"),
        refund(raw, select_refunds("key = ?")),
        refunds_of(raw, select_refunds("payment = ? ORDER BY key")),
        refunds_of_session(raw,
                           select_refunds("payment IN (SELECT key FROM payments WHERE session = ?) "
                                          "ORDER BY key")),
        refunds_going_on(raw, select_from("refunds INDEXED BY refunds_going_on", refund_columns,
                                          "status = 'PENDING' ORDER BY key")),
        insert_payment(raw, insert_into("payments", payment_columns)),
        update_payment(raw, "payments", payment_columns),
        insert_refund(raw, insert_into("refunds", refund_columns)),
        update_refund(raw, "refunds", refund_columns) {}
  SQLite::Database& raw;
  Statement payment;
  Statement payment_by_id;
  Statement payment_by_order;
  Statement of_session;
  Statement going_on;
  Statement credits;
  Statement refund;
  Statement refunds_of;
  Statement refunds_of_session;
  Statement refunds_going_on;
  Statement insert_payment;
  RowUpdate update_payment;
  Statement insert_refund;
  RowUpdate update_refund;
};

Payments::Payments(Database& database) {
  attempt("cannot open the payments",
          [&] { statements_ = std::make_unique<Statements>(database.raw()); });
}

Payments::~Payments() = default;

std::optional<Payment> Payments::find(PaymentKey payment) {
  return attempt("cannot read a payment",
                 [&] { return only(Run(statements_->payment, payment), read_payment); });
}

std::optional<Payment> Payments::find_by_id(std::string_view id) {
  return attempt("cannot read a payment",
                 [&] { return only(Run(statements_->payment_by_id, id), read_payment); });
}

std::optional<Payment> Payments::find_by_order(std::string_view provider,
                                               std::string_view order_id) {
  return attempt("cannot read a payment", [&] {
    return only(Run(statements_->payment_by_order, provider, order_id), read_payment);
  });
}

std::vector<Payment> Payments::of_session(SessionKey session) {
  return attempt("cannot read the payments",
                 [&] { return all(Run(statements_->of_session, session), read_payment); });
}

std::vector<Payment> Payments::going_on() {
  return attempt("cannot read the payments",
                 [&] { return all(Run(statements_->going_on), read_payment); });
}

Paise Payments::credits(SessionKey session) {
  return attempt("cannot sum up a session's payments", [&] {
    Run run(statements_->credits, session);
    return run.next() ? run.get<Paise>() : Paise();
  });
}

std::optional<Refund> Payments::find(RefundKey refund) {
  return attempt("cannot read a refund",
                 [&] { return only(Run(statements_->refund, refund), read_refund); });
}

std::vector<Refund> Payments::refunds_of(PaymentKey payment) {
  return attempt("cannot read the refunds",
                 [&] { return all(Run(statements_->refunds_of, payment), read_refund); });
}

std::vector<Refund> Payments::refunds_of_session(SessionKey session) {
  return attempt("cannot read the refunds",
                 [&] { return all(Run(statements_->refunds_of_session, session), read_refund); });
}

std::vector<Refund> Payments::refunds_going_on() {
  return attempt("cannot read the refunds",
                 [&] { return all(Run(statements_->refunds_going_on), read_refund); });
}

PaymentKey Payments::insert(Transaction& /*transaction*/, const Payment& payment) {
  return attempt("cannot write a payment", [&] {
    write(statements_->insert_payment, payment);
    return inserted<PaymentKey>(statements_->raw);
  });
}

void Payments::update(Transaction& /*transaction*/, const Payment& payment) {
  attempt("cannot write a payment", [&] {
    const int rows = write(statements_->update_payment, payment, payment.key);
    require(rows == 1, "a payment that is updated was inserted");
  });
}

RefundKey Payments::insert(Transaction& /*transaction*/, const Refund& refund) {
  return attempt("cannot write a refund", [&] {
    write(statements_->insert_refund, refund);
    return inserted<RefundKey>(statements_->raw);
  });
}

void Payments::update(Transaction& /*transaction*/, const Refund& refund) {
  attempt("cannot write a refund", [&] {
    const int rows = write(statements_->update_refund, refund, refund.key);
    require(rows == 1, "a refund that is updated was inserted");
  });
}

}  // namespace gatehouse::store
