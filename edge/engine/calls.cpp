#include "edge/engine/calls.hpp"

#include <utility>

namespace gatehouse::engine {

bool Calls::ask(Actor actor, decltype(Call::what) what, Answered then) {
  return ask(std::move(actor), std::move(what), std::move(then), Manner());
}

bool Calls::ask(Actor actor, decltype(Call::what) what, Answered then, Manner manner) {
  std::uint64_t id = 0;
  {
    const std::scoped_lock lock(mutex_);
    id = ++last_id_;
    waiting_.emplace(id, std::move(then));
  }
  const bool taken = inbox_.put(
      UrgentEvent(CallMade{std::make_shared<const Call>(Call{.id = id,
                                                             .actor = std::move(actor),
                                                             .what = std::move(what),
                                                             .received = clock_.now(),
                                                             .from = std::move(manner.from),
                                                             .once = std::move(manner.once)})}));
  if (!taken) {
    const std::scoped_lock lock(mutex_);
    waiting_.erase(id);
  }
  return taken;
}

void Calls::act(const store::Committed<Effects>& effects) {
  for (const auto& answer : effects->answers) {
    Answered then;
    {
      const std::scoped_lock lock(mutex_);
      const auto found = waiting_.find(answer->id);
      if (found == waiting_.end()) continue;
      then = std::move(found->second);
      waiting_.erase(found);
    }
    then(answer->result);
  }
}

}  // namespace gatehouse::engine
