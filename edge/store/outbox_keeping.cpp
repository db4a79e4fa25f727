#include "edge/store/outbox_keeping.hpp"

#include "edge/store/columns.hpp"
#include "edge/store/statement.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {

constexpr std::string_view thinned_type = "parking.outbox.thinned.v1";
constexpr std::string_view slot_changed_type = "parking.slot.changed.v1";
constexpr std::array<std::string_view, 4> money_types = {"parking.payment.", "parking.refund.",
                                                         "parking.report.", "parking.lot."};
constexpr auto no_end = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

}  // namespace

bool is_money(std::string_view type) {
  return std::ranges::any_of(money_types,
                             [&](std::string_view begin) { return type.starts_with(begin); });
}

/// Rows that follow each other by their numbers and all go.
struct OutboxKeeping::Gone {
  std::uint64_t epoch = 0;
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  int rows = 0;  // other than those that stand for runs of before
};

/// A pass from the newest row to the oldest.
struct OutboxKeeping::Thinning {
  OutboxPlace before{no_end, no_end};
  std::unordered_set<std::string> changed_later;  // slots
};

/// A row as the pass from the oldest on looks at it.
struct OutboxKeeping::Event {
  OutboxPlace place;
  std::string type;
  Instant time{};
  std::uint64_t from = 0;  // of a run: where it begins
};

struct OutboxKeeping::Statements {
  explicit Statements(SQLite::Database& raw)
      : size(raw, "SELECT rows, bytes FROM outbox_size"),
        oldest(raw, "SELECT time FROM outbox ORDER BY epoch, sequence LIMIT 1"),
        acknowledged(raw, "SELECT epoch, sequence FROM uplink_cursor"),
        acknowledge(raw, "UPDATE uplink_cursor SET epoch = ?, sequence = ?"),
        first_after(raw,
                    "SELECT time FROM outbox WHERE (epoch, sequence) > (?, ?) "
                    "ORDER BY epoch, sequence LIMIT 1"),
        forwards(
            raw,
            "SELECT epoch, sequence, type, time, "
            "  iif(type = 'parking.outbox.thinned.v1', json_extract(data, '$.from'), sequence) "
            "FROM outbox WHERE (epoch, sequence) > (?, ?) ORDER BY epoch, sequence LIMIT ?"),
        newest(raw, "SELECT time FROM outbox ORDER BY epoch DESC, sequence DESC LIMIT 1"),
        dated_after(raw,
                    "SELECT time FROM outbox WHERE (epoch, sequence) > (?, ?) AND time <= ? "
                    "ORDER BY epoch, sequence LIMIT 1"),
        backwards(
            raw,
            "SELECT epoch, sequence, type, data, "
            "  iif(type = 'parking.outbox.thinned.v1', json_extract(data, '$.from'), sequence) "
            "FROM outbox WHERE (epoch, sequence) < (?, ?) "
            "ORDER BY epoch DESC, sequence DESC LIMIT ?"),
        slots(raw,
              "SELECT json_extract(value, '$.slot') FROM json_each(iif(json_valid(?1), ?1, '{}'), "
              "'$.slots')"),
        before(raw,
               "SELECT json_extract(data, '$.from') FROM outbox "
               "WHERE epoch = ? AND sequence = ? - 1 AND type = 'parking.outbox.thinned.v1'"),
        after(raw,
              "SELECT sequence FROM (SELECT sequence, type, data FROM outbox "
              "  WHERE epoch = ?1 AND sequence > ?2 ORDER BY sequence LIMIT 1) "
              "WHERE type = 'parking.outbox.thinned.v1' "
              "  AND json_extract(data, '$.from') = ?2 + 1"),
        any_before(raw, "SELECT 1 FROM outbox WHERE (epoch, sequence) < (?, ?) LIMIT 1"),
        time_of(raw, "SELECT time FROM outbox WHERE epoch = ? AND sequence = ?"),
        remove(raw, "DELETE FROM outbox WHERE epoch = ? AND sequence BETWEEN ? AND ?"),
        insert(raw,
               "INSERT INTO outbox (epoch, sequence, type, subject, time, data) "
               "VALUES (?, ?, 'parking.outbox.thinned.v1', 'outbox', ?, ?)") {}
  Statement size;
  Statement oldest;
  Statement acknowledged;
  Statement acknowledge;
  Statement first_after;
  Statement forwards;
  Statement newest;
  Statement dated_after;
  Statement backwards;
  Statement slots;
  Statement before;
  Statement after;
  Statement any_before;
  Statement time_of;
  Statement remove;
  Statement insert;
};

OutboxKeeping::OutboxKeeping(Database& database) {
  attempt("cannot open the outbox",
          [&] { statements_ = std::make_unique<Statements>(database.raw()); });
}

OutboxKeeping::~OutboxKeeping() = default;

OutboxSize OutboxKeeping::size() {
  return attempt("cannot read the outbox's size", [&] {
    OutboxSize size;
    if (Run run(statements_->size); run.next()) {
      size.rows = run.get<std::uint64_t>();
      size.bytes = run.get<std::uint64_t>();
    }
    if (Run run(statements_->oldest); run.next()) size.oldest = run.get<Instant>();
    return size;
  });
}

OutboxPlace OutboxKeeping::acknowledged() {
  return attempt("cannot read how far the cloud has stored the outbox", [&] {
    Run run(statements_->acknowledged);
    if (!run.next()) throw_impossible("place up to which the cloud has stored the outbox");
    OutboxPlace place;
    place.epoch = run.get<std::uint64_t>();
    place.sequence = run.get<std::uint64_t>();
    return place;
  });
}

void OutboxKeeping::save_acknowledged(Transaction& /*transaction*/, OutboxPlace place) {
  attempt("cannot save how far the cloud has stored the outbox",
          [&] { Run(statements_->acknowledge, place.epoch, place.sequence).exec(); });
}

std::optional<Instant> OutboxKeeping::written_after(OutboxPlace place) {
  return attempt("cannot read the outbox", [&]() -> std::optional<Instant> {
    Run run(statements_->first_after, place.epoch, place.sequence);
    if (!run.next()) return std::nullopt;
    return run.get<Instant>();
  });
}

/// The next ones from the oldest on, up to the first that stays: the clock may have stepped. One
/// dated after the newest row was written by a clock that ran ahead: it is as old as those around
/// it, and belongs to them when the next one behind it is old.
std::vector<OutboxKeeping::Event> OutboxKeeping::old_events(const OutboxLimit& limit,
                                                            int rows_max) {
  Instant newest{};
  if (Run row(statements_->newest); row.next()) newest = row.get<Instant>();
  std::vector<Event> found;
  {
    Run row(statements_->forwards, dropped_up_to_.epoch, dropped_up_to_.sequence, rows_max);
    while (row.next()) {
      Event event;
      event.place.epoch = row.get<std::uint64_t>();
      event.place.sequence = row.get<std::uint64_t>();
      event.type = row.get<std::string>();
      event.time = row.get<Instant>();
      event.from = row.get<std::uint64_t>();
      const bool is_new = event.time >= limit.before && event.time <= newest;
      if (is_new || (limit.up_to && event.place > *limit.up_to)) break;
      found.push_back(std::move(event));
    }
  }
  if (found.empty() || found.back().time < limit.before) return found;
  const OutboxPlace last = found.back().place;
  Run next(statements_->dated_after, last.epoch, last.sequence, newest);
  if (next.next() && next.get<Instant>() < limit.before) return found;
  while (!found.empty() && found.back().time >= limit.before) found.pop_back();
  return found;
}

int OutboxKeeping::drop_events(Transaction& /*transaction*/, const OutboxLimit& limit,
                               int rows_max) {
  return attempt("cannot drop old events of the outbox", [&] {
    const std::vector<Event> old = old_events(limit, rows_max);
    std::vector<Gone> runs;
    for (const Event& event : old) {
      const OutboxPlace place = event.place;
      dropped_up_to_ = place;
      if (is_money(event.type)) continue;
      const int dropped = event.type == thinned_type ? 0 : 1;
      if (!runs.empty() && runs.back().epoch == place.epoch && runs.back().to + 1 == event.from) {
        runs.back().to = place.sequence;
        runs.back().rows += dropped;
      } else {
        runs.push_back({place.epoch, event.from, place.sequence, dropped});
      }
    }
    replace(runs, false);
    return static_cast<int>(old.size());
  });
}

void OutboxKeeping::begin_thinning() { thinning_ = std::make_unique<Thinning>(); }

int OutboxKeeping::thin(Transaction& /*transaction*/, int rows_max) {
  return attempt("cannot thin the outbox", [&] {
    int looked_at = 0;
    std::vector<Gone> runs;
    {
      Run row(statements_->backwards, thinning_->before.epoch, thinning_->before.sequence,
              rows_max);
      while (row.next()) {
        ++looked_at;
        OutboxPlace place;
        place.epoch = row.get<std::uint64_t>();
        place.sequence = row.get<std::uint64_t>();
        const auto type = row.get<std::string>();
        const auto data = row.get<std::string>();
        const auto from = row.get<std::uint64_t>();
        thinning_->before = place;
        const bool goes = type == slot_changed_type && is_superseded(data);
        if (!goes && type != thinned_type) continue;
        if (!runs.empty() && runs.back().epoch == place.epoch &&
            runs.back().from == place.sequence + 1) {
          runs.back().from = from;
          runs.back().rows += goes ? 1 : 0;
        } else {
          runs.push_back({place.epoch, from, place.sequence, goes ? 1 : 0});
        }
      }
    }
    const int dropped = replace(runs, true);
    if (looked_at < rows_max) thinning_.reset();
    return dropped;
  });
}

/// Notes what changed in it for the rows before. A row whose slots cannot be read stays.
bool OutboxKeeping::is_superseded(const std::string& data) {
  const auto slots = slots_of(data);
  bool is_superseded = !slots.empty();
  for (const std::string& slot : slots) {
    if (thinning_->changed_later.insert(slot).second) is_superseded = false;
  }
  return is_superseded;
}

std::vector<std::string> OutboxKeeping::slots_of(const std::string& data) {
  std::vector<std::string> slots;
  Run run(statements_->slots, data);
  while (run.next()) {
    auto slot = run.maybe<std::string>();
    if (!slot) return {};
    slots.push_back(*std::move(slot));
  }
  return slots;
}

int OutboxKeeping::replace(const std::vector<Gone>& runs, bool marks_the_beginning) {
  int dropped = 0;
  for (const Gone& run : runs) {
    if (run.rows == 0) continue;
    replace(run, marks_the_beginning);
    dropped += run.rows;
  }
  return dropped;
}

/// One row for all of them, and for runs of before at either side.
void OutboxKeeping::replace(Gone run, bool marks_the_beginning) {
  Statements& sql = *statements_;
  if (Run before(sql.before, run.epoch, run.from); before.next())
    run.from = before.get<std::uint64_t>();
  if (Run after(sql.after, run.epoch, run.to); after.next()) run.to = after.get<std::uint64_t>();
  Instant time{};
  if (Run last(sql.time_of, run.epoch, run.to); last.next()) time = last.get<Instant>();
  Run(sql.remove, run.epoch, run.from, run.to).exec();
  const bool has_any_before =
      marks_the_beginning || Run(sql.any_before, run.epoch, run.from).next();
  if (!has_any_before) return;
  const std::string data =
      R"({"from":)" + std::to_string(run.from) + R"(,"to":)" + std::to_string(run.to) + "}";
  Run(sql.insert, run.epoch, run.to, time, data).exec();
}

}  // namespace gatehouse::store
