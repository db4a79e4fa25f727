// gatehouse-sim: the lot's devices and drivers, played by a program
// (docs/contract/config-and-cli.md). SIGINT and SIGTERM end it as if its time were over. Results go
// to standard output.
#include "simulators/commands.hpp"
#include "simulators/world_seeds.hpp"

#include <cstdio>
#include <ctime>
#include <exception>
#include <memory>
#include <string>
#include <thread>

#include <CLI/CLI.hpp>
#include <signal.h>

namespace {

constexpr int exit_usage = 2;
constexpr int exit_broken = 3;

/// Blocks SIGINT and SIGTERM for this thread and all it starts.
sigset_t hold_back_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

int run(const gatehouse::simulators::Command& command) {
  const auto signals = hold_back_signals();
  std::stop_source stop;
  const std::jthread listener([&signals, &stop](const std::stop_token& finished) {
    constexpr timespec look_up{.tv_sec = 0, .tv_nsec = 50'000'000};
    while (!finished.stop_requested()) {
      if (sigtimedwait(&signals, nullptr, &look_up) > 0) stop.request_stop();
    }
  });
  return command(stop.get_token());
}

void add_world_command(CLI::App& program, gatehouse::simulators::Command& chosen) {
  auto* command = program.add_subcommand(
      "world", "Seeds of a simulated lot whose machine loses its power; no broker, no real time");
  const auto options = std::make_shared<gatehouse::simulators::WorldOptions>();
  command->add_option("--seeds", options->seeds, "So many lots")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000}))
      ->capture_default_str();
  command->add_option("--from", options->from, "The first seed; each one replays")
      ->capture_default_str();
  command->add_option("--steps", options->steps, "Things that happen in each, at least")
      ->check(CLI::Range(std::uint64_t{50}, std::uint64_t{1'000'000}))
      ->capture_default_str();
  command->add_option("--threads", options->threads, "0: one for each core")
      ->check(CLI::Range(0U, 256U))
      ->capture_default_str();
  command->callback([&chosen, options] {
    chosen = [options](const std::stop_token& stop) {
      return gatehouse::simulators::run_world(*options, stop);
    };
  });
}

int dispatch(int argc, char** argv) {
  CLI::App program("The devices and drivers of a parking lot, played by a program.",
                   "gatehouse-sim");
  program.set_version_flag("--version", std::string("gatehouse-sim ") + GATEHOUSE_VERSION);
  program.require_subcommand(1);
  gatehouse::simulators::Command chosen;
  gatehouse::simulators::add_sensors_command(program, chosen);
  gatehouse::simulators::add_lot_commands(program, chosen);
  gatehouse::simulators::add_payments_command(program, chosen);
  add_world_command(program, chosen);
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (program.exit(error) == 0) return 0;
    if (program.get_subcommands().empty()) std::fputs(program.help().c_str(), stderr);
    return exit_usage;
  }
  return run(chosen);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return dispatch(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "gatehouse-sim: %s\n", error.what());
    return exit_broken;
  }
}
