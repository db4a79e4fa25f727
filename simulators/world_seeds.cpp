#include "simulators/world_seeds.hpp"

#include "simulators/world/gate_world.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>

namespace gatehouse::simulators {
namespace {

constexpr int exit_violated = 1;

/// All seeds of one command; each thread takes the next one.
class Seeds {
 public:
  explicit Seeds(const WorldOptions& options) : options_(options) {}

  void run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const std::uint64_t index = next_.fetch_add(1);
      if (index >= options_.seeds) return;
      const std::uint64_t seed = options_.from + index;
      add(seed, world::run_gate_world({.seed = seed, .steps = options_.steps}));
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
               *report.violation, seed, options_.steps);
  }

  const WorldOptions options_;
  std::atomic<std::uint64_t> next_{0};
  std::mutex mutex_;
  std::map<std::string, std::uint64_t> reached_;
  std::uint64_t lived_ = 0;
  std::uint64_t events_ = 0;
  std::uint64_t violated_ = 0;
};

}  // namespace

int run_world(const WorldOptions& options, const std::stop_token& stop) {
  Seeds seeds(options);
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  {
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < (options.threads == 0 ? cores : options.threads); ++i)
      threads.emplace_back([&seeds, &stop] { seeds.run(stop); });
  }
  return seeds.report();
}

}  // namespace gatehouse::simulators
