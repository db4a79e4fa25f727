// A seeded, deterministic lot with gates: the real engine, store and arms of barriers under a
// virtual clock, with cars that come, park and leave, readers that repeat themselves, barriers that
// misbehave, staff who take cash, and power that goes at any write, sync or act.
//
//   const GateReport report = run_gate_world({.seed = 42});
//   if (report.violation) …   // says what, and the seed replays it
//
// The truth is that of the cars and barriers. What must hold stands in simulators/world/README.md.
// One thread; the same options give the same report on every machine.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace gatehouse::world {

struct GateWorldOptions {
  std::uint64_t seed = 1;
  std::uint64_t steps = 300;
  // Defects that must be caught.
  bool lying_disk = false;               // reports syncs that it does not do
  bool weak_synchronous = false;         // commits are not synced: synchronous=NORMAL
  bool acts_before_commit = false;       // what is decided is carried out before it is on disk
  bool repeats_pulses = false;           // a pulse that timed out is simply made again
  bool survives_failed_commits = false;  // takes a commit that failed for one that never was
  bool trusts_wall_clock = false;        // measures spans of time by a clock that people set
};

struct GateReport {
  std::uint64_t trace_hash = 0;
  std::uint64_t events = 0;                      // that the gateway was told of
  std::map<std::string, std::uint64_t> reached;  // states of the world, and how often
  std::optional<std::string> violation;
};

GateReport run_gate_world(const GateWorldOptions& options);

}  // namespace gatehouse::world
