#include "edge/api/pending.hpp"

#include "edge/api/limits.hpp"

#include <map>
#include <mutex>
#include <utility>
#include <vector>

namespace gatehouse::api {

struct Pending::State {
  struct Waiting {
    Answer answer;
    Steady deadline;
  };
  std::mutex mutex;
  // Protected by mutex. In the order in which they began, which is that of their deadlines.
  std::map<std::uint64_t, Waiting> waiting;
  std::uint64_t last = 0;
  bool is_closed = false;

  /// Empty: answered already, or nobody is answered any more.
  Answer take(std::uint64_t number) {
    const std::scoped_lock lock(mutex);
    auto found = waiting.extract(number);
    return found.empty() ? Answer() : std::move(found.mapped().answer);
  }
};

Pending::Pending(const engine::Clock& clock) : clock_(clock), state_(std::make_shared<State>()) {}

Answer Pending::hold(Answer answer) {
  const Steady deadline = clock_.now().steady + limits::answer_within;
  const std::scoped_lock lock(state_->mutex);
  const std::uint64_t number = ++state_->last;
  if (!state_->is_closed)
    state_->waiting.emplace(number, State::Waiting{std::move(answer), deadline});
  return [state = state_, number](Response response) {
    if (Answer waiting = state->take(number)) waiting(std::move(response));
  };
}

void Pending::expire() {
  const Steady now = clock_.now().steady;
  std::vector<Answer> late;
  {
    const std::scoped_lock lock(state_->mutex);
    auto& waiting = state_->waiting;
    while (!waiting.empty() && waiting.begin()->second.deadline <= now) {
      late.push_back(std::move(waiting.begin()->second.answer));
      waiting.erase(waiting.begin());
    }
  }
  for (Answer& answer : late) answer(no_answer_in_time());
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

Response too_busy() {
  return failure_retry_after(503, "busy", "Too much is waiting here. Please try again", 1);
}

}  // namespace gatehouse::api
