#include "devices/barriers/barriers.hpp"

#include "devices/barriers/line.hpp"
#include "devices/barriers/profile.hpp"
#include "edge/domain/invariant.hpp"

#include <algorithm>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>

namespace gatehouse::devices {
namespace {

struct LinePlan {
  Endpoint endpoint;
  std::vector<BusStation> stations;
};

BusStation station_of(std::size_t index, const BarrierSettings& settings,
                      std::span<const BarrierProfile> profiles, const Endpoint& endpoint) {
  BusStation station{.barrier = static_cast<BarrierIndex>(index),
                     .id = settings.id,
                     .unit = settings.unit,
                     .profile = profile_of(settings, profiles),
                     .arm = {}};
  station.arm =
      arm_settings(settings, station.profile, std::holds_alternative<SerialEndpoint>(endpoint));
  return station;
}

}  // namespace

ModbusBarriers::ModbusBarriers(std::span<const BarrierSettings> settings,
                               std::span<const BarrierProfile> profiles, const engine::Clock& clock,
                               TellBarrierReport tell)
    : tell_(std::move(tell)) {
  std::vector<LinePlan> plans;
  for (std::size_t index = 0; index < settings.size(); ++index) {
    const auto endpoint = endpoint_of(settings[index]);
    if (!endpoint) throw std::runtime_error(endpoint.error());
    auto plan = std::ranges::find(plans, line_name(*endpoint),
                                  [](const LinePlan& each) { return line_name(each.endpoint); });
    if (plan == plans.end()) plan = plans.insert(plan, {.endpoint = *endpoint, .stations = {}});
    if (plan->endpoint != *endpoint) {
      throw std::runtime_error("barrier " + settings[index].id + ": another speed or parity on " +
                               line_name(*endpoint) + " than the barrier before");
    }
    line_of_.push_back(static_cast<std::size_t>(plan - plans.begin()));
    plan->stations.push_back(station_of(index, settings[index], profiles, *endpoint));
  }
  std::random_device seeds;
  for (LinePlan& plan : plans) {
    lines_.push_back(
        std::make_unique<Line>(plan.endpoint, std::move(plan.stations), clock, tell_, seeds()));
  }
}

ModbusBarriers::~ModbusBarriers() { stop(); }

void ModbusBarriers::start() {
  for (const auto& line : lines_) line->start();
}

void ModbusBarriers::stop() {
  // All are told first, so that they end at the same time.
  for (const auto& line : lines_) line->ask_to_stop();
  for (const auto& line : lines_) line->stop();
}

void ModbusBarriers::order(const engine::BarrierOrder& order) {
  require(at(order.barrier) < line_of_.size(), "an order is for a barrier of the lot");
  lines_[line_of_[at(order.barrier)]]->order(order);
}

void ModbusBarriers::collect(std::vector<engine::Sample>& samples) const {
  for (const auto& line : lines_) line->collect(samples);
}

}  // namespace gatehouse::devices
