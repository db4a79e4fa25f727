#include "edge/store/traffic.hpp"

#include "edge/store/columns.hpp"
#include "edge/store/statement.hpp"

#include <chrono>
#include <string>

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {

constexpr const char* opened = "parking.session.opened.v1";
constexpr const char* closed = "parking.session.closed.v1";

// A clock that was set back makes rows out of order by so much at most before one is missed.
constexpr std::chrono::hours out_of_order{1};

}  // namespace

struct TrafficLog::Statements {
  explicit Statements(SQLite::Database& raw)
      : newest(raw, "SELECT epoch, last_sequence FROM epochs ORDER BY epoch DESC LIMIT 1"),
        back(raw,
             "SELECT type, time FROM outbox WHERE (epoch, sequence) <= (?, ?) "
             "ORDER BY epoch DESC, sequence DESC"),
        on(raw,
           "SELECT type, time FROM outbox WHERE (epoch, sequence) > (?, ?) "
           "AND (epoch, sequence) <= (?, ?) AND type >= 'parking.session.' "
           "AND type < 'parking.session/' ORDER BY epoch, sequence"),
        inside(raw,
               "SELECT count(*) FROM sessions INDEXED BY sessions_open "
               "WHERE is_open = 1 AND status IN ('ACTIVE', 'EXIT_PENDING') "
               "AND slot_given_back = 0") {}
  Statement newest;
  Statement back;
  Statement on;
  Statement inside;
};

TrafficLog::TrafficLog(Database& database)
    : statements_(attempt("cannot open the day's traffic",
                          [&] { return std::make_unique<Statements>(database.raw()); })) {}

TrafficLog::~TrafficLog() = default;

TrafficCount TrafficLog::count(Instant now, const std::function<std::int64_t(Instant)>& day) {
  return attempt("cannot count the day's traffic", [&] {
    const bool is_first = read_to_.epoch == 0;
    if (const std::int64_t today = day(now); is_first || today != today_) {
      today_ = today;
      count_.entries = 0;
      count_.exits = 0;
    }
    OutboxPlace newest;
    {
      Run run(statements_->newest);
      if (!run.next()) return count_;
      newest.epoch = run.get<std::uint64_t>();
      newest.sequence = run.get<std::uint64_t>();
    }
    if (is_first) {
      walk_back(newest, day);
    } else if (newest != read_to_) {
      read_on(newest, day);
    }
    read_to_ = newest;
    return count_;
  });
}

void TrafficLog::walk_back(OutboxPlace newest, const std::function<std::int64_t(Instant)>& day) {
  Run run(statements_->back, newest.epoch, newest.sequence);
  while (run.next()) {
    const auto type = run.get<std::string>();
    const auto at = run.get<Instant>();
    if (day(at + out_of_order) < today_) break;
    add(type, day(at));
  }
  Run inside(statements_->inside);
  if (inside.next()) count_.inside = inside.get<std::uint64_t>();
}

void TrafficLog::read_on(OutboxPlace newest, const std::function<std::int64_t(Instant)>& day) {
  bool has_changed = false;
  Run run(statements_->on, read_to_.epoch, read_to_.sequence, newest.epoch, newest.sequence);
  while (run.next()) {
    const auto type = run.get<std::string>();
    add(type, day(run.get<Instant>()));
    has_changed = true;
  }
  if (!has_changed) return;
  Run inside(statements_->inside);
  if (inside.next()) count_.inside = inside.get<std::uint64_t>();
}

void TrafficLog::add(const std::string& type, std::int64_t day_of_row) {
  if (day_of_row != today_) return;
  if (type == opened) ++count_.entries;
  if (type == closed) ++count_.exits;
}

}  // namespace gatehouse::store
