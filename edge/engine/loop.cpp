#include "edge/engine/loop.hpp"

#include <algorithm>

namespace gatehouse::engine {
namespace {

using namespace std::chrono_literals;

// Under load a batch gathers for this long, so that one fsync and one publication serve more
// events: measured, it raises the rate by half and cuts the tail (bench/README.md).
constexpr auto linger_for = 1ms;
// A batch this large, this recently, means load. Otherwise the first event is committed at once:
// waiting would only make it late.
constexpr std::size_t load_batch = 4;
constexpr auto recent = 2ms;
// Longest sleep: a clock that was set must not keep a timer waiting.
constexpr std::chrono::microseconds patience_max = 1s;

}  // namespace

Loop::Loop(Engine& engine, Inbox& inbox, const Clock& clock, store::Checkpointer& checkpointer)
    : engine_(engine), inbox_(inbox), clock_(clock), checkpointer_(checkpointer) {}

void Loop::run() {
  while (!engine_.stop_requested()) {
    const std::chrono::microseconds patience = engine_.next_turn() - clock_.now().steady;
    const auto waiting = inbox_.wait(std::clamp(patience, 0us, patience_max));
    const bool under_load =
        engine_.last_batch() >= load_batch && clock_.now().steady - engine_.last_commit() < recent;
    if (waiting == Inbox::Waiting::sensors && under_load) inbox_.linger(linger_for);
    engine_.turn();
    checkpointer_.log_holds(engine_.log_frames());
    if (engine_.wants_empty_log()) checkpointer_.empty_log();
  }
  engine_.finish();
}

}  // namespace gatehouse::engine
