#include "broker/mosquitto.hpp"
#include "devices/sensors/profile_reader.hpp"
#include "edge/gateway/commands/broker_lot.hpp"
#include "edge/gateway/commands/commands.hpp"
#include "edge/store/migrate.hpp"

#include <ostream>
#include <system_error>

#include <fmt/ostream.h>
#include <spdlog/spdlog.h>

namespace gatehouse::gateway {
namespace {

std::vector<SlotId> slots_of_store(const Config& config) {
  auto database = store::Database::open({.path = config.store.path});
  const auto plan = store::load_plan(database);
  std::vector<SlotId> slots;
  for (const SlotPlan& slot : plan->slots()) slots.push_back(slot.id);
  return slots;
}

std::vector<SlotId> slots_of_file(const Config& config) {
  std::vector<SlotId> slots;
  for (const store::ZoneSeed& zone : config.zones) {
    slots.insert(slots.end(), zone.slots.begin(), zone.slots.end());
  }
  return slots;
}

void print_result(const BrokerOptions& options, const broker::WrittenServer& written,
                  std::ostream& out) {
  fmt::print(out, "wrote the broker's files to {}\n", options.directory.string());
  for (const std::string& name : written.removed) fmt::print(out, "removed: {}\n", name);
  if (written.made.empty()) return;
  fmt::print(out, "{} accounts made; their passwords are in {}\n", written.made.size(),
             (options.directory / "credentials.csv").string());
}

}  // namespace

broker::ServerLot broker_lot(const Config& config) {
  broker::ServerLot lot{.lot = config.lot.id,
                        .slots = std::filesystem::exists(config.store.path) ? slots_of_store(config)
                                                                            : slots_of_file(config),
                        .gates = {},
                        .gateway_reads = {},
                        .gateway = config.broker.username};
  for (const LaneSettings& lane : config.gates.lanes) lot.gates.push_back(lane.id);
  for (const devices::SensorProfile& profile : config.sensor_profiles) {
    const auto reader = devices::ProfileReader::make(profile);
    if (reader) lot.gateway_reads.push_back(reader->subscription());
  }
  return lot;
}

int write_broker(const Config& config, const BrokerOptions& options, std::ostream& out) {
  try {
    const auto written = broker::write_server(
        config.broker_server, broker_lot(config),
        {.gateway = config.broker.password, .renew = options.renew}, options.directory);
    if (!written) {
      spdlog::error("{}", written.error());
      return exit_code::wrong_usage;
    }
    print_result(options, *written, out);
    return exit_code::done;
  } catch (const store::StoreError& error) {
    spdlog::error("{}", error.what());
    return exit_code::not_so;
  } catch (const std::system_error& error) {
    spdlog::error("{}", error.what());
    return exit_code::unreachable;
  }
}

}  // namespace gatehouse::gateway
