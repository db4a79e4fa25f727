#include "edge/engine/outbox_house.hpp"

#include "edge/engine/announce.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace gatehouse::engine {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::days money_keep{35};
// Bounded, so that a week's rows never hold up a commit.
constexpr int rows_at_once = 500;
// A pass leaves one change of each slot: the next one is worth it when many more have come.
constexpr auto thinning_interval = 10min;
constexpr std::uint64_t warn_percent = 80;
constexpr std::uint64_t relief_percent = 75;

std::uint64_t percent_of(std::uint64_t bytes, std::uint64_t bytes_max) {
  return bytes / std::max<std::uint64_t>(bytes_max / 100, 1);
}

}  // namespace

bool OutboxHouse::keep(store::Transaction& transaction, store::Outbox& outbox, Moment now) {
  std::optional<store::OutboxPlace> up_to;
  Instant money_before = now.utc - std::max(rules_.keep, money_keep);
  if (rules_.has_cloud) {
    up_to = keeping_.acknowledged();
    // From the oldest on, up to the first that the cloud has not stored.
    // Where a clock that ran ahead wrote that one, its time bounds nothing: nothing goes then.
    if (const auto waiting = keeping_.written_after(*up_to))
      money_before = *waiting > now.utc ? Instant{} : std::min(money_before, *waiting);
  }
  const int pruned = outbox.prune(transaction, money_before, rows_at_once);
  const int looked_at = keeping_.drop_events(
      transaction, {.before = now.utc - rules_.keep, .up_to = up_to}, rows_at_once);
  const bool is_too_large = keeping_.size().bytes > rules_.bytes_max;
  if (is_too_large && !keeping_.is_thinning() && now.steady >= next_thinning_) {
    keeping_.begin_thinning();
    next_thinning_ = now.steady + thinning_interval;
  }
  if (keeping_.is_thinning()) keeping_.thin(transaction, rows_at_once);
  measure(now.utc);
  return pruned == rows_at_once || looked_at == rows_at_once || keeping_.is_thinning();
}

void OutboxHouse::measure(Instant now) {
  const store::OutboxSize size = keeping_.size();
  const auto age = size.oldest ? std::max(now - *size.oldest, 0ms) : 0ms;
  rows_.store(size.rows, std::memory_order_relaxed);
  bytes_.store(size.bytes, std::memory_order_relaxed);
  age_ms_.store(age.count(), std::memory_order_relaxed);
}

void OutboxHouse::warn(Turn& turn) {
  const auto percent = percent_of(bytes_.load(std::memory_order_relaxed), rules_.bytes_max);
  if (percent >= warn_percent) {
    raise(turn, {"outbox_full", "outbox", store::Severity::warning,
                 fmt::format("What waits for the cloud fills {} % of its room", percent)});
  } else if (percent < relief_percent) {
    clear(turn, "outbox_full", "outbox");
  }
}

void OutboxHouse::collect(std::vector<Sample>& samples) const {
  using enum Sample::Kind;
  const auto bytes = bytes_.load(std::memory_order_relaxed);
  const std::chrono::milliseconds age(age_ms_.load(std::memory_order_relaxed));
  samples.push_back({"gatehouse_outbox_rows",
                     "Rows of the outbox",
                     gauge,
                     static_cast<double>(rows_.load(std::memory_order_relaxed)),
                     {}});
  samples.push_back({"gatehouse_outbox_bytes",
                     "Bytes of the outbox, as cloud.outbox_max_mb counts them",
                     gauge,
                     static_cast<double>(bytes),
                     {}});
  samples.push_back({"gatehouse_outbox_oldest_age_seconds",
                     "Age of the outbox's oldest row",
                     gauge,
                     static_cast<double>(age.count()) / 1e3,
                     {}});
  if (const auto left = autonomy_left(bytes, rules_.bytes_max, age)) {
    samples.push_back({"gatehouse_outbox_autonomy_hours",
                       "For how long the outbox has room, if it grows as it did",
                       gauge,
                       static_cast<double>(left->count()),
                       {}});
  }
}

std::optional<std::chrono::hours> autonomy_left(std::uint64_t bytes, std::uint64_t bytes_max,
                                                std::chrono::milliseconds age) {
  if (bytes == 0 || age < 1h) return std::nullopt;
  if (bytes >= bytes_max) return 0h;
  const auto hours = std::chrono::duration<double, std::ratio<3'600>>(age).count();
  const double left = static_cast<double>(bytes_max - bytes) * hours / static_cast<double>(bytes);
  constexpr double longest = 24.0 * 365 * 100;
  return std::chrono::hours(static_cast<std::int64_t>(std::min(left, longest)));
}

}  // namespace gatehouse::engine
