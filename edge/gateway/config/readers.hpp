// lot.toml, section by section: each function reads one and notes what is wrong with it.
// For config.cpp only. One thread.
#pragma once

#include "edge/gateway/config.hpp"
#include "edge/gateway/config/section.hpp"

#include <string_view>
#include <unordered_set>

namespace gatehouse::gateway {

/// Where the file stands and what surrounds it.
struct Surroundings {
  std::filesystem::path directory;
  Environment environment;

  /// Absolute; "" stays empty.
  [[nodiscard]] std::filesystem::path resolve(const std::string& path) const;
};

/// The variable that `key` names, and its value.
Secret read_secret(Section& section, std::string_view key, std::string fallback,
                   const Surroundings& around);

/// The id a key holds; some other, once a problem is noted.
template <class SomeId>
SomeId read_id(Section& section, std::string_view key) {
  const TextRule& rule = std::is_same_v<SomeId, GateId> ? rules::device_id : rules::id;
  const auto id = SomeId::parse(section.required_text(key, rule));
  return id ? *id : *SomeId::parse("-");
}

// config/read_lot.cpp
LotSettings read_lot(Section lot);
StoreSettings read_store(Section store, const Surroundings& around);
std::vector<store::ZoneSeed> read_zones(std::vector<Section> zones);

// config/read_links.cpp
broker::LinkSettings read_broker(Section& broker, const Surroundings& around);
broker::ServerSettings read_broker_server(Section server, const Surroundings& around);
api::HttpSettings read_http(Section http, const Surroundings& around);
CloudSettings read_cloud(Section cloud, const LotSettings& lot, const Surroundings& around);
BackupSettings read_backup(Section backup, const Surroundings& around);
LogSettings read_log(Section log, const Surroundings& around);

// config/read_sensors.cpp
SensorSettings read_sensors(Section sensors);
std::vector<devices::SensorProfile> read_sensor_profiles(std::vector<Section> profiles,
                                                         const LotId& lot);

// config/read_barriers.cpp
std::vector<BarrierProfile> read_barrier_profiles(std::vector<Section> profiles);
std::vector<BarrierSettings> read_barriers(std::vector<Section> barriers,
                                           const std::vector<BarrierProfile>& profiles);

// config/read_gates.cpp
/// What the lanes may name, and the names they may not take.
struct LaneNames {
  std::unordered_set<std::string_view> zones;
  std::unordered_set<std::string_view> barriers;
  std::unordered_set<std::string_view> slots;
};
GateSettings read_gates(Section gates, const LaneNames& names);

// config/read_money.cpp
PaymentSettings read_payments(Section payments, const Surroundings& around);
BillingSettings read_billing(Section billing, PaymentMode mode);

}  // namespace gatehouse::gateway
