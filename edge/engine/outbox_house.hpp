// Keeps the outbox as long as it must and as small as it may (docs/contract/cloud.md): what is old
// goes, money later than the rest; above `bytes_max` all but the last change of each slot goes; and
// somebody is told when four fifths are full.
//
// keep() and warn() on the engine's thread, inside a turn's transaction; failure is a StoreError.
// collect() on any.
#pragma once

#include "edge/engine/metrics.hpp"
#include "edge/engine/turn.hpp"
#include "edge/store/outbox.hpp"
#include "edge/store/outbox_keeping.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <vector>

namespace gatehouse::engine {

struct OutboxRules {
  std::chrono::days keep{7};                  // money: 35 days, or these where they are more
  std::uint64_t bytes_max = 2'048ULL << 20U;  // of what is not money
  bool has_cloud = false;                     // then nothing goes before it is stored there
};

class OutboxHouse final : public MetricsSource {
 public:
  OutboxHouse(store::Database& database, const OutboxRules& rules)
      : keeping_(database), rules_(rules) {}

  /// One bounded step. True: there is more to do.
  bool keep(store::Transaction& transaction, store::Outbox& outbox, Moment now);
  /// Raises or clears the alert `outbox_full`, as it was at the last keep().
  void warn(Turn& turn);

  void collect(std::vector<Sample>& samples) const override;

 private:
  void measure(Instant now);

  store::OutboxKeeping keeping_;
  const OutboxRules rules_;
  Steady next_thinning_{};
  std::atomic<std::uint64_t> rows_{0};
  std::atomic<std::uint64_t> bytes_{0};
  std::atomic<std::int64_t> age_ms_{0};
};

/// For how long there is room, if it goes on as since the oldest row; nullopt: nothing to go by.
std::optional<std::chrono::hours> autonomy_left(std::uint64_t bytes, std::uint64_t bytes_max,
                                                std::chrono::milliseconds age);

}  // namespace gatehouse::engine
