#include "edge/gateway/commands/commands.hpp"
#include "edge/gateway/log.hpp"
#include "edge/gateway/wiring.hpp"
#include "edge/store/restore.hpp"

#include <exception>
#include <filesystem>
#include <utility>

#include <malloc.h>
#include <spdlog/spdlog.h>

namespace gatehouse::gateway {
namespace {

constexpr int heap_kept_bytes = 8 << 20;
constexpr int heap_grown_by_bytes = 1 << 20;

/// A restore that was cut short is finished by whoever opens the store.
bool is_there_to_run(const std::filesystem::path& store) {
  return std::filesystem::exists(store) || store::is_restore_unfinished(store);
}

/// The file as it is now; a bad one is shown and changes nothing. What is taken of it goes into
/// `config` too: the next Gateway of this process begins with that.
void reload(Gateway& gateway, Config& config) {
  const std::string file = config.file.string();
  auto read = load_config(config.file, process_environment);
  if (!read) {
    for (const ConfigProblem& problem : read.error()) spdlog::error(problem.text(file));
    spdlog::error("the configuration stays as it was");
    return;
  }
  if (gateway.reload(*read)) {
    config.sensor_profiles = std::move(read->sensor_profiles);
    spdlog::info("read {} again: sensor profiles are as it says", file);
  } else {
    spdlog::info("read {} again: its sensor profiles have not changed", file);
  }
}

/// `127.0.0.1:0` → `127.0.0.1:40231`: whoever found the port finds it again.
std::string keep_port(const std::string& listen, std::uint16_t port) {
  const auto colon = listen.rfind(':');
  if (colon == std::string::npos || listen.substr(colon) != ":0") return listen;
  return listen.substr(0, colon + 1) + std::to_string(port);
}

/// One Gateway after the other, each from what the store says by then: changing zones, slots or
/// settings begins a new one.
int run_until_told(Config config, const ZonedCalendar& calendar) {
  for (;;) {
    Gateway gateway(config, calendar);
    gateway.start();
    config.http.listen = keep_port(config.http.listen, gateway.port());
    switch (gateway.run([&] { reload(gateway, config); })) {
      case Ended::told_to:
        return exit_code::done;
      case Ended::store_broke:
        return exit_code::not_so;
      case Ended::lot_changed:
        break;
    }
  }
}

}  // namespace

int run(const Config& config) {
  auto calendar = ZonedCalendar::open(config.lot.timezone);
  if (!calendar) {
    spdlog::error("lot.timezone: {}", calendar.error());
    return exit_code::wrong_usage;
  }
  if (!config.log.directory.empty()) {
    keep_log_files({.directory = config.log.directory,
                    .keep = config.log.keep,
                    .local = [zone = *calendar](Instant at) { return zone.local(at); }});
  }
  if (!is_there_to_run(config.store.path)) {
    spdlog::error("{} does not exist: `gatehouse init` makes it", config.store.path.string());
    return exit_code::not_so;
  }
  const std::string notice = not_acted_on_notice(config);
  if (!notice.empty()) spdlog::warn(notice);
  // Few threads allocate much here: glibc's eight arenas a core would only hold memory apart.
  mallopt(M_ARENA_MAX, 2);
  // SQLite takes and gives back some 100 KB with many a statement: handed back to the kernel each
  // time, they cost more than the statement (bench/README.md).
  mallopt(M_TRIM_THRESHOLD, heap_kept_bytes);
  mallopt(M_TOP_PAD, heap_grown_by_bytes);
  try {
    return run_until_told(config, *calendar);
  } catch (const store::StoreError& error) {
    spdlog::error("{}", error.what());
    return exit_code::not_so;
  } catch (const std::exception& error) {
    spdlog::error("{}", error.what());
    return exit_code::unreachable;
  }
}

}  // namespace gatehouse::gateway
