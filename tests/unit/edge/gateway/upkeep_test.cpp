// The threads beside the loop: none waits for what another one does.
#include "edge/gateway/upkeep.hpp"

#include "edge/gateway/clock.hpp"
#include "edge/gateway/commands/commands.hpp"
#include "edge/store/mark.hpp"
#include "tests/support/temp_dir.hpp"

#include <future>
#include <sstream>

#include <catch2/catch.hpp>
#include <spdlog/spdlog.h>

using namespace gatehouse;
using namespace gatehouse::gateway;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 60s;  // of a machine with much to do; met by what is wrong only

Config config_in(const gatehouse::tests::TempDir& directory) {
  return parse_config("lot = { id = \"demo\" }\n[[zones]]\nid = \"A\"\nslots = 3\n",
                      directory / "lot.toml",
                      [](const std::string&) { return std::optional<std::string>(); })
      .value();
}

/// A seeded store that was never marked, and a rota whose copying takes as long as the test wants.
struct Box {
  gatehouse::tests::TempDir directory;
  SystemClock clock;
  std::optional<ZonedCalendar> calendar;
  engine::Alarms alarms;
  Config config = config_in(directory);
  int attempts = 0;  // of the rota's thread: stopping tries once more
  std::promise<bool> was_marked;

  Box() {
    spdlog::set_level(spdlog::level::off);
    std::ostringstream out;
    REQUIRE(init(config, false, out) == 0);
    std::filesystem::remove(store::mark_path(config.store.path));
    calendar = ZonedCalendar::open("Asia/Kolkata").value();
  }
  [[nodiscard]] bool is_marked() const { return store::read_mark(config.store.path).has_value(); }
  BackupRota::Parts rota() {
    return {.settings = {.directory = directory.path(), .copy_command = {"/bin/copy"}},
            .store = config.store.path,
            .lot = "demo",
            .clock = clock,
            .calendar = *calendar,
            .alarms = alarms,
            .back_up = [this](const store::BackupOptions&) { return make(); },
            .run_program = {}};
  }
  std::expected<store::BackupFacts, std::string> make() {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!is_marked() && std::chrono::steady_clock::now() < end) std::this_thread::yield();
    if (attempts++ == 0) was_marked.set_value(is_marked());
    return std::unexpected("it is not needed any more");
  }
};

}  // namespace

TEST_CASE("how far the store has come is marked while a backup is being made",
          "[gateway][upkeep]") {
  Box box;
  REQUIRE_FALSE(box.is_marked());
  BackupRota rota(box.rota());
  // Holds the store open, as the gateway's writer does.
  auto writer = store::Database::open({.path = box.config.store.path});
  PaymentLog payments({.store = box.config.store.path, .directory = {}, .currency = "INR"});
  Upkeep upkeep(box.config.store.path, rota, payments);
  upkeep.start();
  CHECK(box.was_marked.get_future().get());
  upkeep.stop();
  CHECK(store::read_mark(box.config.store.path) == store::newest_place(writer));
}
