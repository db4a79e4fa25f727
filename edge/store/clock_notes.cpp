#include "edge/store/clock_notes.hpp"

#include "edge/store/columns.hpp"
#include "edge/store/statement.hpp"

#include <algorithm>
#include <cstdlib>

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {

// Below this the distance is called unchanged: 60 of it make a stay suspect.
constexpr std::int64_t drift_noted_ms = 1'000;

// Years of a lot whose clock is set daily and whose box restarts daily; a bound for a clock that
// runs wild.
constexpr int rows_max = 10'000;

std::int64_t drift_of(const Moment& now) {
  const auto steady =
      std::chrono::duration_cast<std::chrono::milliseconds>(now.steady.time_since_epoch());
  return now.utc.time_since_epoch().count() - steady.count();
}

}  // namespace

struct ClockNotes::Statements {
  explicit Statements(SQLite::Database& database)
      : raw(database),
        newest(raw, "SELECT key, drift_ms, boot FROM clock_notes ORDER BY key DESC LIMIT 1"),
        insert(raw, "INSERT INTO clock_notes (at, drift_ms, boot) VALUES (?, ?, ?)"),
        prune(raw, "DELETE FROM clock_notes WHERE key <= ?"),
        since(raw, "SELECT key, drift_ms, boot FROM clock_notes WHERE key >= ? ORDER BY key") {}
  SQLite::Database& raw;
  Statement newest;
  Statement insert;
  Statement prune;
  Statement since;
};

ClockNotes::ClockNotes(Database& database) {
  attempt("cannot open the clock's notes",
          [&] { statements_ = std::make_unique<Statements>(database.raw()); });
  forget();
}

ClockNotes::~ClockNotes() = default;

void ClockNotes::forget() {
  newest_.reset();
  attempt("cannot read the clock's notes", [&] {
    Run run(statements_->newest);
    if (!run.next()) return;
    newest_ = {.key = run.get<ClockNoteKey>(),
               .drift_ms = run.get<std::int64_t>(),
               .boot = run.get<std::string>()};
  });
}

ClockNoteKey ClockNotes::note(Transaction& /*transaction*/, const Moment& now,
                              std::string_view boot) {
  const std::int64_t drift_ms = drift_of(now);
  if (newest_ && newest_->boot == boot && std::abs(drift_ms - newest_->drift_ms) < drift_noted_ms) {
    return newest_->key;
  }
  return attempt("cannot note the clock", [&] {
    Run(statements_->insert, now.utc, drift_ms, boot).exec();
    newest_ = {.key = inserted<ClockNoteKey>(statements_->raw),
               .drift_ms = drift_ms,
               .boot = std::string(boot)};
    Run(statements_->prune, std::to_underlying(newest_->key) - rows_max).exec();
    return newest_->key;
  });
}

std::optional<ClockNoteKey> ClockNotes::newest() const {
  if (!newest_) return std::nullopt;
  return newest_->key;
}

ClockSpan ClockNotes::since(ClockNoteKey note) {
  return attempt("cannot read the clock's notes", [&] {
    ClockSpan span;
    Run run(statements_->since, note);
    bool is_first = true;
    std::string boot;
    std::int64_t last = 0;
    std::int64_t least = 0;
    std::int64_t most = 0;
    while (run.next()) {
      const auto key = run.get<ClockNoteKey>();
      const auto drift_ms = run.get<std::int64_t>();
      auto boot_here = run.get<std::string>();
      if (is_first) span.complete = key == note;
      if (is_first || boot_here != boot) {
        boot = std::move(boot_here);
        last = least = most = drift_ms;
      }
      is_first = false;
      span.net += std::chrono::milliseconds(drift_ms - last);
      last = drift_ms;
      least = std::min(least, drift_ms);
      most = std::max(most, drift_ms);
      span.drift = std::max(span.drift, std::chrono::milliseconds(most - least));
    }
    return span;
  });
}

}  // namespace gatehouse::store
