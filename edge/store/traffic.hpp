// Who came and went today, and who is inside: for boards, from a connection that only reads.
//
//   TrafficLog log(database);
//   const TrafficCount count = log.count(now, is_today);
//
// Counted from the outbox, in which every entry and exit stands in the transaction that made it,
// and which is kept for a day at least. The first count walks back to the day's beginning; later
// ones read what has come since, and nothing where nothing has. The thread of the Database; failure
// is a StoreError.
#pragma once

#include "edge/domain/time.hpp"
#include "edge/store/database.hpp"
#include "edge/store/outbox.hpp"

#include <cstdint>
#include <functional>
#include <memory>

namespace gatehouse::store {

struct TrafficCount {
  std::uint64_t entries = 0;  // of the day
  std::uint64_t exits = 0;
  std::uint64_t inside = 0;  // now
  bool operator==(const TrafficCount&) const = default;
};

class TrafficLog {
 public:
  explicit TrafficLog(Database& database);
  ~TrafficLog();
  TrafficLog(const TrafficLog&) = delete;
  TrafficLog& operator=(const TrafficLog&) = delete;

  /// `day`: a number that is the same all day, of the lot's wall clock, and another one on every
  /// other day.
  TrafficCount count(Instant now, const std::function<std::int64_t(Instant)>& day);

 private:
  struct Statements;
  void add(const std::string& type, std::int64_t day_of_row);
  void walk_back(OutboxPlace newest, const std::function<std::int64_t(Instant)>& day);
  void read_on(OutboxPlace newest, const std::function<std::int64_t(Instant)>& day);

  const std::unique_ptr<Statements> statements_;
  OutboxPlace read_to_;  // epoch 0: nothing yet
  std::int64_t today_ = 0;
  TrafficCount count_;
};

}  // namespace gatehouse::store
