// `gatehouse-sim world`: any number of seeds of the simulated lot with gates, on all cores. What a
// seed is and what must hold: world/README.md.
#include "simulators/commands.hpp"
#include "simulators/world/gate_world.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace gatehouse::simulators {
namespace {

constexpr int exit_violated = 1;
constexpr std::uint64_t seeds_max = 1'000'000'000;
constexpr unsigned threads_max = 256;

struct Arguments {
  std::uint64_t seeds = 1'000;
  std::uint64_t from = 1;
  std::uint64_t steps = 300;
  unsigned threads = 0;  // 0: one for each core
};

/// All seeds of one command; each thread takes the next one.
class Seeds {
 public:
  explicit Seeds(const Arguments& arguments) : arguments_(arguments) {}

  void run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const std::uint64_t index = next_.fetch_add(1);
      if (index >= arguments_.seeds) return;
      const std::uint64_t seed = arguments_.from + index;
      add(seed, world::run_gate_world({.seed = seed, .steps = arguments_.steps}));
    }
  }

  int report() const {
    for (const auto& [what, times] : reached_) fmt::print("{:>12}  {}\n", times, what);
    fmt::print("{} seeds, {} events, {} violations\n", lived_, events_, violated_);
    return violated_ == 0 ? 0 : exit_violated;
  }

 private:
  void add(std::uint64_t seed, const world::GateReport& report) {
    const std::scoped_lock lock(mutex_);
    ++lived_;
    events_ += report.events;
    for (const auto& [what, times] : report.reached) reached_[what] += times;
    if (!report.violation) return;
    ++violated_;
    fmt::print("seed {}: {}\n  gatehouse-sim world --seeds 1 --from {} --steps {}\n", seed,
               *report.violation, seed, arguments_.steps);
  }

  const Arguments arguments_;
  std::atomic<std::uint64_t> next_{0};
  std::mutex mutex_;
  std::map<std::string, std::uint64_t> reached_;
  std::uint64_t lived_ = 0;
  std::uint64_t events_ = 0;
  std::uint64_t violated_ = 0;
};

int run(const Arguments& arguments, const std::stop_token& stop) {
  Seeds seeds(arguments);
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  {
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < (arguments.threads == 0 ? cores : arguments.threads); ++i)
      threads.emplace_back([&seeds, &stop] { seeds.run(stop); });
  }
  return seeds.report();
}

}  // namespace

void add_world_command(CLI::App& program, Command& chosen) {
  auto* command = program.add_subcommand(
      "world", "Seeds of a simulated lot whose machine loses its power; no broker, no real time");
  const auto arguments = std::make_shared<Arguments>();
  command->add_option("--seeds", arguments->seeds, "So many lots")
      ->check(CLI::Range(std::uint64_t{1}, seeds_max))
      ->capture_default_str();
  command->add_option("--from", arguments->from, "The first seed; each one replays")
      ->capture_default_str();
  command->add_option("--steps", arguments->steps, "Things that happen in each, at least")
      ->check(CLI::Range(std::uint64_t{50}, std::uint64_t{1'000'000}))
      ->capture_default_str();
  command->add_option("--threads", arguments->threads, "0: one for each core")
      ->check(CLI::Range(0U, threads_max))
      ->capture_default_str();
  command->callback([&chosen, arguments] {
    chosen = [arguments](const std::stop_token& stop) { return run(*arguments, stop); };
  });
}

}  // namespace gatehouse::simulators
