// Twelve short stories of the lot, each told again for every place at which the power can go or the
// disk can fail: place 1, 2, 3 … until the story ends before it is reached.
//
//   const FlowReport report = run_flow(Flow::exit_with_cash, {.kind = Fault::Kind::power,
//                                                             .fate = Unsynced::torn});
//   if (report.violation) …   // says at which place; the same place again gives the same
//
// After each fault and at each end all of simulators/world/README.md must hold, and the story must
// have ended as it should. One thread.
#pragma once

#include "simulators/world/stage.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::world {

enum class Flow : std::uint8_t {
  walk_in_entry,
  entry_by_counter_ticket,
  exit_nothing_due,
  exit_with_cash,
  cash_before_the_gate,
  expired_ticket,
  wrong_gate,
  another_bay,
  lost_opening,
  opened_by_hand,
  emergency,
  clock_step,
};
inline constexpr std::array all_flows{Flow::walk_in_entry,
                                      Flow::entry_by_counter_ticket,
                                      Flow::exit_nothing_due,
                                      Flow::exit_with_cash,
                                      Flow::cash_before_the_gate,
                                      Flow::expired_ticket,
                                      Flow::wrong_gate,
                                      Flow::another_bay,
                                      Flow::lost_opening,
                                      Flow::opened_by_hand,
                                      Flow::emergency,
                                      Flow::clock_step};
std::string_view name(Flow flow);

struct FlowReport {
  std::uint64_t places = 0;  // visited: the fault struck there
  std::map<std::string, std::uint64_t> reached;
  std::optional<std::string> violation;
};

/// `how.place` is where to begin; 0: at the first. One place alone is replayed with `only`.
FlowReport run_flow(Flow flow, const Fault& how, std::optional<std::uint64_t> only = {});

}  // namespace gatehouse::world
