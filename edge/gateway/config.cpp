#include "edge/gateway/config.hpp"

#include "edge/domain/invariant.hpp"
#include "edge/gateway/config/readers.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

namespace gatehouse::gateway {
namespace {

// 100,000 slots by name take less than two.
constexpr std::uintmax_t file_bytes_max = 8 * 1024 * 1024;

// What this version reads and checks but does not act on. A capability that arrives takes its
// lines out.
constexpr std::array<std::string_view, 5> not_acted_on = {"payments", "cloud.url", "cloud.username",
                                                          "cloud.password_env", "cloud.relay"};

bool is_present(const TomlTable& root, std::string_view path) {
  const auto dot = path.find('.');
  const TomlMember* member = root.find(path.substr(0, dot));
  if (member == nullptr || dot == std::string_view::npos) return member != nullptr;
  const auto* table = std::get_if<TomlTable>(&member->node.value);
  return table != nullptr && is_present(*table, path.substr(dot + 1));
}

std::vector<std::string> present_but_not_acted_on(const TomlTable& root) {
  std::vector<std::string> present;
  for (const std::string_view path : not_acted_on) {
    if (is_present(root, path)) present.emplace_back(path);
  }
  return present;
}

LaneNames lane_names(const std::vector<store::ZoneSeed>& zones,
                     const std::vector<BarrierSettings>& barriers) {
  LaneNames names;
  for (const store::ZoneSeed& zone : zones) {
    names.zones.insert(zone.zone.id.text());
    for (const SlotId& slot : zone.slots) names.slots.insert(slot.text());
  }
  for (const BarrierSettings& barrier : barriers) names.barriers.insert(barrier.id);
  return names;
}

TomlNode node_of(const store::Setting& setting) {
  TomlNode node{.line = 0, .value = setting.value};
  if (setting.kind == store::SettingKind::flag) node.value = setting.value == "true";
  if (setting.kind == store::SettingKind::number) {
    std::int64_t number = 0;
    const char* const end = setting.value.data() + setting.value.size();
    const auto [stopped, error] = std::from_chars(setting.value.data(), end, number);
    // What is no whole number stays text, which the rules of its key refuse.
    if (error == std::errc() && stopped == end) node.value = number;
  }
  return node;
}

/// Puts a value where its path leads; tables that are not there are made. A path through something
/// that is no table is the file's mistake, which its reader names.
void put(TomlTable& table, std::string_view path, TomlNode node) {
  const auto dot = path.find('.');
  const std::string key(path.substr(0, dot));
  auto member = std::ranges::find(table.members, key, &TomlMember::key);
  if (member == table.members.end()) {
    table.members.push_back({key, 0, {.line = 0, .value = TomlTable{}}});
    member = std::prev(table.members.end());
  }
  if (dot == std::string_view::npos) {
    member->node = std::move(node);
  } else if (auto* const inner = std::get_if<TomlTable>(&member->node.value)) {
    put(*inner, path.substr(dot + 1), std::move(node));
  }
}

Config read_config(Section root, const Surroundings& around) {
  Config config{.lot = read_lot(root.table("lot"))};
  config.store = read_store(root.table("store"), around);
  Section broker = root.table("broker");
  config.broker = read_broker(broker, around);
  config.broker_server = read_broker_server(broker.table("server"), around);
  config.http = read_http(root.table("http"), around);
  config.sensors = read_sensors(root.table("sensors"));
  config.zones = read_zones(root.tables("zones"));
  config.barrier_profiles = read_barrier_profiles(root.tables("barrier_profiles"));
  config.barriers = read_barriers(root.tables("barriers"), config.barrier_profiles);
  config.gates = read_gates(root.table("gates"), lane_names(config.zones, config.barriers));
  config.sensor_profiles = read_sensor_profiles(root.tables("sensor_profiles"), config.lot.id);
  config.payments = read_payments(root.table("payments"), around);
  config.billing = read_billing(root.table("billing"), config.payments.mode);
  config.cloud = read_cloud(root.table("cloud"), config.lot, around);
  config.backup = read_backup(root.table("backup"), around);
  config.log = read_log(root.table("log"), around);
  return config;
}

std::unexpected<std::vector<ConfigProblem>> only_problem(std::string what) {
  return std::unexpected(std::vector<ConfigProblem>{{0, "", std::move(what)}});
}

}  // namespace

std::filesystem::path Surroundings::resolve(const std::string& path) const {
  if (path.empty()) return {};
  return (directory / path).lexically_normal();
}

Secret read_secret(Section& section, std::string_view key, std::string fallback,
                   const Surroundings& around) {
  Secret secret{.variable = section.text(key, std::move(fallback), rules::variable), .value = {}};
  if (!secret.variable.empty()) secret.value = around.environment(secret.variable).value_or("");
  return secret;
}

std::string ConfigProblem::text(std::string_view file) const {
  std::string text(file);
  if (line > 0) text += fmt::format(":{}", line);
  if (!key.empty()) text += ": " + key;
  return text + ": " + what;
}

std::optional<std::string> process_environment(const std::string& variable) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing here ever changes the environment
  const char* value = std::getenv(variable.c_str());
  if (value == nullptr) return std::nullopt;
  return value;
}

std::expected<Config, std::vector<ConfigProblem>> parse_config(std::string_view text,
                                                               const std::filesystem::path& file,
                                                               const Environment& environment) {
  return parse_config(text, file, environment, {});
}

std::expected<Config, std::vector<ConfigProblem>> parse_config(
    std::string_view text, const std::filesystem::path& file, const Environment& environment,
    std::span<const store::Setting> stored) {
  auto root = parse_toml(text);
  if (!root) {
    return std::unexpected(
        std::vector<ConfigProblem>{{root.error().line, "", "expected TOML; " + root.error().what}});
  }
  const auto present = present_but_not_acted_on(*root);
  for (const store::Setting& setting : stored) put(*root, setting.key, node_of(setting));
  Reading reading;
  const Surroundings around{.directory = std::filesystem::absolute(file).parent_path(),
                            .environment = environment};
  Config config = read_config(Section(reading, *root, "", 1), around);
  if (auto problems = reading.finish(*root); !problems.empty()) {
    return std::unexpected(std::move(problems));
  }
  config.file = file;
  config.text = text;
  config.not_acted_on = present;
  return config;
}

std::expected<Config, std::vector<ConfigProblem>> load_config(const std::filesystem::path& file,
                                                              const Environment& environment) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (error) return only_problem("expected a readable file; " + error.message());
  if (size > file_bytes_max) {
    return only_problem(fmt::format("expected at most 8 MiB; the file has {} bytes", size));
  }
  std::ifstream stream(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (!stream) return only_problem("expected a readable file; it cannot be read");
  return parse_config(text, file, environment);
}

std::string not_acted_on_notice(const Config& config) {
  if (config.not_acted_on.empty()) return "";
  return fmt::format("this version checks but does not act on: {}",
                     fmt::join(config.not_acted_on, ", "));
}

}  // namespace gatehouse::gateway
