#include "edge/store/check.hpp"

#include "broker/mosquitto.hpp"
#include "edge/api/tls_files.hpp"
#include "edge/gateway/changeable.hpp"
#include "edge/gateway/clock.hpp"
#include "edge/gateway/commands/broker_lot.hpp"
#include "edge/gateway/commands/command_trail.hpp"
#include "edge/gateway/commands/commands.hpp"
#include "edge/store/audit_proof.hpp"
#include "edge/store/migrate.hpp"

#include <algorithm>
#include <cstdlib>
#include <ostream>
#include <sstream>

#include <fmt/ostream.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::gateway {
namespace {

std::size_t slot_count(const Config& config) {
  std::size_t count = 0;
  for (const store::ZoneSeed& zone : config.zones) count += zone.slots.size();
  return count;
}

/// Counts what is wrong while it says so.
class Findings {
 public:
  explicit Findings(std::ostream& out) : out_(out) {}
  void say(std::string_view sentence) { fmt::print(out_, "{}\n", sentence); }
  void notice(std::string_view sentence) { fmt::print(out_, "notice: {}\n", sentence); }
  void violation(std::string_view sentence) {
    fmt::print(out_, "violation: {}\n", sentence);
    has_violation_ = true;
  }
  [[nodiscard]] int exit_code() const {
    return has_violation_ ? exit_code::not_so : exit_code::done;
  }

 private:
  std::ostream& out_;
  bool has_violation_ = false;
};

/// Secrets that others on this machine may read.
void check_file_modes(const Config& config, Findings& findings) {
  namespace fs = std::filesystem;
  const fs::path& path = config.broker_server.key_file;
  std::error_code error;
  const auto status = fs::status(path, error);
  const auto others = fs::perms::group_all | fs::perms::others_all;
  if (error || !fs::is_regular_file(status)) return;
  if ((status.permissions() & others) != fs::perms::none) {
    findings.notice(fmt::format(
        "broker.server.key_file: {} can be used by others; expected mode 0600", path.string()));
  }
}

/// The server's own certificate and key: `gatehouse run` does not start without them, and browsers
/// turn away when their time is over.
void check_certificate(const Config& config, Findings& findings) {
  if (config.http.tls_cert_file.empty()) return;
  const auto found = api::inspect_tls_files(config.http.tls_cert_file, config.http.tls_key_file,
                                            SystemClock().now().utc);
  for (const api::TlsFinding& each : found) {
    const std::string sentence = "http.tls_cert_file, tls_key_file: " + each.what;
    each.is_violation ? findings.violation(sentence) : findings.notice(sentence);
  }
}

/// Device names that a profile maps to a slot nobody has.
void check_mapped_slots(const Config& config, const LotPlan& plan, Findings& findings) {
  for (const devices::SensorProfile& profile : config.sensor_profiles) {
    for (const auto& [device, slot] : profile.map) {
      if (plan.find_slot(slot)) continue;
      findings.notice(
          fmt::format("sensor profile {}: {} is mapped to {}, a slot the lot does not have",
                      profile.name, device, slot));
    }
  }
}

/// Gates that lead into zones the store does not have: `gatehouse run` would not start.
void check_lanes(const Config& config, const LotPlan& plan, Findings& findings) {
  for (const LaneSettings& lane : config.gates.lanes) {
    for (const ZoneId& zone : lane.zones) {
      if (plan.find_zone(zone.text())) continue;
      findings.violation(
          fmt::format("gate {} leads to zone {}, which the store does not have: `gatehouse init` "
                      "adds what is new in the file",
                      lane.id.text(), zone.text()));
    }
  }
}

void check_plan(const Config& config, store::Database& database, Findings& findings) {
  constexpr std::size_t differences_max = 50;
  const auto plan = store::load_plan(database);
  if (plan->lot() != config.lot.id) {
    findings.violation(fmt::format("the store belongs to the lot {}, the file to {}",
                                   plan->lot().text(), config.lot.id.text()));
    return;
  }
  const auto differences = store::differences(*plan, config.seed());
  for (std::size_t i = 0; i < std::min(differences.size(), differences_max); ++i) {
    findings.notice(differences[i]);
  }
  if (differences.size() > differences_max) {
    findings.notice(fmt::format("and {} more differences between file and store",
                                differences.size() - differences_max));
  }
  for (const std::string& difference :
       setting_differences(config, store::StoredSettings(database).all()))
    findings.notice(difference);
  check_mapped_slots(config, *plan, findings);
  check_lanes(config, *plan, findings);
}

/// Keys that are not the store's: none of its tickets opens a gate, and its audit log is not
/// proved.
void check_keys(const Config& config, store::Database& database, Findings& findings) {
  const auto keys = load_keys(config.store.keys_path);
  if (!keys) {
    findings.violation("store.keys_path: " + keys.error());
  } else if (!store::is_sealed_with(database, audit_keys_of(*keys))) {
    findings.violation(
        fmt::format("store.keys_path: the store was sealed with other keys than those in {}",
                    config.store.keys_path.string()));
  }
}

void check_store(const Config& config, Findings& findings) {
  const std::string path = config.store.path.string();
  if (!std::filesystem::exists(config.store.path)) {
    findings.notice(fmt::format("{} does not exist yet: `gatehouse init` makes it", path));
    return;
  }
  auto database = store::Database::open({.path = config.store.path});
  const int version = store::schema_version(database);
  const auto newest = static_cast<int>(store::migrations().size());
  findings.say(fmt::format("{}: schema {}", path, version));
  if (version > newest) {
    findings.violation(
        fmt::format("a newer Gatehouse wrote the store; this one knows schema {}", newest));
  } else if (version == 0) {
    findings.violation("the store is empty: `gatehouse init` fills it");
  } else if (version < newest) {
    findings.notice(
        fmt::format("`gatehouse run` takes the store to schema {}; checked no further", newest));
  } else {
    const auto violations = store::violations(database);
    for (const std::string& violation : violations) findings.violation(violation);
    if (!violations.empty()) return;
    check_plan(config, database, findings);
    check_keys(config, database, findings);
  }
}

/// A file that Mosquitto needs: without it no device of the lot is heard.
void check_broker_file(std::string_view key, const std::filesystem::path& path,
                       Findings& findings) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  // Where others may not look Mosquitto's own user perhaps may.
  if (status.type() == std::filesystem::file_type::not_found) {
    findings.violation(
        fmt::format("broker.server.{}: {} does not exist, and Mosquitto does not start without it",
                    key, path.string()));
  } else if (error) {
    findings.notice(fmt::format("broker.server.{}: {} cannot be looked at: {}", key, path.string(),
                                error.message()));
  }
}

/// What the broker and the gateway need of each other, as far as it is seen from here.
void check_broker_surroundings(const Config& config, Findings& findings) {
  if (!config.broker_server.tls_listen.empty()) {
    check_broker_file("cert_file", config.broker_server.cert_file, findings);
    check_broker_file("key_file", config.broker_server.key_file, findings);
  }
  const bool asks_names = !config.broker_server.development && !config.broker.username.empty();
  if (asks_names && config.broker.password.empty()) {
    findings.notice(
        "broker.password_env: the variable it names (GATEHOUSE_MQTT_PASSWORD, if none) is empty or "
        "not set here; where `gatehouse run` finds it so, the broker does not let the gateway in");
  }
}

/// A directory that `run` writes into; whose sentence is wrong with it is told.
void check_directory(std::string_view key, const std::filesystem::path& directory,
                     Findings& findings) {
  if (directory.empty()) return;
  std::error_code error;
  const auto status = std::filesystem::status(directory, error);
  if (status.type() == std::filesystem::file_type::not_found) {
    findings.violation(
        fmt::format("{}: {} does not exist: `gatehouse init` makes it", key, directory.string()));
  } else if (!std::filesystem::is_directory(status)) {
    findings.violation(fmt::format("{}: {} is not a directory", key, directory.string()));
  } else if (::access(directory.c_str(), W_OK | X_OK) != 0) {
    findings.violation(
        fmt::format("{}: {} cannot be written to by this user", key, directory.string()));
  }
}

/// Whether a program can be started by this name, as a shell would find it.
bool is_program(const std::string& name) {
  if (name.find('/') != std::string::npos) return ::access(name.c_str(), X_OK) == 0;
  const char* path = std::getenv("PATH");
  std::istringstream directories(path == nullptr ? "/usr/bin:/bin" : path);
  for (std::string directory; std::getline(directories, directory, ':');) {
    if (::access((directory + "/" + name).c_str(), X_OK) == 0) return true;
  }
  return false;
}

/// Whether two paths lie on one disk, as far as the system tells.
bool is_same_disk(const std::filesystem::path& one, const std::filesystem::path& other) {
  struct stat first{};
  struct stat second{};
  return ::stat(one.c_str(), &first) == 0 && ::stat(other.c_str(), &second) == 0 &&
         first.st_dev == second.st_dev;
}

void check_upkeep(const Config& config, Findings& findings) {
  check_directory("backup.dir", config.backup.directory, findings);
  check_directory("log.dir", config.log.directory, findings);
  const auto& command = config.backup.copy_command;
  if (config.backup.directory.empty()) {
    if (!command.empty())
      findings.notice("backup.copy_command: is not run, as backup.dir names no directory");
    return;
  }
  if (!command.empty() && !is_program(command.front()))
    findings.violation(
        fmt::format("backup.copy_command: {} is no program that can be started", command.front()));
  if (command.empty() && is_same_disk(config.store.path.parent_path(), config.backup.directory))
    findings.notice(
        "backup.dir: backups lie on the store's own disk and are lost with it; "
        "backup.copy_command brings them away");
}

/// What only the broker's writer knows: names that come twice, topics that are the gateway's.
void check_broker(const Config& config, Findings& findings) {
  const auto texts = broker::server_texts(config.broker_server, broker_lot(config), "/");
  if (!texts) findings.violation("`gatehouse broker` refuses: " + texts.error());
}

}  // namespace

int check(const Config& config, std::ostream& out) {
  Findings findings(out);
  findings.say(fmt::format("{}: lot {}, {} zones, {} slots", config.file.string(),
                           config.lot.id.text(), config.zones.size(), slot_count(config)));
  if (const auto notice = not_acted_on_notice(config); !notice.empty()) findings.notice(notice);
  check_file_modes(config, findings);
  check_certificate(config, findings);
  check_broker_surroundings(config, findings);
  check_upkeep(config, findings);
  try {
    check_store(config, findings);
    if (findings.exit_code() == exit_code::done) check_broker(config, findings);
  } catch (const store::StoreError& error) {
    findings.violation(error.what());
  }
  return findings.exit_code();
}

}  // namespace gatehouse::gateway
