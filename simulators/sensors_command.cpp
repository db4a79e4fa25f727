// `gatehouse-sim sensors`: its options. What they do is in sensors.hpp.
#include "edge/domain/ids.hpp"
#include "edge/domain/limits.hpp"
#include "simulators/command_line.hpp"
#include "simulators/commands.hpp"
#include "simulators/sensors.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <memory>
#include <optional>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace gatehouse::simulators {
namespace {

constexpr int exit_usage = 2;

/// What was typed, before it is put together.
struct Arguments {
  std::string config;
  std::string url;
  std::string lot;
  std::uint32_t zones = 1;
  std::uint32_t slots = 0;  // 0: all of the file
  double speed = 1;
  std::string duration;
  std::optional<std::uint64_t> events;
  std::string connections = "1";
  std::string start = "08:00";
  std::uint32_t mean_stay_minutes = 90;
  double changes = 0.1;
  std::string stuck;
  std::string flapping;
  std::string silent;
  std::string repeat;
  std::string late;
  std::string restart;
  SensorsOptions options;
};

/// The minutes of a day, out of HH:MM.
std::optional<std::uint32_t> time_of_day(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  std::uint32_t hours = 0;
  std::uint32_t minutes = 0;
  const char* const begin = text.data();
  const auto first = std::from_chars(begin, begin + 2, hours);
  const auto second = std::from_chars(begin + 3, begin + 5, minutes);
  if (first.ptr != begin + 2 || second.ptr != begin + 5) return std::nullopt;
  if (hours > 23 || minutes > 59) return std::nullopt;
  return hours * 60 + minutes;
}

/// A number of shared connections, 0 for one per slot.
std::optional<std::uint32_t> shared_connections(std::string_view text) {
  constexpr std::uint32_t most = 100;
  if (text == "per-slot") return 0;
  std::uint32_t number = 0;
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  const auto [rest, error] = std::from_chars(begin, end, number);
  if (error != std::errc{} || rest != end || number < 1 || number > most) return std::nullopt;
  return number;
}

template <class Parse>
auto checked_by(Parse parse, const char* expected) {
  return CLI::Validator(
      [parse, expected](std::string& text) {
        return parse(text) ? std::string() : fmt::format("{}: expected {}", text, expected);
      },
      "");
}

Amount amount(const std::string& text) {
  return text.empty() ? Amount{} : parse_amount(text).value_or(Amount{});
}

/// The lot to play: of a file, or of numbers where no file is named and numbers are.
std::expected<LotDescription, std::string> describe_lot(const Arguments& arguments) {
  if (arguments.config.empty() && arguments.slots > 0)
    return numbered_lot(arguments.lot.empty() ? "demo" : arguments.lot, arguments.zones,
                        arguments.slots);
  auto lot = load_lot(arguments.config, "give --config or --slots");
  if (!lot) return lot;
  if (arguments.slots > 0) keep_first(*lot, arguments.slots);
  if (!arguments.lot.empty()) lot->lot = arguments.lot;
  return lot;
}

int run(Arguments arguments, const std::stop_token& stop) {
  auto lot = describe_lot(arguments);
  if (lot && !check_id(lot->lot)) lot = std::unexpected("--lot: 1 to 64 characters [A-Za-z0-9_-]");
  if (lot && lot->slots.empty()) lot = std::unexpected("the lot has no slots");
  if (!lot) {
    fmt::print(stderr, "gatehouse-sim: {}\n", lot.error());
    return exit_usage;
  }
  auto& options = arguments.options;
  options.lot = std::move(*lot);
  if (!arguments.url.empty()) options.lot.broker_url = arguments.url;
  options.speed_thousandths = static_cast<std::uint64_t>(std::llround(arguments.speed * 1'000));
  options.duration_ms = parse_milliseconds(arguments.duration);
  options.events = arguments.events;
  const auto shared = shared_connections(arguments.connections).value_or(1);
  options.connection_per_slot = shared == 0;
  options.connections = std::max(shared, 1U);
  auto& model = options.model;
  model.start_of_day = std::chrono::minutes(time_of_day(arguments.start).value_or(0));
  model.mean_stay = std::chrono::minutes(arguments.mean_stay_minutes);
  model.changes_per_million =
      static_cast<std::uint32_t>(std::lround(arguments.changes * 1'000'000));
  model.faults = {.stuck = amount(arguments.stuck),
                  .flapping = amount(arguments.flapping),
                  .silent = amount(arguments.silent),
                  .repeat = amount(arguments.repeat),
                  .late = amount(arguments.late),
                  .restart = amount(arguments.restart)};
  const auto result = run_sensors(options, stop);
  if (!result.summary.empty()) fmt::print("{}\n", result.summary);
  if (!result.trouble.empty()) fmt::print(stderr, "gatehouse-sim: {}\n", result.trouble);
  return result.exit_code;
}

void add_lot_options(CLI::App& command, Arguments& arguments) {
  command
      .add_option("--config", arguments.config,
                  "lot.toml: lot, broker, zones and slots (default: ./lot.toml, then "
                  "/etc/gatehouse/lot.toml)")
      ->group("Lot");
  command.add_option("--url", arguments.url, "The broker, mqtt://host:port or mqtts://")
      ->group("Lot");
  command.add_option("--lot", arguments.lot, "The lot's id")->group("Lot");
  command
      .add_option(
          "--slots", arguments.slots,
          "So many slots: the first ones of the file, or without --config a lot of their own")
      ->check(CLI::Range(1U, static_cast<unsigned>(limits::slots_max)))
      ->group("Lot");
  command.add_option("--zones", arguments.zones, "Zones of such a lot of their own")
      ->check(CLI::Range(1U, static_cast<unsigned>(limits::zones_max)))
      ->capture_default_str()
      ->group("Lot");
  command
      .add_option("--connections", arguments.connections,
                  "1 to 100 shared ones, or per-slot: each with birth and last will")
      ->check(checked_by(shared_connections, "1 to 100, or per-slot"))
      ->capture_default_str()
      ->group("Lot");
  command
      .add_option("--credentials", arguments.options.credentials_file,
                  "credentials.csv of `gatehouse broker`: a connection and an account per slot")
      ->group("Lot");
}

void add_time_options(CLI::App& command, Arguments& arguments) {
  constexpr double fastest = 100'000;
  auto& model = arguments.options.model;
  command.add_option("--seed", model.seed, "Everything is drawn from it")
      ->capture_default_str()
      ->group("Time and chance");
  command
      .add_option("--speed", arguments.speed,
                  "Virtual seconds per second; 0: as fast as the broker acknowledges")
      ->check(CLI::Range(0.0, fastest))
      ->capture_default_str()
      ->group("Time and chance");
  command
      .add_option("--duration", arguments.duration,
                  "Ends after so much real time (virtual at speed 0): 500ms, 60s, 5m, 2h")
      ->check(checked_by(parse_milliseconds, "a duration such as 60s"))
      ->group("Time and chance");
  command.add_option("--events", arguments.events, "Ends after so many messages")
      ->group("Time and chance");
  command.add_option("--start", arguments.start, "The lot's time of day at the beginning")
      ->check(checked_by(time_of_day, "HH:MM"))
      ->capture_default_str()
      ->group("Time and chance");
  command.add_option("--stay", arguments.mean_stay_minutes, "Mean stay, in virtual minutes")
      ->check(CLI::Range(1U, 10'000U))
      ->capture_default_str()
      ->group("Time and chance");
  command
      .add_option("--changes", arguments.changes,
                  "The share of messages that change a slot; the others repeat its state")
      ->check(CLI::Range(0.001, 1.0))
      ->capture_default_str()
      ->group("Time and chance");
  command
      .add_option("--rate", model.events_per_second,
                  "Load instead of life: so many messages a virtual second, of random slots")
      ->check(CLI::Range(1U, 1'000'000U))
      ->group("Time and chance");
}

void add_fault_options(CLI::App& command, Arguments& arguments) {
  const auto add = [&command](const char* name, std::string& text, const char* help) {
    command.add_option(name, text, help)
        ->check(checked_by(parse_amount, "a number (12) or a share (0.05 or 5%)"))
        ->type_name("AMOUNT")
        ->group("Faults: a number (12) or a share (0.05 or 5%)");
  };
  add("--stuck", arguments.stuck, "Sensors that say their first value for ever");
  add("--flap", arguments.flapping, "Sensors that say the other value ten times a virtual second");
  add("--silent", arguments.silent, "Sensors that speak once and never again");
  add("--repeat", arguments.repeat, "Messages that are sent twice");
  add("--late", arguments.late, "Messages that come after the next, newer one");
  add("--restart", arguments.restart,
      "Messages after which the sensor goes offline, comes back and counts from 0");
}

}  // namespace

void add_sensors_command(CLI::App& program, Command& chosen) {
  auto* command = program.add_subcommand(
      "sensors", "A sensor on every slot, publishing to the lot's broker; a summary at the end");
  const auto arguments = std::make_shared<Arguments>();
  add_lot_options(*command, *arguments);
  add_time_options(*command, *arguments);
  add_fault_options(*command, *arguments);
  command->add_option("--truth", arguments->options.truth_file,
                      "Writes at the end what a gateway should believe of every slot, as JSON");
  command->callback([&chosen, arguments] {
    chosen = [arguments](const std::stop_token& stop) { return run(*arguments, stop); };
  });
}

}  // namespace gatehouse::simulators
