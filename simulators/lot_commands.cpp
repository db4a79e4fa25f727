// `gatehouse-sim lot`, `barriers` and `readers`: their options. What they do is in lot_run.hpp and
// by_hand.hpp.
#include "simulators/by_hand.hpp"
#include "simulators/command_line.hpp"
#include "simulators/commands.hpp"
#include "simulators/lot_run.hpp"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace gatehouse::simulators {
namespace {

constexpr int exit_usage = 2;

struct Arguments {
  std::string config;
  std::string url;
  std::string http;
  double speed = 1;
  std::string duration;
  std::uint32_t arm_ms = 1'500;
  std::string trouble;
  std::string password_env;
  std::uint32_t habits_percent = 100;
  double hurries = 0;
  LotOptions lot;
  ByHandOptions by_hand;
};

int refuse(const std::string& sentence) {
  fmt::print(stderr, "gatehouse-sim: {}\n", sentence);
  return exit_usage;
}

const CLI::Validator duration_check(
    [](std::string& text) {
      return parse_milliseconds(text) ? std::string()
                                      : fmt::format("{}: expected a duration such as 60s", text);
    },
    "");

/// lot.toml, with what the command line puts in its place.
std::expected<LotDescription, std::string> described(const Arguments& arguments) {
  auto lot = load_lot(arguments.config, "give --config");
  if (!lot) return lot;
  if (!arguments.url.empty()) lot->broker_url = arguments.url;
  if (!arguments.http.empty()) lot->http_url = arguments.http;
  return lot;
}

std::uint32_t share(std::uint32_t per_million, std::uint32_t percent) {
  constexpr std::uint64_t whole = 100;
  return static_cast<std::uint32_t>(std::uint64_t{per_million} * percent / whole);
}

DriverHabits scaled(const DriverHabits& usual, std::uint32_t percent) {
  return {.scans_twice = share(usual.scans_twice, percent),
          .parks_wrongly = share(usual.parks_wrongly, percent),
          .overstays = share(usual.overstays, percent),
          .loses_ticket = share(usual.loses_ticket, percent),
          .tailgates = share(usual.tailgates, percent),
          .hurries = usual.hurries};
}

int run_whole_lot(Arguments arguments, const std::stop_token& stop) {
  auto lot = described(arguments);
  if (!lot) return refuse(lot.error());
  if (lot->slots.empty()) return refuse("the lot has no slots");
  auto& options = arguments.lot;
  options.lot = std::move(*lot);
  options.speed_thousandths = static_cast<std::uint64_t>(std::llround(arguments.speed * 1'000));
  options.duration_ms = parse_milliseconds(arguments.duration);
  options.arm_travel = std::chrono::milliseconds(arguments.arm_ms);
  if (const auto every_ms = parse_milliseconds(arguments.trouble); every_ms && *every_ms > 0)
    options.trouble_interval = std::chrono::milliseconds(*every_ms);
  options.habits = scaled(options.habits, arguments.habits_percent);
  options.habits.hurries = static_cast<std::uint32_t>(std::lround(arguments.hurries * 10'000));
  if (!options.staff.empty()) {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody writes the environment.
    const char* const password = std::getenv(arguments.password_env.c_str());
    if (password == nullptr)
      return refuse(fmt::format("--password-env: {} is not set", arguments.password_env));
    options.staff_password = password;
  } else {
    fmt::print(stderr,
               "gatehouse-sim: nobody takes money without --staff: cars that owe some stay\n");
  }
  const auto result = run_lot(options, stop);
  if (!result.summary.empty()) fmt::print("{}\n", result.summary);
  if (!result.trouble.empty()) fmt::print(stderr, "gatehouse-sim: {}\n", result.trouble);
  return result.exit_code;
}

int run_by_hand(int (*run)(const ByHandOptions&, const std::stop_token&), Arguments arguments,
                const std::stop_token& stop) {
  auto lot = described(arguments);
  if (!lot) return refuse(lot.error());
  auto& options = arguments.by_hand;
  options.lot = std::move(*lot);
  options.duration_ms = parse_milliseconds(arguments.duration);
  options.arm_travel = std::chrono::milliseconds(arguments.arm_ms);
  return run(options, stop);
}

void add_common_options(CLI::App& command, Arguments& arguments) {
  command.add_option("--config", arguments.config,
                     "lot.toml (default: ./lot.toml, then /etc/gatehouse/lot.toml)");
  command
      .add_option("--duration", arguments.duration,
                  "Ends after so much real time: 500ms, 60s, 5m, 2h")
      ->check(duration_check);
}

void add_broker_options(CLI::App& command, Arguments& arguments, std::string& credentials_file) {
  command.add_option("--url", arguments.url, "The broker, mqtt://host:port or mqtts://");
  command.add_option("--credentials", credentials_file,
                     "credentials.csv of `gatehouse broker`: an account and a connection a device");
}

void add_arm_option(CLI::App& command, Arguments& arguments) {
  command.add_option("--arm-ms", arguments.arm_ms, "How long an arm takes from end to end")
      ->check(CLI::Range(0U, 60'000U))
      ->capture_default_str();
}

void add_life_options(CLI::App& command, Arguments& arguments) {
  constexpr double fastest = 10'000;
  command.add_option("--seed", arguments.lot.seed, "Everything is drawn from it")
      ->capture_default_str();
  command
      .add_option("--speed", arguments.speed,
                  "How much faster than billing.minute_seconds cars live inside; gates and arms "
                  "keep their time")
      ->check(CLI::Range(0.01, fastest))
      ->capture_default_str();
  command
      .add_option("--stay", arguments.lot.mean_stay_minutes,
                  "Mean stay in minutes of the lot (default: what the lanes can bring in and out)")
      ->check(CLI::Range(1U, 10'000U));
  command.add_option("--fill", arguments.lot.fill_percent, "How full the lot gets, in percent")
      ->check(CLI::Range(1U, 200U))
      ->capture_default_str();
  command
      .add_option("--habits", arguments.habits_percent,
                  "How often drivers do what they should not, in percent of the usual: scan twice, "
                  "park wrongly, overstay, lose the ticket, tailgate")
      ->check(CLI::Range(0U, 1'000U))
      ->capture_default_str();
  command
      .add_option("--hurry", arguments.hurries,
                  "The percentage of drivers who come up before the arm is down")
      ->check(CLI::Range(0.0, 100.0));
  command
      .add_option(
          "--trouble", arguments.trouble,
          "A barrier sticks, goes silent, answers late, drops frames …, about so often: 30s")
      ->check(duration_check);
}

void add_counter_options(CLI::App& command, Arguments& arguments) {
  auto* const staff = command.add_option("--staff", arguments.lot.staff,
                                         "The account that sells tickets and takes cash");
  command
      .add_option("--password-env", arguments.password_env,
                  "The environment variable that holds its password")
      ->needs(staff);
  staff->needs("--password-env");
  command.add_option("--http", arguments.http, "The gateway, http://host:port (default: lot.toml)");
  command.add_option("--cars", arguments.lot.cars_file,
                     "A file that keeps the cars inside from one run to the next");
}

void add_lot(CLI::App& program, Command& chosen) {
  auto* command = program.add_subcommand(
      "lot", "A whole lot: sensors, readers, barriers, drivers, somebody at the counter");
  const auto arguments = std::make_shared<Arguments>();
  add_common_options(*command, *arguments);
  add_broker_options(*command, *arguments, arguments->lot.credentials_file);
  add_life_options(*command, *arguments);
  add_counter_options(*command, *arguments);
  add_arm_option(*command, *arguments);
  command->callback([&chosen, arguments] {
    chosen = [arguments](const std::stop_token& stop) { return run_whole_lot(*arguments, stop); };
  });
}

void add_barriers(CLI::App& program, Command& chosen) {
  auto* command = program.add_subcommand(
      "barriers",
      "The lot's barriers as Modbus TCP servers; lines such as `b1 presence on`, `b1 "
      "stick`, `b1 heal` on standard input");
  const auto arguments = std::make_shared<Arguments>();
  add_common_options(*command, *arguments);
  add_arm_option(*command, *arguments);
  command->add_option("--mischief", arguments->by_hand.mischief,
                      "From the beginning: b1=stick, fault, silent, slow=MS, late=MS, exceptions, "
                      "hang-up, lose=PERCENT");
  command->add_option("--seed", arguments->by_hand.seed, "Chance at the barriers");
  command->callback([&chosen, arguments] {
    chosen = [arguments](const std::stop_token& stop) {
      return run_by_hand(run_barriers, *arguments, stop);
    };
  });
}

void add_readers(CLI::App& program, Command& chosen) {
  auto* command = program.add_subcommand(
      "readers",
      "The lot's readers; lines such as `EXIT_GATE_01 scan PARK-…`, `ENTRY_GATE_01 press "
      "DL01AB1234` on standard input, decisions on standard output");
  const auto arguments = std::make_shared<Arguments>();
  add_common_options(*command, *arguments);
  add_broker_options(*command, *arguments, arguments->by_hand.credentials_file);
  command
      ->add_option("--payment-method", arguments->by_hand.payment_method,
                   "Said with scans at exits: CASH or ONLINE")
      ->check(CLI::IsMember({"CASH", "ONLINE"}));
  command->callback([&chosen, arguments] {
    chosen = [arguments](const std::stop_token& stop) {
      return run_by_hand(run_readers, *arguments, stop);
    };
  });
}

}  // namespace

void add_lot_commands(CLI::App& program, Command& chosen) {
  add_lot(program, chosen);
  add_barriers(program, chosen);
  add_readers(program, chosen);
}

}  // namespace gatehouse::simulators
