// lot.toml as plain values (docs/contract/config-and-cli.md).
//
//   auto config = load_config("lot.toml", process_environment);
//   if (!config) for (const auto& problem : config.error()) show(problem.text("lot.toml"));
//
// A Config that came out of here is complete and possible in itself: ids are unique, what is named
// exists, rates do not overlap. Everything that is wrong with a file is reported at once, each with
// line, key and what was expected. Values; any thread.
#pragma once

#include "broker/settings.hpp"
#include "devices/sensors/profile.hpp"
#include "edge/api/settings.hpp"
#include "edge/domain/decision.hpp"
#include "edge/domain/ids.hpp"
#include "edge/domain/money.hpp"
#include "edge/gateway/config_gates.hpp"
#include "edge/gateway/config_money.hpp"
#include "edge/store/lot.hpp"
#include "edge/store/stored_settings.hpp"

#include <chrono>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::gateway {

struct LotSettings {
  LotId id;
  std::string name = "Demo lot";
  std::string timezone = "Asia/Kolkata";
  std::string currency = "INR";
  Language language = Language::en;
  std::string address;
  double latitude = 0;  // both 0: unknown
  double longitude = 0;
  bool operator==(const LotSettings&) const = default;
};

// Relative paths of the file are relative to its own directory; here they are absolute.

struct StoreSettings {
  std::filesystem::path path;
  std::filesystem::path keys_path;
  bool operator==(const StoreSettings&) const = default;
};

struct SensorSettings {
  std::chrono::seconds stale_after{86'400};
  bool operator==(const SensorSettings&) const = default;
};

struct CloudSettings {
  std::string url;       // "": no cloud
  std::string username;  // never empty
  Secret password;
  std::vector<std::string> relay = {"public", "user", "guest", "payments"};
  std::uint64_t outbox_max_mb = 2048;
  std::chrono::days outbox_keep{7};
  bool operator==(const CloudSettings&) const = default;
};

struct BackupSettings {
  std::filesystem::path directory;  // empty: none
  std::chrono::minutes at{120};     // of the local day
  std::chrono::days keep{14};
  std::vector<std::string> copy_command;
  bool operator==(const BackupSettings&) const = default;
};

struct LogSettings {
  std::filesystem::path directory;  // empty: standard error only
  std::chrono::days keep{90};
  bool operator==(const LogSettings&) const = default;
};

struct Config {
  std::filesystem::path file;
  std::string text;  // of the file, as it was read
  LotSettings lot;
  StoreSettings store;
  broker::LinkSettings broker;
  broker::ServerSettings broker_server;
  api::HttpSettings http;
  SensorSettings sensors;
  GateSettings gates;
  BillingSettings billing;
  std::vector<store::ZoneSeed> zones;
  std::vector<BarrierSettings> barriers;
  std::vector<BarrierProfile> barrier_profiles;
  std::vector<devices::SensorProfile> sensor_profiles;
  PaymentSettings payments;
  CloudSettings cloud;
  BackupSettings backup;
  LogSettings log;
  // What the file sets and this version understands but does not act on: sections, or single keys
  // as section.key.
  std::vector<std::string> not_acted_on;

  /// The lot, its zones and slots, as store::seed() takes them.
  [[nodiscard]] store::LotSeed seed() const { return {lot.id, lot.name, zones}; }
};

struct ConfigProblem {
  int line = 0;     // 0: the file as a whole
  std::string key;  // zones[0].hourly_rate; empty: the document's syntax
  std::string what;

  /// `lot.toml:12: zones[0].hourly_rate: expected rupees as text, like "50.00"; found a number`
  [[nodiscard]] std::string text(std::string_view file) const;
};

/// The value of an environment variable; nullopt: not set.
using Environment = std::function<std::optional<std::string>(const std::string& variable)>;
std::optional<std::string> process_environment(const std::string& variable);

/// `file`: where the text is from; relative paths in it start from there.
std::expected<Config, std::vector<ConfigProblem>> parse_config(std::string_view text,
                                                               const std::filesystem::path& file,
                                                               const Environment& environment);
/// The same, with what the store says otherwise in the file's place, key by key.
std::expected<Config, std::vector<ConfigProblem>> parse_config(
    std::string_view text, const std::filesystem::path& file, const Environment& environment,
    std::span<const store::Setting> stored);

/// Reads and parses a file. One that cannot be read is a problem too.
std::expected<Config, std::vector<ConfigProblem>> load_config(const std::filesystem::path& file,
                                                              const Environment& environment);

/// One line that names what this version does not act on; empty: nothing is.
std::string not_acted_on_notice(const Config& config);

}  // namespace gatehouse::gateway
