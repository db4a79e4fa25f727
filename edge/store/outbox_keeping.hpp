// How large the outbox is, how far the cloud has stored it, and how it stays small: events that
// are no money go when they are old, and when the file grows too large all but the last change of
// each slot. What is gone in the middle leaves one row `parking.outbox.thinned.v1` behind, which
// stands for all of the run (docs/contract/cloud.md).
//
//   OutboxKeeping keeping(database);
//   keeping.drop_events(transaction, {.before = a_week_ago}, 500);   // until it returns less
//   keeping.begin_thinning();
//   while (keeping.is_thinning()) keeping.thin(transaction, 500);
//
// The thread of the Database; failure is a StoreError.
#pragma once

#include "edge/domain/time.hpp"
#include "edge/store/database.hpp"
#include "edge/store/outbox.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace gatehouse::store {

/// Whether a row is kept as long as money is: payments, refunds, reports, and what tells epochs
/// apart.
bool is_money(std::string_view type);

struct OutboxSize {
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;        // of their texts and numbers
  std::optional<Instant> oldest;  // when the oldest row was written
};

/// Which rows may go.
struct OutboxLimit {
  Instant before{};                  // written earlier than this
  std::optional<OutboxPlace> up_to;  // and, where it is named, not beyond this place
};

class OutboxKeeping {
 public:
  explicit OutboxKeeping(Database& database);
  ~OutboxKeeping();
  OutboxKeeping(const OutboxKeeping&) = delete;
  OutboxKeeping& operator=(const OutboxKeeping&) = delete;

  [[nodiscard]] OutboxSize size();

  /// Up to where the cloud has stored everything; 0/0: nothing yet.
  [[nodiscard]] OutboxPlace acknowledged();
  /// Never back.
  void save_acknowledged(Transaction& transaction, OutboxPlace place);

  /// When the first row after a place was written; nullopt: there is none.
  [[nodiscard]] std::optional<Instant> written_after(OutboxPlace place);

  /// Looks at the next `rows_max` rows from the oldest on and drops those that are no money;
  /// returns how many it looked at. Goes on where the last call ended. What goes at the very
  /// beginning leaves nothing behind.
  int drop_events(Transaction& transaction, const OutboxLimit& limit, int rows_max);

  /// From the newest row to the oldest: a row `parking.slot.changed.v1` goes when all of its slots
  /// changed again later.
  void begin_thinning();
  [[nodiscard]] bool is_thinning() const { return thinning_ != nullptr; }
  /// The next `rows_max` rows; returns how many were dropped.
  int thin(Transaction& transaction, int rows_max);

 private:
  struct Statements;
  struct Thinning;
  struct Gone;
  struct Event;
  [[nodiscard]] std::vector<Event> old_events(const OutboxLimit& limit, int rows_max);
  [[nodiscard]] bool is_superseded(const std::string& data);
  [[nodiscard]] std::vector<std::string> slots_of(const std::string& data);
  int replace(const std::vector<Gone>& runs, bool marks_the_beginning);
  void replace(Gone run, bool marks_the_beginning);

  std::unique_ptr<Statements> statements_;
  OutboxPlace dropped_up_to_{};
  std::unique_ptr<Thinning> thinning_;  // none: no pass is going on
};

}  // namespace gatehouse::store
