#include "edge/gateway/clock.hpp"
#include "edge/gateway/commands/commands.hpp"
#include "edge/gateway/keys.hpp"
#include "edge/store/lock.hpp"
#include "edge/store/migrate.hpp"

#include <ostream>

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

}  // namespace

// A demo lot is an ordinary lot: what sets it apart are users, of which this version has none.
int init(const Config& config, bool /*is_demo*/, std::ostream& out) {
  const PrivateFiles private_files;
  try {
    std::filesystem::create_directories(config.store.path.parent_path());
    const bool was_there = std::filesystem::exists(config.store.path);
    const auto lock = store::ProcessLock::take(config.store.path);
    if (!lock) {
      spdlog::error("a gateway runs on {}: stop it first", config.store.path.string());
      return exit_code::not_so;
    }
    auto database = store::Database::open({.path = config.store.path, .create = true});
    store::migrate(database);
    print_result(config, was_there, store::seed(database, config.seed(), SystemClock().now().utc),
                 out);
    std::filesystem::create_directories(config.store.keys_path.parent_path());
    if (const auto made = make_keys(config.store.keys_path); !made) {
      spdlog::error("{}", made.error());
      return exit_code::unreachable;
    }
    return exit_code::done;
  } catch (const store::StoreError& error) {
    spdlog::error("{}", error.what());
    return exit_code::not_so;
  } catch (const std::filesystem::filesystem_error& error) {
    spdlog::error("cannot make the store's directory: {}", error.what());
    return exit_code::unreachable;
  }
}

}  // namespace gatehouse::gateway
