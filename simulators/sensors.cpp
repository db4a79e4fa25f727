#include "simulators/sensors.hpp"

#include "simulators/device_accounts.hpp"
#include "simulators/publisher.hpp"
#include "simulators/sensor_wire.hpp"

#include <charconv>
#include <cmath>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace gatehouse::simulators {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr int exit_incomplete = 1;
constexpr int exit_usage = 2;
constexpr int exit_unreachable = 3;

constexpr auto finish_timeout = 10s;

Instant utc_now() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

std::vector<DeviceAccount> accounts_of(const SensorsOptions& options) {
  const auto& lot = options.lot;
  std::vector<DeviceAccount> accounts;
  if (options.credentials_file.empty() && !options.connection_per_slot) {
    for (std::uint32_t number = 1; number <= options.connections; ++number)
      accounts.push_back({.client_id = fmt::format("gatehouse-sim-{}-{}", getpid(), number)});
    return accounts;
  }
  const DeviceAccounts devices(lot.lot, options.credentials_file);
  devices.check_number(lot.slots.size());
  for (const auto& slot : lot.slots) accounts.push_back(devices.account(slot));
  return accounts;
}

/// One run: the lot, the timeline, and what was sent.
class Playback {
 public:
  Playback(const SensorsOptions& options, SensorLot& lot, Publisher& publisher)
      : options_(options),
        lot_(lot),
        publisher_(publisher),
        timeline_(utc_now(), options.speed_thousandths),
        connections_(options.connection_per_slot || !options.credentials_file.empty()
                         ? options.lot.slots.size()
                         : options.connections) {}

  void play(const std::stop_token& stop) {
    started_ = Clock::now();
    const auto end = virtual_end();
    while (!stop.stop_requested() && sent_ < options_.events.value_or(UINT64_MAX)) {
      // In steps, so that a stop is heard where the lot has nothing to say.
      const auto message = lot_.next(std::min(end, horizon_));
      if (message) {
        if (!send(*message, stop)) break;
      } else if (horizon_ < end) {
        wait_for(horizon_, stop);
        horizon_ += step;
      } else {
        if (!options_.events) wait_for(end, stop);
        break;
      }
    }
    took_ = Clock::now() - started_;
  }

  [[nodiscard]] nlohmann::ordered_json summary() const {
    nlohmann::ordered_json by_reason;
    for (std::size_t i = 0; i < said_count; ++i)
      by_reason[std::string(name(static_cast<Said>(i)))] = by_reason_[i];
    const auto counts = publisher_.counts();
    const auto took_ms = std::chrono::duration_cast<std::chrono::milliseconds>(took_).count();
    return {{"lot", options_.lot.lot},
            {"seed", options_.model.seed},
            {"slots", options_.lot.slots.size()},
            {"sent", sent_},
            {"acknowledged", counts.acknowledged},
            {"births", counts.births},
            {"refused", counts.refused},
            {"sent_again", counts.sent_again},
            {"connections", counts.connections},
            {"by_reason", by_reason},
            {"virtual_s", std::chrono::duration_cast<std::chrono::seconds>(virtual_now_).count()},
            {"took_ms", took_ms},
            {"per_second", took_ms > 0 ? sent_ * 1'000 / static_cast<std::uint64_t>(took_ms) : 0}};
  }

 private:
  static constexpr VirtualTime step = 1min;

  [[nodiscard]] VirtualTime virtual_end() const {
    if (!options_.duration_ms) return VirtualTime::max();
    const auto speed = timeline_.is_paced() ? options_.speed_thousandths : 1'000;
    return VirtualTime(static_cast<VirtualTime::rep>(*options_.duration_ms * speed));
  }

  void wait_for(VirtualTime at, const std::stop_token& stop) {
    virtual_now_ = std::max(virtual_now_, at);
    if (timeline_.is_paced()) publisher_.wait_until(started_ + timeline_.due_after(at), stop);
  }

  bool send(const SensorMessage& message, const std::stop_token& stop) {
    wait_for(message.at, stop);
    const auto& slot = options_.lot.slots[message.slot];
    auto topic = is_device_status(message.said) ? device_status_topic(options_.lot.lot, slot)
                                                : state_topic(options_.lot.lot, slot);
    // By slot, so that what one sensor says arrives in its order.
    if (!publisher_.publish(message.slot % connections_, std::move(topic),
                            payload(message, timeline_.shown(message.said_at)), stop))
      return false;
    ++sent_;
    ++by_reason_[static_cast<std::size_t>(message.said)];
    return true;
  }

  const SensorsOptions& options_;
  SensorLot& lot_;
  Publisher& publisher_;
  Timeline timeline_;
  std::size_t connections_;
  Clock::time_point started_{};
  Clock::duration took_{};
  VirtualTime horizon_ = step;
  VirtualTime virtual_now_{0};
  std::uint64_t sent_ = 0;
  std::array<std::uint64_t, said_count> by_reason_{};
};

void write_truth(const SensorsOptions& options, const SensorLot& lot) {
  std::ofstream file(options.truth_file);
  file << truth_json(options.lot, lot) << '\n';
  if (!file.flush())
    throw std::runtime_error(fmt::format("{}: cannot be written", options.truth_file));
}

SensorsRun played(const SensorsOptions& options, SensorLot& lot, const std::stop_token& stop) {
  Publisher publisher({.url = options.lot.broker_url, .ca_file = options.lot.ca_file},
                      accounts_of(options));
  if (!publisher.connect(options.connect_timeout, stop)) {
    publisher.finish(0s);
    if (stop.stop_requested()) return {};
    return {.exit_code = exit_unreachable,
            .trouble = fmt::format("{}: {}", options.lot.broker_url, publisher.last_error())};
  }
  Playback playback(options, lot, publisher);
  playback.play(stop);
  const bool settled = publisher.finish(finish_timeout);
  if (!options.truth_file.empty()) write_truth(options, lot);
  SensorsRun run{.summary = playback.summary().dump()};
  if (!settled) run.trouble = "the broker did not acknowledge everything";
  if (publisher.counts().refused > 0)
    run.trouble = fmt::format("the broker refused messages: {}", publisher.last_error());
  if (!run.trouble.empty()) run.exit_code = exit_incomplete;
  return run;
}

}  // namespace

SensorsRun run_sensors(const SensorsOptions& options, const std::stop_token& stop) {
  try {
    auto model = options.model;
    model.zone_slots = options.lot.zone_slots;
    SensorLot lot(model);
    return played(options, lot, stop);
  } catch (const std::invalid_argument& error) {
    return {.exit_code = exit_usage, .trouble = error.what()};
  } catch (const std::runtime_error& error) {
    return {.exit_code = exit_unreachable, .trouble = error.what()};
  }
}

std::string truth_json(const LotDescription& described, const SensorLot& lot) {
  nlohmann::ordered_json root{{"lot", described.lot}, {"slots", nlohmann::ordered_json::object()}};
  // Appended: an object that keeps its order looks through all of itself for every key it is asked
  // for, and slots have different names anyway.
  auto& slots = root["slots"].get_ref<nlohmann::ordered_json::object_t&>();
  slots.reserve(lot.slots());
  for (std::uint32_t slot = 0; slot < lot.slots(); ++slot) {
    const auto truth = lot.truth(slot);
    slots.emplace_back(
        described.slots[slot],
        nlohmann::ordered_json{
            {"sensor", std::string(name(truth.belief))}, {"seq", truth.seq}, {"car", truth.car}});
  }
  return root.dump();
}

std::expected<Amount, std::string> parse_amount(std::string_view text) {
  const auto refusal = std::unexpected(
      fmt::format("{}: expected a number of them (12) or a share of them (0.05 or 5%)", text));
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  std::uint32_t count = 0;
  if (const auto [rest, error] = std::from_chars(begin, end, count);
      error == std::errc{} && rest == end)
    return Amount{.count = count};
  double share = 0;
  const auto [rest, error] = std::from_chars(begin, end, share);
  if (error != std::errc{}) return refusal;
  const std::string_view unit(rest, static_cast<std::size_t>(end - rest));
  if (unit == "%") share /= 100;
  if ((!unit.empty() && unit != "%") || !(share >= 0 && share <= 1)) return refusal;
  return Amount{.per_million = static_cast<std::uint32_t>(std::lround(share * 1'000'000))};
}

}  // namespace gatehouse::simulators
