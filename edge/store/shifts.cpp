#include "edge/store/shifts.hpp"

#include "edge/domain/invariant.hpp"
#include "edge/store/columns.hpp"
#include "edge/store/raised_by_hand.hpp"
#include "edge/store/statement.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {

constexpr std::string_view columns =
    "user, opened_at, float_paise, closed_at, counted_paise, z_number";

Shift read(Run& row) {
  return {.key = row.get<ShiftKey>(),
          .user = row.get<UserKey>(),
          .opened_at = row.get<Instant>(),
          .cash_float = row.get<Paise>(),
          .closed_at = row.maybe<Instant>(),
          .counted = row.maybe<Paise>(),
          .z_number = row.maybe<std::uint32_t>()};
}

MethodTakings read_takings(Run&& payments, Run&& refunds) {
  MethodTakings takings;
  if (payments.next()) {
    takings.payments = payments.get<std::uint32_t>();
    takings.amount = payments.get<Paise>();
  }
  if (refunds.next()) {
    takings.refunds = refunds.get<std::uint32_t>();
    takings.refunded = refunds.get<Paise>();
  }
  return takings;
}

}  // namespace

struct Shifts::Statements {
  explicit Statements(SQLite::Database& database)
      : raw(database),
        shift(raw, select_from("shifts", columns, "key = ?")),
        open_of(raw, select_from("shifts", columns, "user = ? AND closed_at IS NULL")),
        cash(raw,
             "SELECT count(*), coalesce(sum(amount_paise), 0) FROM payments "
             "WHERE shift = ? AND paid_at IS NOT NULL"),
        cash_refunds(raw,
                     "SELECT count(*), coalesce(sum(amount_paise), 0) FROM refunds "
                     "WHERE shift = ? AND status = 'SUCCESS'"),
        online(raw,
               "SELECT count(*), coalesce(sum(amount_paise), 0) FROM payments "
               "WHERE method = 'ONLINE' AND taken_by = ? AND paid_at BETWEEN ? AND ?"),
        online_refunds(raw,
                       "SELECT count(*), coalesce(sum(r.amount_paise), 0) "
                       "FROM payments AS p JOIN refunds AS r ON r.payment = p.key "
                       "WHERE p.method = 'ONLINE' AND p.taken_by = ? "
                       "AND p.paid_at BETWEEN ? AND ? AND r.status = 'SUCCESS'"),
        acts(raw,
             "SELECT count(*) FILTER (WHERE kind = 'lost_ticket'), "
             "       count(*) FILTER (WHERE kind = 'stay_chosen'), "
             "       count(*) FILTER (WHERE kind = 'let_out'), "
             "       count(*) FILTER (WHERE kind = 'terminated') "
             "FROM staff_acts WHERE user = ? AND at BETWEEN ? AND ?"),
        by_hand(raw, "SELECT count(*) FROM (" + std::string(raised_by_hand) +
                         ") WHERE by_user = ? AND at BETWEEN ? AND ?"),
        insert(raw, "INSERT INTO shifts (user, opened_at, float_paise) VALUES (?, ?, ?)"),
        close(raw,
              "UPDATE shifts SET closed_at = ?, counted_paise = ?, "
              "z_number = (SELECT coalesce(max(z_number), 0) + 1 FROM shifts "
              "            WHERE z_number IS NOT NULL) "
              "WHERE key = ? AND closed_at IS NULL") {}
  SQLite::Database& raw;
  Statement shift;
  Statement open_of;
  Statement cash;
  Statement cash_refunds;
  Statement online;
  Statement online_refunds;
  Statement acts;
  Statement by_hand;
  Statement insert;
  Statement close;
};

Shifts::Shifts(Database& database) {
  attempt("cannot open the shifts",
          [&] { statements_ = std::make_unique<Statements>(database.raw()); });
}

Shifts::~Shifts() = default;

std::optional<Shift> Shifts::find(ShiftKey shift) {
  return attempt("cannot read a shift", [&] { return only(Run(statements_->shift, shift), read); });
}

std::optional<Shift> Shifts::find_open(UserKey user) {
  return attempt("cannot read a shift",
                 [&] { return only(Run(statements_->open_of, user), read); });
}

Takings Shifts::takings(const Shift& shift, Instant now) {
  const Instant until = shift.closed_at.value_or(now);
  return attempt("cannot sum up a shift", [&] {
    return Takings{.cash = read_takings(Run(statements_->cash, shift.key),
                                        Run(statements_->cash_refunds, shift.key)),
                   .online = read_takings(
                       Run(statements_->online, shift.user, shift.opened_at, until),
                       Run(statements_->online_refunds, shift.user, shift.opened_at, until))};
  });
}

ShiftActs Shifts::acts(const Shift& shift, Instant now) {
  const Instant until = shift.closed_at.value_or(now);
  return attempt("cannot count what was done in a shift", [&] {
    ShiftActs found;
    Run acts(statements_->acts, shift.user, shift.opened_at, until);
    if (acts.next()) {
      found.lost_tickets = acts.get<std::uint32_t>();
      found.stays_chosen = acts.get<std::uint32_t>();
      found.let_outs = acts.get<std::uint32_t>();
      found.terminations = acts.get<std::uint32_t>();
    }
    Run by_hand(statements_->by_hand, shift.user, shift.opened_at, until);
    if (by_hand.next()) found.openings_by_hand = by_hand.get<std::uint32_t>();
    return found;
  });
}

ShiftKey Shifts::open(Transaction& /*transaction*/, UserKey user, Instant at, Paise cash_float) {
  return attempt("cannot open a shift", [&] {
    Run(statements_->insert, user, at, cash_float).exec();
    return inserted<ShiftKey>(statements_->raw);
  });
}

Shift Shifts::close(Transaction& /*transaction*/, ShiftKey shift, Instant at, Paise counted) {
  attempt("cannot close a shift", [&] {
    const int rows = Run(statements_->close, at, counted, shift).exec();
    require(rows == 1, "a shift that is closed was open");
  });
  const auto closed = find(shift);
  require(closed.has_value(), "a shift that was closed is there");
  return *closed;
}

}  // namespace gatehouse::store
