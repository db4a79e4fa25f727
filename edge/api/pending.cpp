#include "edge/api/pending.hpp"

#include "edge/api/limits.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

namespace gatehouse::api {

struct Pending::State {
  struct Waiting {
    Answer answer;
    Steady deadline;
    std::string what;        // "": nothing that two could wait for
    bool is_second = false;  // another one waited for the same before it
  };
  std::mutex mutex;
  // Protected by mutex. In the order in which they began, which is that of their deadlines.
  std::map<std::uint64_t, Waiting> waiting;
  std::uint64_t last = 0;
  bool is_closed = false;

  [[nodiscard]] bool waits_for(const std::string& what) const {
    return std::ranges::any_of(waiting, [&](const auto& each) { return each.second.what == what; });
  }
  /// Empty: answered already, or nobody is answered any more.
  Answer take(std::uint64_t number) {
    const std::scoped_lock lock(mutex);
    auto found = waiting.extract(number);
    return found.empty() ? Answer() : std::move(found.mapped().answer);
  }
};

Pending::Pending(const engine::Clock& clock) : clock_(clock), state_(std::make_shared<State>()) {}

Answer Pending::hold(Answer answer, std::string what) {
  const Steady deadline = clock_.now().steady + limits::answer_within;
  const std::scoped_lock lock(state_->mutex);
  const std::uint64_t number = ++state_->last;
  if (!state_->is_closed) {
    const bool is_second = !what.empty() && state_->waits_for(what);
    state_->waiting.emplace(
        number, State::Waiting{std::move(answer), deadline, std::move(what), is_second});
  }
  return [state = state_, number](Response response) {
    if (Answer waiting = state->take(number)) waiting(std::move(response));
  };
}

void Pending::expire() {
  const Steady now = clock_.now().steady;
  std::vector<State::Waiting> late;
  {
    const std::scoped_lock lock(state_->mutex);
    auto& waiting = state_->waiting;
    while (!waiting.empty() && waiting.begin()->second.deadline <= now) {
      late.push_back(std::move(waiting.begin()->second));
      waiting.erase(waiting.begin());
    }
  }
  for (State::Waiting& each : late)
    each.answer(each.is_second ? still_in_progress() : no_answer_in_time());
}

void Pending::close() {
  std::map<std::uint64_t, State::Waiting> dropped;
  const std::scoped_lock lock(state_->mutex);
  state_->is_closed = true;
  dropped.swap(state_->waiting);
}

std::size_t Pending::size() const {
  const std::scoped_lock lock(state_->mutex);
  return state_->waiting.size();
}

Response no_answer_in_time() {
  return failure_retry_after(
      503, "no_answer", "There was no answer in time. Look whether it was done, then try again", 2);
}

Response still_in_progress() {
  return failure(409, "in_progress",
                 "The first request under this Idempotency-Key is still going on");
}

Response too_busy() {
  return failure_retry_after(503, "busy", "Too much is waiting here. Please try again", 1);
}

}  // namespace gatehouse::api
