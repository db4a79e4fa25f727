#include "edge/store/unpaid_bookings.hpp"

#include "edge/store/columns.hpp"
#include "edge/store/statement.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {

struct UnpaidBookings::Statements {
  explicit Statements(SQLite::Database& raw)
      : of_user(raw,
                "SELECT count(*) FROM sessions INDEXED BY sessions_unpaid_by_user "
                "WHERE created_by = ? AND status = 'PENDING_PAYMENT'"),
        from(raw,
             "SELECT count(*) FROM guest_bookings AS g JOIN sessions AS s ON s.key = g.session "
             "WHERE g.source = ? AND s.status = 'PENDING_PAYMENT'"),
        source(raw, "SELECT source FROM guest_bookings WHERE session = ?"),
        insert(raw, "INSERT INTO guest_bookings (session, source) VALUES (?, ?)"),
        forget(raw,
               "DELETE FROM guest_bookings WHERE session IN (SELECT g.session "
               "FROM guest_bookings AS g JOIN sessions AS s ON s.key = g.session "
               "WHERE s.status <> 'PENDING_PAYMENT')") {}
  Statement of_user;
  Statement from;
  Statement source;
  Statement insert;
  Statement forget;
};

UnpaidBookings::UnpaidBookings(Database& database) {
  attempt("cannot open the unpaid bookings",
          [&] { statements_ = std::make_unique<Statements>(database.raw()); });
}

UnpaidBookings::~UnpaidBookings() = default;

std::uint32_t UnpaidBookings::count_of(UserKey user) {
  return attempt("cannot count a user's unpaid bookings", [&] {
    Run run(statements_->of_user, user);
    return run.next() ? run.get<std::uint32_t>() : 0;
  });
}

std::uint32_t UnpaidBookings::count_from(std::string_view source) {
  return attempt("cannot count a network's unpaid bookings", [&] {
    Run run(statements_->from, source);
    return run.next() ? run.get<std::uint32_t>() : 0;
  });
}

std::string UnpaidBookings::source_of(SessionKey session) {
  return attempt("cannot read where a booking came from", [&] {
    Run run(statements_->source, session);
    return run.next() ? run.get<std::string>() : std::string();
  });
}

void UnpaidBookings::note(Transaction& /*transaction*/, SessionKey session,
                          std::string_view source) {
  attempt("cannot note where a booking came from",
          [&] { Run(statements_->insert, session, source).exec(); });
}

void UnpaidBookings::forget_ended(Transaction& /*transaction*/) {
  attempt("cannot forget where bookings came from", [&] { Run(statements_->forget).exec(); });
}

}  // namespace gatehouse::store
