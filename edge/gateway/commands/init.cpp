#include "edge/api/passwords.hpp"
#include "edge/gateway/clock.hpp"
#include "edge/gateway/commands/command_trail.hpp"
#include "edge/gateway/commands/commands.hpp"
#include "edge/gateway/keys.hpp"
#include "edge/store/accounts.hpp"
#include "edge/store/lock.hpp"
#include "edge/store/migrate.hpp"

#include <ostream>
#include <utility>
#include <vector>

#include <fmt/ostream.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

namespace gatehouse::gateway {
namespace {

/// Nobody else may read what is made meanwhile.
class PrivateFiles {
 public:
  PrivateFiles() : before_(::umask(S_IRWXG | S_IRWXO)) {}
  PrivateFiles(const PrivateFiles&) = delete;
  PrivateFiles& operator=(const PrivateFiles&) = delete;
  ~PrivateFiles() { ::umask(before_); }

 private:
  mode_t before_;
};

void print_result(const Config& config, bool was_there, const store::Seeded& added,
                  std::ostream& out) {
  const std::string path = config.store.path.string();
  if (!was_there) fmt::print(out, "made {}\n", path);
  if (added.zones == 0 && added.slots == 0) {
    fmt::print(out, "{}: nothing to add\n", path);
  } else {
    fmt::print(out, "{}: added {} zones and {} slots\n", path, added.zones, added.slots);
  }
}

/// Each with a password of its own, printed once.
void make_accounts(const Config& config, store::Database& database, bool is_demo,
                   std::ostream& out) {
  using store::Role;
  std::vector<std::pair<std::string, Role>> wanted{{"admin", Role::admin}};
  if (is_demo) wanted.insert(wanted.end(), {{"staff1", Role::staff}, {"user123", Role::user}});
  store::Accounts accounts(database);
  CommandTrail trail(config, database);
  store::Transaction transaction = database.begin();
  std::string lines;
  for (const auto& [name, role] : wanted) {
    const std::string password = api::random_password();
    accounts.insert(transaction, {.username = name,
                                  .role = role,
                                  .password_hash = api::hash_password(password),
                                  .created_at = SystemClock().now().utc});
    trail.append(transaction, {.action = "gatehouse init",
                               .targets = "user " + name,
                               .detail = fmt::format("role {}", store::name(role))});
    lines += fmt::format("{}: {}\n", name, password);
  }
  fmt::print(out, "{}", std::move(transaction).commit(lines).value());
}

/// Directories that `run` expects and does not make.
void make_directories(const Config& config) {
  for (const auto& directory : {config.backup.directory, config.log.directory}) {
    if (!directory.empty()) std::filesystem::create_directories(directory);
  }
}

int fill(const Config& config, store::Database& database, bool was_there, bool is_demo,
         std::ostream& out) {
  store::migrate(database);
  // A store of a version that knew no accounts is new in this respect; and one whose making was cut
  // short is finished.
  const bool has_accounts = !store::Accounts(database).users().empty();
  if (has_accounts) {
    // Other keys would make every ticket in people's hands a forgery.
    if (const auto keys = load_keys(config.store.keys_path); !keys) {
      spdlog::error("{}; the store has tickets of these keys: bring them back from a backup",
                    keys.error());
      return exit_code::not_so;
    }
  }
  print_result(config, was_there, store::seed(database, config.seed(), SystemClock().now().utc),
               out);
  if (has_accounts) return exit_code::done;
  std::filesystem::create_directories(config.store.keys_path.parent_path());
  if (const auto made = make_keys(config.store.keys_path); !made) {
    spdlog::error("{}", made.error());
    return exit_code::unreachable;
  }
  make_accounts(config, database, is_demo, out);
  return exit_code::done;
}

}  // namespace

int init(const Config& config, bool is_demo, std::ostream& out) {
  const PrivateFiles private_files;
  try {
    std::filesystem::create_directories(config.store.path.parent_path());
    make_directories(config);
    const bool was_there = std::filesystem::exists(config.store.path);
    const auto lock = store::ProcessLock::take(config.store.path);
    if (!lock) {
      spdlog::error("a gateway runs on {}: stop it first", config.store.path.string());
      return exit_code::not_so;
    }
    auto database = store::Database::open({.path = config.store.path, .create = true});
    return fill(config, database, was_there, is_demo, out);
  } catch (const store::StoreError& error) {
    spdlog::error("{}", error.what());
    return exit_code::not_so;
  } catch (const std::filesystem::filesystem_error& error) {
    spdlog::error("cannot make a directory: {}", error.what());
    return exit_code::unreachable;
  }
}

}  // namespace gatehouse::gateway
