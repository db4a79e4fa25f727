#include "edge/store/backup.hpp"

#include "edge/gateway/clock.hpp"
#include "edge/gateway/commands/command_trail.hpp"
#include "edge/gateway/commands/commands.hpp"
#include "edge/gateway/keys.hpp"
#include "edge/gateway/log.hpp"
#include "edge/store/lock.hpp"
#include "edge/store/mark.hpp"
#include "edge/store/restore.hpp"

#include <optional>
#include <ostream>
#include <system_error>

#include <fmt/ostream.h>

namespace gatehouse::gateway {
namespace {

namespace fs = std::filesystem;

int refused(const std::string& why) {
  log_error(why);
  return exit_code::not_so;
}

/// It is no reason to have no backup, and none to be silent.
void tell_broken_rule(const std::string& rule) {
  if (!rule.empty()) log_warning(fmt::format("the store's books do not agree: {}", rule));
}

fs::path keys_beside(const fs::path& backup) { return backup.string() + ".keys"; }

std::string place_text(store::OutboxPlace place) {
  return fmt::format("{}/{}", place.epoch, place.sequence);
}

/// The keys' file where none is: without them no ticket that is out there opens a gate.
void bring_keys(const Config& config, const fs::path& backup, std::ostream& out) {
  std::error_code ignored;
  const fs::path kept = keys_beside(backup);
  const bool is_there = fs::exists(config.store.keys_path, ignored);
  if (!is_there && fs::exists(kept, ignored)) {
    if (const auto copied = copy_keys(kept, config.store.keys_path); !copied) {
      log_error(copied.error());
    } else {
      fmt::print(out, "keys: {} is again as it was backed up\n", config.store.keys_path.string());
    }
  } else if (!is_there) {
    fmt::print(out, "keys: {} is missing, and the gateway does not run without it\n",
               config.store.keys_path.string());
  }
}

}  // namespace

int backup(const Config& config, const BackupCommand& command, std::ostream& out) {
  const fs::path to = fs::absolute(command.to);
  std::error_code ignored;
  if (command.with_keys) {
    if (fs::exists(keys_beside(to), ignored))
      return refused(fmt::format("{} exists already", keys_beside(to).string()));
    if (const auto keys = load_keys(config.store.keys_path); !keys) return refused(keys.error());
  }
  const auto made =
      store::back_up({.store = config.store.path, .to = to, .spare_bytes = 0, .is_wanted = {}});
  if (!made) return refused(made.error());
  tell_broken_rule(made->broken_rule);
  if (command.with_keys) {
    if (const auto copied = copy_keys(config.store.keys_path, keys_beside(to)); !copied)
      return refused(copied.error());
  }
  fmt::print(out, "{}: lot {}, schema {}, up to {}, {} bytes{}\n", to.string(), made->lot,
             made->schema, place_text(made->place), made->bytes,
             command.with_keys ? ", with the keys beside it" : "");
  return exit_code::done;
}

namespace {

struct SealingKeys {
  fs::path file;
  Keys keys;
};

/// What a backup is to be sealed with: the lot's keys or, where they are gone, those that were
/// backed up with it and come back. None: neither is there.
std::expected<std::optional<SealingKeys>, std::string> keys_for(const Config& config,
                                                                const fs::path& backup) {
  for (const fs::path& path : {config.store.keys_path, keys_beside(backup)}) {
    std::error_code ignored;
    if (!fs::exists(path, ignored)) continue;
    auto keys = load_keys(path);
    if (!keys) return std::unexpected(keys.error());
    return SealingKeys{path, *std::move(keys)};
  }
  return std::nullopt;
}

/// The chain goes on from where the backup was made, and says so.
void tell_audit(store::Database& made, const Keys& keys) {
  const std::uint64_t epoch = store::newest_place(made).epoch;
  CommandTrail trail(made, keys, {});
  store::Transaction transaction = made.begin();
  trail.append(transaction,
               {.action = "gatehouse restore", .targets = fmt::format("epoch {}", epoch)});
  static_cast<void>(std::move(transaction).commit(true));
}

}  // namespace

int restore(const Config& config, const std::filesystem::path& from, std::ostream& out) {
  const fs::path& path = config.store.path;
  try {
    fs::create_directories(path.parent_path());
    const auto lock = store::ProcessLock::take(path);
    if (!lock) return refused(fmt::format("a gateway runs on {}: stop it first", path.string()));
    const auto keys = keys_for(config, fs::absolute(from));
    if (!keys) return refused(keys.error());
    const auto& found = *keys;
    const auto of_lot = found
                            ? std::optional(store::LotKeys{found->file, audit_keys_of(found->keys)})
                            : std::nullopt;
    const auto restored = store::restore({.backup = fs::absolute(from),
                                          .store = path,
                                          .lot = config.lot.id.text(),
                                          .at = SystemClock().now().utc,
                                          .keys = of_lot,
                                          .in_new_store = [&found](store::Database& made) {
                                            if (found) tell_audit(made, found->keys);
                                          }});
    if (!restored) return refused(restored.error());
    tell_broken_rule(restored->broken_rule);
    fmt::print(out, "{}: restored, in epoch {}\n", path.string(), restored->now.epoch);
    if (!restored->kept.empty())
      fmt::print(out, "the store of before: {}\n", restored->kept.string());
    bring_keys(config, fs::absolute(from), out);
    return exit_code::done;
  } catch (const store::StoreError& error) {
    return refused(error.what());
  } catch (const fs::filesystem_error& error) {
    log_error(error.what());
    return exit_code::unreachable;
  }
}

}  // namespace gatehouse::gateway
