#include "edge/store/unpaid_bookings.hpp"

#include "edge/store/columns.hpp"
#include "edge/store/statement.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {

namespace {

/// That a session is a booking which holds its slot and for which nobody has paid: also one that
/// costs nothing, until its car comes.
constexpr std::string_view holds =
    "(status = 'PENDING_PAYMENT' "
    " OR (status = 'BOOKED' AND booked_paise = 0 AND kind <> 'walk_in'))";

}  // namespace

struct UnpaidBookings::Statements {
  explicit Statements(SQLite::Database& raw)
      : of_user(raw,
                "SELECT count(*) FROM sessions INDEXED BY sessions_by_user "
                "WHERE created_by = ? AND is_open = 1 AND " +
                    std::string(holds)),
        from(raw,
             "SELECT count(*) FROM guest_bookings AS g CROSS JOIN sessions AS s "
             "ON s.key = g.session WHERE g.source = ? AND " +
                 std::string(holds)),
        source(raw, "SELECT source FROM guest_bookings WHERE session = ?"),
        insert(raw, "INSERT INTO guest_bookings (session, source) VALUES (?, ?)"),
        forget(raw,
               "DELETE FROM guest_bookings WHERE session IN (SELECT g.session "
               "FROM guest_bookings AS g CROSS JOIN sessions AS s ON s.key = g.session "
               "WHERE NOT " +
                   std::string(holds) + ")") {}
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
