// The outbox: every change that matters outside the lot, numbered without gaps within its epoch,
// written in the same transaction as the change (docs/contract/cloud.md).
//
// The thread of the Database; failure is a StoreError.
#pragma once

#include "edge/domain/time.hpp"
#include "edge/store/database.hpp"

#include <cstdint>
#include <memory>
#include <string_view>

namespace gatehouse::store {

struct OutboxRow {
  std::string_view type;  // parking.slot.changed.v1
  std::string_view subject;
  Instant time;
  std::string_view data;  // a JSON object
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

  [[nodiscard]] OutboxPosition position() const { return position_; }

 private:
  struct Statements;
  Database& database_;
  OutboxPosition position_;
  std::unique_ptr<Statements> statements_;
};

}  // namespace gatehouse::store
