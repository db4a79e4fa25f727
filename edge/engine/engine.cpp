#include "edge/engine/engine.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

namespace gatehouse::engine {
namespace {

using namespace std::chrono_literals;

// Silence and rates are looked at this often: both are shown within a second.
constexpr auto housekeeping_interval = 1s;
// An idle loop proves that it can still commit this often; health calls it failing after 10 s.
constexpr auto heartbeat_interval = 5s;
constexpr auto pruning_interval = 60s;
constexpr int events_at_once = 100;

}  // namespace

Engine::Engine(const Parts& parts)
    : plan_(parts.plan),
      database_(parts.database),
      inbox_(parts.inbox),
      clock_(parts.clock),
      calendar_(parts.calendar),
      outside_(parts.outside),
      settings_(parts.settings),
      ballast_(parts.ballast),
      outbox_(parts.database),
      outbox_house_(parts.database, parts.settings.outbox),
      gates_(parts.gates ? std::optional<Gates>(std::in_place, *parts.gates, parts.database)
                         : std::nullopt),
      occupancy_(parts.plan, parts.database, parts.settings.stale_after, parts.clock.now(),
                 gates_ ? gates_->claims() : std::vector<Claim>()) {}

void Engine::start() {
  const Moment now = clock_.now();
  Effects effects;
  std::optional<store::Transaction> transaction;
  if (gates_) {
    transaction.emplace(database_.begin());
    look_after_the_store();
    Turn turn = begin_turn(*transaction, effects, now);
    gates_->start(turn);
    keep_house(now, &turn);
    gates_->close(turn);
  } else {
    keep_house(now, nullptr);
  }
  occupancy_.settle(now);
  occupancy_.take_due(now.steady, effects);
  occupancy_.show_everything(effects);
  commit_and_act(now, std::move(transaction), std::move(effects));
}

bool Engine::turn() {
  inbox_.take(batch_);
  last_batch_ = batch_.sensors.size();
  const Moment now = clock_.now();
  // Before anything is decided: a slot whose time has come is given to nobody in this turn.
  occupancy_.board().look_at_outages(now.utc);
  Effects effects;
  std::optional<store::Transaction> transaction;
  std::optional<Turn> turn;
  const auto begin = [&] {
    if (turn || !gates_) return;
    transaction.emplace(database_.begin());
    turn.emplace(begin_turn(*transaction, effects, now));
  };
  const bool house_is_due = now.steady >= next_housekeeping_;
  if (house_is_due) look_after_the_store();
  if (!batch_.urgent.empty() || house_is_due) begin();
  Turn* const gate_turn = turn ? &*turn : nullptr;
  for (const UrgentEvent& event : batch_.urgent) decide(event, gate_turn);
  for (const SensorEvent& event : batch_.sensors) decide(event);
  if (gates_ && gates_->has_noted()) {
    begin();
    gates_->look_at_bays(*turn);
  }
  if (house_is_due) keep_house(now, turn ? &*turn : nullptr);
  if (turn) gates_->close(*turn);
  occupancy_.settle(now);
  occupancy_.take_due(now.steady, effects);
  if (transaction || !occupancy_.nothing_to_record() || !effects.empty() || is_heartbeat_due(now) ||
      pruning_due_ || batch_.asked) {
    commit_and_act(now, std::move(transaction), std::move(effects));
  }
  turns_.fetch_add(1, std::memory_order_relaxed);
  return !batch_.empty();
}

void Engine::finish() {
  while (turn()) {
  }
  const Moment now = clock_.now();
  Effects effects;
  std::optional<store::Transaction> transaction;
  if (gates_) {
    transaction.emplace(database_.begin());
    Turn turn = begin_turn(*transaction, effects, now);
    gates_->finish(turn);
    gates_->close(turn);
  }
  occupancy_.save_everything();
  pruning_due_ = true;
  occupancy_.settle(now);
  occupancy_.take_due(now.steady, effects);
  commit_and_act(now, std::move(transaction), std::move(effects));
}

Steady Engine::next_turn() const {
  const Steady next = std::min(next_housekeeping_, last_commit() + heartbeat_interval);
  return std::min(next, occupancy_.next_due().value_or(next));
}

bool Engine::is_heartbeat_due(Moment now) const {
  return now.steady - last_commit() >= heartbeat_interval;
}

Steady Engine::last_commit() const {
  return Steady(Steady::duration(last_commit_us_.load(std::memory_order_relaxed)));
}

void Engine::decide(const UrgentEvent& event, Turn* turn) {
  std::visit(
      [&](const auto& happened) {
        using Event = std::decay_t<decltype(happened)>;
        if constexpr (std::is_same_v<Event, StopRequested>) {
          stop_requested_ = true;
        } else if (turn != nullptr) {  // a lot of sensors alone has nobody to bring the rest
          gates_->decide(*turn, happened);
        }
      },
      event);
}

void Engine::decide(const SensorEvent& event) {
  const SlotIndex slot = std::visit(
      [this](const auto& reported) {
        occupancy_.decide(reported);
        return reported.slot;
      },
      event);
  if (gates_) gates_->note(slot, occupancy_.board().sensor(slot));
}

Turn Engine::begin_turn(store::Transaction& transaction, Effects& effects, Moment now) {
  Turn turn = gates_->turn(outbox_, occupancy_.board(), transaction, effects, now);
  turn.disk_is_scarce = disk_is_scarce_.load(std::memory_order_relaxed);
  return turn;
}

/// Before anything is decided: what is committed into a file that nobody finds again is lost.
void Engine::look_after_the_store() {
  if (!database_.is_still_there()) {
    throw store::StoreError(
        store::StoreError::Kind::unusable,
        "the store " + database_.path().string() + " was removed or replaced while it was in use");
  }
  if (ballast_ != nullptr) disk_is_scarce_.store(ballast_->is_scarce(), std::memory_order_relaxed);
}

void Engine::keep_house(Moment now, Turn* turn) {
  next_housekeeping_ = now.steady + housekeeping_interval;
  occupancy_.keep_house(now, calendar_.local(now.utc));
  if (turn != nullptr) {
    gates_->keep_house(*turn);
    outbox_house_.warn(*turn);
  }
  pruning_due_ = now.steady >= next_pruning_;
}

void Engine::record_and_prune(store::Transaction& transaction, Moment now) {
  occupancy_.record(transaction, outbox_, now.utc);
  if (is_heartbeat_due(now)) occupancy_.save_heartbeat(transaction, now.utc);
  if (!std::exchange(pruning_due_, false)) return;
  const bool is_there_more = outbox_house_.keep(transaction, outbox_, now);
  if (!is_there_more) next_pruning_ = now.steady + pruning_interval;
}

/// Only with what is written anyway, or once a minute: an fsync of its own for each handful of
/// events would halve the rate of commits. What is forgotten in a crash goes out again, under the
/// same ids.
void Engine::save_event_cursor(store::Transaction& transaction) {
  const auto taken = std::exchange(events_taken_, std::nullopt);
  if (taken && outbox_.event_cursor() < *taken) outbox_.save_event_cursor(transaction, *taken);
}

void Engine::hand_out_events(Effects& effects) {
  const auto asked = std::exchange(batch_.asked, std::nullopt);
  if (!asked) return;
  if (asked->taken) events_taken_ = std::max(events_taken_, asked->taken);
  effects.events = {asked->after, outbox_.read_after(asked->after.value_or(outbox_.event_cursor()),
                                                     events_at_once)};
}

void Engine::commit_and_act(Moment now, std::optional<store::Transaction> begun, Effects effects) {
  store::Transaction transaction = begun ? std::move(*begun) : database_.begin();
  const bool nothing_recorded = occupancy_.nothing_to_record();
  const bool is_recorded = effects.outbox_grew || !nothing_recorded;
  effects.outbox_grew = is_recorded;
  if (is_recorded || pruning_due_) save_event_cursor(transaction);
  record_and_prune(transaction, now);
  hand_out_events(effects);
  const auto committed = std::move(transaction).commit(std::move(effects));
  if (is_recorded) commits_.fetch_add(1, std::memory_order_relaxed);
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
  samples.push_back({"gatehouse_disk_scarce",
                     "1: the disk is nearly full, nobody new is let in",
                     gauge,
                     disk_is_scarce_.load(std::memory_order_relaxed) ? 1.0 : 0.0,
                     {}});
  outbox_house_.collect(samples);
  occupancy_.collect(samples);
}

}  // namespace gatehouse::engine
