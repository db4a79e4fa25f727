#include "edge/store/outbox.hpp"

#include "edge/store/statement.hpp"
#include "edge/store/time_column.hpp"

#include <algorithm>
#include <string>

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {

struct Outbox::Statements {
  explicit Statements(SQLite::Database& raw)
      : position(raw, "SELECT epoch, last_sequence FROM epochs ORDER BY epoch DESC LIMIT 1"),
        count(raw, "UPDATE epochs SET last_sequence = ? WHERE epoch = ?"),
        insert(raw,
               "INSERT INTO outbox (epoch, sequence, type, subject, time, data) "
               "VALUES (?, ?, ?, ?, ?, ?)"),
        // Only a run from the oldest row on: the clock may have stepped, the sequence may not gap.
        // A row dated after the newest one was written by a clock that ran ahead: it is as old as
        // the rows around it, and goes when one behind it is old.
        prune(
            raw,
            "WITH newest AS (SELECT time FROM outbox ORDER BY epoch DESC, sequence DESC LIMIT 1), "
            "dated AS (SELECT time FROM outbox WHERE time <= (SELECT time FROM newest) "
            "  ORDER BY epoch, sequence LIMIT 1), "
            "oldest AS (SELECT rowid AS id, time, "
            "  row_number() OVER (ORDER BY epoch, sequence) AS place FROM outbox "
            "  ORDER BY epoch, sequence LIMIT ?2), "
            "stays AS (SELECT coalesce(min(place), ?2 + 1) AS place FROM oldest "
            "  WHERE time >= ?1 AND time <= (SELECT time FROM newest)), "
            "goes AS (SELECT coalesce(max(oldest.place), "
            "    iif((SELECT time FROM dated) < ?1, ?2, 0)) AS place FROM oldest, stays "
            "  WHERE oldest.place < stays.place AND oldest.time < ?1) "
            "DELETE FROM outbox WHERE rowid IN (SELECT oldest.id FROM oldest, goes "
            "  WHERE oldest.place <= goes.place)"),
        read_after(raw,
                   "SELECT epoch, sequence, type, subject, time, data FROM outbox "
                   "WHERE (epoch, sequence) > (?, ?) ORDER BY epoch, sequence LIMIT ?"),
        event_cursor(raw, "SELECT epoch, sequence FROM event_cursor"),
        save_event_cursor(raw, "UPDATE event_cursor SET epoch = ?, sequence = ?") {}
  Statement position;
  Statement count;
  Statement insert;
  Statement prune;
  Statement read_after;
  Statement event_cursor;
  Statement save_event_cursor;
};

Outbox::Outbox(Database& database) : database_(database) {
  try {
    statements_ = std::make_unique<Statements>(database.raw());
  } catch (const SQLite::Exception&) {
    throw_store_error("cannot open the outbox");
  }
  forget();
}

Outbox::~Outbox() = default;

void Outbox::forget() {
  try {
    SQLite::Statement& query = statements_->position;
    renew(query);
    if (!query.executeStep()) {
      throw StoreError(StoreError::Kind::unusable, "the store holds no epoch yet");
    }
    position_ = {static_cast<std::uint64_t>(query.getColumn(0).getInt64()),
                 static_cast<std::uint64_t>(query.getColumn(1).getInt64())};
    renew(query);
  } catch (const SQLite::Exception&) {
    throw_store_error("cannot read the outbox's position");
  }
}

std::uint64_t Outbox::append(Transaction& /*transaction*/, const OutboxRow& row) {
  try {
    const auto epoch = static_cast<std::int64_t>(position_.epoch);
    const auto sequence = static_cast<std::int64_t>(position_.last_sequence + 1);
    SQLite::Statement& count = statements_->count;
    renew(count);
    count.bind(1, sequence);
    count.bind(2, epoch);
    count.exec();
    SQLite::Statement& insert = statements_->insert;
    renew(insert);
    insert.bind(1, epoch);
    insert.bind(2, sequence);
    insert.bind(3, std::string(row.type));
    insert.bind(4, std::string(row.subject));
    insert.bind(5, to_column(row.time));
    insert.bind(6, std::string(row.data));
    insert.exec();
    return ++position_.last_sequence;
  } catch (const SQLite::Exception&) {
    throw_store_error("cannot write to the outbox");
  }
}

int Outbox::prune(Transaction& /*transaction*/, Instant before, int rows_max) {
  try {
    SQLite::Statement& prune = statements_->prune;
    renew(prune);
    prune.bind(1, to_column(before));
    prune.bind(2, rows_max);
    return prune.exec();
  } catch (const SQLite::Exception&) {
    throw_store_error("cannot prune the outbox");
  }
}

std::vector<StoredOutboxRow> Outbox::read_after(OutboxPlace place, int rows_max) {
  try {
    SQLite::Statement& query = statements_->read_after;
    renew(query);
    query.bind(1, static_cast<std::int64_t>(place.epoch));
    query.bind(2, static_cast<std::int64_t>(place.sequence));
    query.bind(3, std::max(rows_max, 0));
    std::vector<StoredOutboxRow> rows;
    while (query.executeStep()) {
      rows.push_back({.epoch = static_cast<std::uint64_t>(query.getColumn(0).getInt64()),
                      .sequence = static_cast<std::uint64_t>(query.getColumn(1).getInt64()),
                      .type = query.getColumn(2).getString(),
                      .subject = query.getColumn(3).getString(),
                      .time = from_column(query.getColumn(4).getInt64()),
                      .data = query.getColumn(5).getString()});
    }
    renew(query);
    return rows;
  } catch (const SQLite::Exception&) {
    throw_store_error("cannot read the outbox");
  }
}

OutboxPlace Outbox::event_cursor() {
  try {
    SQLite::Statement& query = statements_->event_cursor;
    renew(query);
    if (!query.executeStep()) {
      throw StoreError(StoreError::Kind::unusable, "the store lost its event cursor");
    }
    const OutboxPlace place{static_cast<std::uint64_t>(query.getColumn(0).getInt64()),
                            static_cast<std::uint64_t>(query.getColumn(1).getInt64())};
    renew(query);
    return place;
  } catch (const SQLite::Exception&) {
    throw_store_error("cannot read the event cursor");
  }
}

void Outbox::save_event_cursor(Transaction& /*transaction*/, OutboxPlace place) {
  try {
    SQLite::Statement& update = statements_->save_event_cursor;
    renew(update);
    update.bind(1, static_cast<std::int64_t>(place.epoch));
    update.bind(2, static_cast<std::int64_t>(place.sequence));
    update.exec();
  } catch (const SQLite::Exception&) {
    throw_store_error("cannot save the event cursor");
  }
}

}  // namespace gatehouse::store
