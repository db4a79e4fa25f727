// A seeded, deterministic lot: the real engine and store under a virtual clock, with sensors that
// misbehave, a broker that forgets, and power that goes at any write, sync or act.
//
//   const WorldReport report = run_world({.seed = 42});
//   if (report.violation) …   // says what, and the seed replays it
//
// The truth is the world's own: what each car and sensor really did. Checked after every step,
// every recovery and at the end; what the invariants are stands in simulators/world/README.md. One
// thread; the same options give the same report on every machine.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace gatehouse::world {

struct WorldOptions {
  std::uint64_t seed = 1;
  std::uint64_t steps = 300;
  bool lying_disk = false;  // a defect that must be caught: the disk reports syncs it does not do
};

struct WorldReport {
  std::uint64_t trace_hash = 0;
  std::map<std::string, std::uint64_t> reached;  // states of the world, and how often
  std::optional<std::string> violation;
};

WorldReport run_world(const WorldOptions& options);

}  // namespace gatehouse::world
