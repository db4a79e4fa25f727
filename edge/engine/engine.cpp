#include "edge/engine/engine.hpp"

#include <algorithm>
#include <utility>

namespace gatehouse::engine {
namespace {

using namespace std::chrono_literals;

// Silence and rates are looked at this often: both are shown within a second.
constexpr auto housekeeping_interval = 1s;
// An idle loop proves that it can still commit this often; health calls it failing after 10 s.
constexpr auto heartbeat_interval = 5s;
constexpr auto pruning_interval = 60s;
// Bounded, so that a week's rows never hold up a commit.
constexpr int prune_rows_max = 500;

}  // namespace

Engine::Engine(const Parts& parts)
    : plan_(parts.plan),
      database_(parts.database),
      inbox_(parts.inbox),
      clock_(parts.clock),
      calendar_(parts.calendar),
      outside_(parts.outside),
      settings_(parts.settings),
      outbox_(parts.database),
      occupancy_(parts.plan, parts.database, parts.settings.stale_after, parts.clock.now()) {}

void Engine::start() {
  const Moment now = clock_.now();
  keep_house(now);
  occupancy_.settle(now);
  static_cast<void>(occupancy_.due(now.steady));  // all of it is shown right now
  commit_and_act(now, occupancy_.everything());
}

bool Engine::turn() {
  inbox_.take(batch_);
  last_batch_ = batch_.sensors.size();
  const Moment now = clock_.now();
  for (const UrgentEvent& event : batch_.urgent) decide(event);
  for (const SensorEvent& event : batch_.sensors) decide(event);
  if (now.steady >= next_housekeeping_) keep_house(now);
  occupancy_.settle(now);
  Effects effects = occupancy_.due(now.steady);
  const bool heartbeat_due = now.steady - last_commit() >= heartbeat_interval;
  if (!occupancy_.nothing_to_record() || !effects.empty() || heartbeat_due || pruning_due_) {
    commit_and_act(now, std::move(effects));
  }
  turns_.fetch_add(1, std::memory_order_relaxed);
  return !batch_.empty();
}

void Engine::finish() {
  while (turn()) {
  }
  const Moment now = clock_.now();
  occupancy_.save_everything();
  occupancy_.settle(now);
  commit_and_act(now, occupancy_.due(now.steady));
}

Steady Engine::next_turn() const {
  const Steady next = std::min(next_housekeeping_, last_commit() + heartbeat_interval);
  return std::min(next, occupancy_.next_due().value_or(next));
}

Steady Engine::last_commit() const {
  return Steady(Steady::duration(last_commit_us_.load(std::memory_order_relaxed)));
}

void Engine::decide(const UrgentEvent& event) {
  std::visit([this](const StopRequested&) { stop_requested_ = true; }, event);
}

void Engine::decide(const SensorEvent& event) {
  std::visit([this](const auto& reported) { occupancy_.decide(reported); }, event);
}

void Engine::keep_house(Moment now) {
  next_housekeeping_ = now.steady + housekeeping_interval;
  occupancy_.keep_house(now, calendar_.local(now.utc));
  pruning_due_ = now.steady >= next_pruning_;
}

void Engine::commit_and_act(Moment now, Effects effects) {
  store::Transaction transaction = database_.begin();
  const bool nothing_recorded = occupancy_.nothing_to_record();
  occupancy_.record(transaction, outbox_, now.utc);
  if (now.steady - last_commit() >= heartbeat_interval)
    occupancy_.save_heartbeat(transaction, now.utc);
  if (std::exchange(pruning_due_, false)) {
    const int pruned = outbox_.prune(transaction, now.utc - settings_.outbox_keep, prune_rows_max);
    if (pruned < prune_rows_max) next_pruning_ = now.steady + pruning_interval;
  }
  const auto committed = std::move(transaction).commit(std::move(effects));
  if (!nothing_recorded) commits_.fetch_add(1, std::memory_order_relaxed);
  const Steady done = clock_.now().steady;
  commit_time_us_.fetch_add(static_cast<std::uint64_t>((done - now.steady).count()),
                            std::memory_order_relaxed);
  last_commit_us_.store(done.time_since_epoch().count(), std::memory_order_relaxed);
  if (!committed->empty()) outside_.act(committed);
}

void Engine::collect(std::vector<Sample>& samples) const {
  using enum Sample::Kind;
  const auto read = [](const std::atomic<std::uint64_t>& value) {
    return static_cast<double>(value.load(std::memory_order_relaxed));
  };
  samples.push_back({"gatehouse_commits_total",
                     "Transactions that recorded something",
                     counter,
                     read(commits_),
                     {}});
  samples.push_back({"gatehouse_turns_total", "Rounds of the loop", counter, read(turns_), {}});
  samples.push_back({"gatehouse_commit_seconds_total",
                     "Time spent recording and committing",
                     counter,
                     read(commit_time_us_) / 1e6,
                     {}});
  occupancy_.collect(samples);
}

}  // namespace gatehouse::engine
