// The outbox: every change that matters outside the lot, numbered without gaps within its epoch,
// written in the same transaction as the change (docs/contract/cloud.md).
//
// The thread of the Database; failure is a StoreError.
#pragma once

#include "edge/domain/time.hpp"
#include "edge/store/database.hpp"

#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::store {

struct OutboxRow {
  std::string_view type;  // parking.slot.changed.v1
  std::string_view subject;
  Instant time;
  std::string_view data;  // a JSON object
};

/// A row as it was read back.
struct StoredOutboxRow {
  std::uint64_t epoch = 0;
  std::uint64_t sequence = 0;
  std::string type;
  std::string subject;
  Instant time{};
  std::string data;
};

/// A row's place; sequence 0: before the first of its epoch.
struct OutboxPlace {
  std::uint64_t epoch = 0;
  std::uint64_t sequence = 0;
  auto operator<=>(const OutboxPlace&) const = default;
};

struct OutboxPosition {
  std::uint64_t epoch = 0;
  std::uint64_t last_sequence = 0;  // 0: nothing was written in this epoch
};

class Outbox {
 public:
  /// Goes on in the newest epoch. Throws StoreError::unusable on a store that was never seeded.
  explicit Outbox(Database& database);
  ~Outbox();
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  /// Returns the row's sequence: one above the last. It is the row's only once committed; after a
  /// rollback forget() must be called before the next append.
  std::uint64_t append(Transaction& transaction, const OutboxRow& row);
  /// Reads the position anew, as it is in the store.
  void forget();

  /// Deletes up to `rows_max` rows from the oldest on, as far as all are older than `before`;
  /// returns how many.
  int prune(Transaction& transaction, Instant before, int rows_max);

  /// Up to `rows_max` rows after a place, in order; rows of a later epoch follow.
  [[nodiscard]] std::vector<StoredOutboxRow> read_after(OutboxPlace place, int rows_max);

  /// The last row that went out on events/#, which has a cursor of its own: in order, at least
  /// once, none left out, over restarts (docs/contract/mqtt.md, "Events").
  [[nodiscard]] OutboxPlace event_cursor();
  void save_event_cursor(Transaction& transaction, OutboxPlace place);

  [[nodiscard]] OutboxPosition position() const { return position_; }

 private:
  struct Statements;
  Database& database_;
  OutboxPosition position_;
  std::unique_ptr<Statements> statements_;
};

}  // namespace gatehouse::store
