#include "edge/engine/pacing.hpp"

#include <algorithm>

namespace gatehouse::engine {

void Pacing::touch(std::size_t thing, Steady now) {
  Thing& touched = things_[thing];
  if (touched.waits) return;
  touched.waits = true;
  const Steady due = touched.shown_at ? std::max(now, *touched.shown_at + interval_) : now;
  appointments_.push({due, thing});
}

void Pacing::take_due(Steady now, std::vector<std::size_t>& due) {
  due.clear();
  while (!appointments_.empty() && appointments_.top().due <= now) {
    const std::size_t thing = appointments_.top().thing;
    appointments_.pop();
    things_[thing].waits = false;
    things_[thing].shown_at = now;
    due.push_back(thing);
  }
}

std::optional<Steady> Pacing::next_due() const {
  if (appointments_.empty()) return std::nullopt;
  return appointments_.top().due;
}

}  // namespace gatehouse::engine
