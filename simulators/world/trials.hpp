// Three long trials of one promise each, in virtual time.
//
//   CHECK(run_power_cuts({.cuts = 1'000}).lost == 0);
//   CHECK(run_barrier_commands({.openings = 10'000}).second_openings == 0);
//   CHECK(run_pairs(10'000).openings == 10'000);
//
// The same options give the same report on every machine. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace gatehouse::world {

struct PowerCuts {
  std::uint64_t cuts = 1'000;
  std::uint64_t seed = 1;
  bool weak_synchronous = false;  // a defect: synchronous=NORMAL
};
struct PowerCutsReport {
  std::uint64_t cuts = 0;
  std::uint64_t acknowledged = 0;  // tickets that were handed out, scans that were answered
  std::uint64_t lost = 0;          // of these, not in the store after the next start
  std::uint64_t cuts_with_loss = 0;
  std::optional<std::string> violation;
};
/// People at the counter and at a gate, while the power goes at any write, sync or act.
PowerCutsReport run_power_cuts(const PowerCuts& options);

struct BarrierCommands {
  std::uint64_t openings = 10'000;
  std::uint64_t seed = 1;
  bool repeats_pulses = false;  // a defect: a pulse that nobody answered is simply made again
};
struct BarrierCommandsReport {
  std::uint64_t openings = 0;         // ordered, each by a committed call
  std::uint64_t raised = 0;           // of these, the arm went up
  std::uint64_t second_openings = 0;  // the arm went up once more for the same one
  std::uint64_t unasked = 0;          // the arm went up for none
  std::uint64_t faults = 0;  // silence, lost and late answers, broken connections, stuck arms
  std::optional<std::string> violation;
};
/// Openings by hand at four barriers whose Modbus lines and arms fail all the time.
BarrierCommandsReport run_barrier_commands(const BarrierCommands& options);

struct PairsReport {
  std::uint64_t pairs = 0;
  std::uint64_t openings = 0;   // recorded, and ordered
  std::uint64_t told_once = 0;  // exactly one of the two displays said `open`
  std::optional<std::string> violation;
};
/// The same ticket at two entries in the same millisecond, then at two exits.
PairsReport run_pairs(std::uint64_t pairs);

}  // namespace gatehouse::world
