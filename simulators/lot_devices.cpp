#include "simulators/lot_devices.hpp"

#include "simulators/device_accounts.hpp"
#include "simulators/sensor_wire.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

namespace gatehouse::simulators {
namespace {

using namespace std::chrono_literals;

// Every sensor says its state anew within so long.
constexpr VirtualTime alive_interval = 10min;
constexpr std::size_t decisions_max = 10'000;
constexpr std::uint8_t battery_percent = 95;
constexpr std::int16_t rssi_dbm = -72;

Instant utc_now() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

}  // namespace

LotDevices::LotDevices(const LotDescription& lot, const LotDevicesOptions& options)
    : lot_(lot), options_(options), readers_(lot.lanes.size()) {
  if (options.with_sensors) bays_.resize(lot.slots.size());
  const auto all = accounts();
  publisher_ = std::make_unique<Publisher>(
      BrokerAddress{.url = lot.broker_url, .ca_file = lot.ca_file}, all);
  publisher_->on_message(
      [this](const std::string& topic, const std::string& payload) { receive(topic, payload); });
  first_reader_ = all.size() - (options_.credentials_file.empty() ? 1 : readers_.size());
}

std::vector<DeviceAccount> LotDevices::accounts() const {
  std::vector<DeviceAccount> all;
  if (options_.credentials_file.empty()) {
    if (options_.with_sensors)
      all.push_back({.client_id = fmt::format("gatehouse-sim-{}-sensors", getpid())});
    all.push_back({.client_id = fmt::format("gatehouse-sim-{}-readers", getpid()),
                   .subscriptions = {decision_topic(lot_.lot, "+")}});
    return all;
  }
  const DeviceAccounts devices(lot_.lot, options_.credentials_file);
  DeviceAccounts::check_number(bays_.size() + readers_.size());
  if (options_.with_sensors) {
    for (const auto& slot : lot_.slots) all.push_back(devices.account(slot));
  }
  for (const auto& lane : lot_.lanes) {
    all.push_back(devices.account(lane.gate));
    all.back().subscriptions = {decision_topic(lot_.lot, lane.gate)};
  }
  return all;
}

bool LotDevices::connect(std::chrono::milliseconds timeout, const std::stop_token& stop) {
  return publisher_->connect(timeout, stop);
}

void LotDevices::receive(const std::string& topic, const std::string& payload) {
  const auto gate = gate_of_decision(topic, lot_.lot);
  if (!gate) return;
  const auto lane = std::ranges::find(lot_.lanes, *gate, &LaneDescription::gate);
  auto decision = read_decision(payload, *gate);
  if (lane == lot_.lanes.end() || !decision) return;
  const std::lock_guard lock(inbox_.mutex);
  if (inbox_.decisions.size() >= decisions_max) return;
  inbox_.decisions.push_back({.lane = static_cast<std::size_t>(lane - lot_.lanes.begin()),
                              .decision = std::move(*decision)});
}

std::vector<HeardDecision> LotDevices::take_decisions() {
  std::vector<HeardDecision> heard;
  {
    const std::lock_guard lock(inbox_.mutex);
    heard = std::exchange(inbox_.decisions, {});
  }
  for (const auto& each : heard) readers_[each.lane].hear(each.decision.id);
  return heard;
}

void LotDevices::scan(std::size_t lane, std::string id, const std::string& code, VirtualTime now,
                      const std::stop_token& stop) {
  const auto& described = lot_.lanes.at(lane);
  const auto method = described.use == LaneUse::entry ? std::string() : options_.payment_method;
  auto payload = scan_payload(id, code, method, utc_now());
  readers_.at(lane).ask({.id = std::move(id),
                         .topic = scan_topic(lot_.lot, described.gate),
                         .payload = std::move(payload)},
                        now);
  say(lane, now, stop);
}

void LotDevices::press(std::size_t lane, std::string id, const std::string& vehicle_number,
                       VirtualTime now, const std::stop_token& stop) {
  auto payload = press_payload(id, vehicle_number, utc_now());
  readers_.at(lane).ask({.id = std::move(id),
                         .topic = button_topic(lot_.lot, lot_.lanes.at(lane).gate),
                         .payload = std::move(payload)},
                        now);
  say(lane, now, stop);
}

void LotDevices::say(std::size_t lane, VirtualTime now, const std::stop_token& stop) {
  const auto connection = first_reader_ + (options_.credentials_file.empty() ? 0 : lane);
  while (auto said = readers_[lane].next(now))
    publisher_->publish(connection, std::move(said->topic), std::move(said->payload), stop, false);
}

void LotDevices::say_bay(std::uint32_t slot, bool occupied, const std::stop_token& stop) {
  auto& bay = bays_.at(slot);
  bay.occupied = occupied;
  const SensorMessage message{.at = {},
                              .said_at = {},
                              .slot = slot,
                              .said = Said::change,
                              .occupied = occupied,
                              .seq = bay.seq++,
                              .battery_percent = battery_percent,
                              .rssi_dbm = rssi_dbm};
  publisher_->publish(options_.credentials_file.empty() ? 0 : slot,
                      state_topic(lot_.lot, lot_.slots[slot]), payload(message, utc_now()), stop);
}

void LotDevices::tend(VirtualTime now, const std::stop_token& stop) {
  for (std::size_t lane = 0; lane < readers_.size(); ++lane) say(lane, now, stop);
  if (bays_.empty() || now < alive_due_) return;
  if (alive_due_ > VirtualTime(0)) {
    next_alive_ = (next_alive_ + 1) % bays_.size();
    say_bay(static_cast<std::uint32_t>(next_alive_), bays_[next_alive_].occupied, stop);
  }
  alive_due_ = now + alive_interval / bays_.size();
}

ReaderCounts LotDevices::counts() const {
  ReaderCounts sum;
  for (const auto& reader : readers_) {
    sum.asked += reader.counts().asked;
    sum.repeated += reader.counts().repeated;
    sum.answered += reader.counts().answered;
  }
  return sum;
}

}  // namespace gatehouse::simulators
