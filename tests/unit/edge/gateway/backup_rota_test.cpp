// The daily backup by a clock that a test sets: when it is made, what becomes of it, who is told.
#include "edge/gateway/backup_rota.hpp"

#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_dir.hpp"

#include <algorithm>
#include <fstream>

#include <catch2/catch.hpp>
#include <spdlog/spdlog.h>

using namespace gatehouse;
using namespace gatehouse::gateway;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

/// Five and a half hours before UTC, all year.
class IndianCalendar final : public engine::Calendar {
 public:
  [[nodiscard]] WallTime local(Instant instant) const override {
    const Instant wall = instant + 5h + 30min;
    const auto date = std::chrono::floor<std::chrono::days>(wall);
    return {date, std::chrono::floor<std::chrono::minutes>(wall - date)};
  }
};

/// A rota whose backups are files of one word.
struct Box {
  gatehouse::tests::TempDir dir;
  gatehouse::tests::ManualClock clock;  // 2026-11-20, 12:00 UTC: 17:30 there
  IndianCalendar calendar;
  engine::Alarms alarms;
  std::vector<std::string> told;  // `backup_failed: …`, `backup_failed over`
  std::vector<std::vector<std::string>> run;
  std::string backup_trouble;  // "": none
  std::string copy_trouble;
  std::function<void()> on_copy = [] {};
  std::string broken_rule;
  bool is_wanted = true;
  int attempts = 0;
  BackupSettings settings{.directory = dir.path()};
  std::optional<BackupRota> rota;

  explicit Box(std::vector<std::string> copy_command = {}) {
    spdlog::set_level(spdlog::level::off);
    settings.copy_command = std::move(copy_command);
    settings.keep = std::chrono::days(3);
    start();
  }
  void start() {
    rota.emplace(BackupRota::Parts{
        .settings = settings,
        .store = dir / "store.db",
        .lot = "demo",
        .clock = clock,
        .calendar = calendar,
        .alarms = alarms,
        .back_up = [this](const store::BackupOptions& options) { return make(options); },
        .run_program =
            [this](const std::vector<std::string>& words, auto, const IsWanted&) {
              run.push_back(words);
              on_copy();
              return outcome(copy_trouble);
            }});
  }
  static std::expected<void, std::string> outcome(const std::string& trouble) {
    if (trouble.empty()) return {};
    return std::unexpected(trouble);
  }
  std::expected<store::BackupFacts, std::string> make(const store::BackupOptions& options) {
    ++attempts;
    if (!backup_trouble.empty()) return std::unexpected(backup_trouble);
    std::ofstream(options.to) << "backup";
    return store::BackupFacts{.lot = "demo", .place = {}, .broken_rule = broken_rule};
  }
  void tick() {
    rota->tick([this] { return is_wanted; });
    for (const engine::AlarmTold& alarm : alarms.take())
      told.push_back(alarm.kind + (alarm.message.empty() ? " over" : ": " + alarm.message));
  }
  void pass(std::chrono::minutes time) { clock.pass(time), tick(); }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& entry : fs::directory_iterator(dir.path()))
      all.push_back(entry.path().filename().string());
    std::ranges::sort(all);
    return all;
  }
  [[nodiscard]] bool was_told(const std::string& what) const {
    return std::ranges::find(told, what) != told.end();
  }
  [[nodiscard]] double figure(const std::string& name, const std::string& result = "") const {
    std::vector<engine::Sample> samples;
    rota->collect(samples);
    for (const engine::Sample& sample : samples) {
      if (sample.name == name && (result.empty() || sample.labels.at(0).second == result))
        return sample.value;
    }
    return -1;
  }
};

std::string file_of(const std::string& date) { return "gatehouse-demo-" + date + ".db"; }

}  // namespace

TEST_CASE("a backup that is missing is made at the start, and then one a day",
          "[gateway][backup]") {
  Box box;
  box.tick();
  CHECK(box.names() == std::vector{file_of("2026-11-20")});
  box.tick();
  CHECK(box.attempts == 1);
  // 02:00 there is 20:30 UTC.
  box.pass(8h + 29min);
  CHECK(box.attempts == 1);
  box.pass(1min);
  CHECK(box.names() == std::vector{file_of("2026-11-20"), file_of("2026-11-21")});
  box.start();
  box.tick();
  CHECK(box.attempts == 2);
}

TEST_CASE("a backup of books that do not agree is kept, and somebody is told",
          "[gateway][backup]") {
  Box box;
  box.broken_rule = "session 7 has 2 receipts";
  box.tick();
  CHECK(box.names() == std::vector{file_of("2026-11-20")});
  CHECK(
      box.was_told("books_broken: A backup was made, but the books do not agree: "
                   "session 7 has 2 receipts"));
  CHECK(box.was_told("backup_failed over"));
  box.broken_rule.clear();
  box.pass(8h + 30min);
  CHECK(box.was_told("books_broken over"));
}

TEST_CASE("before its hour the day before is due", "[gateway][backup]") {
  Box box;
  box.clock.set_wall_clock(gatehouse::tests::ManualClock::start + 8h);  // 01:30 there
  box.tick();
  CHECK(box.names() == std::vector{file_of("2026-11-20")});
}

TEST_CASE("after days in which the box was off one backup is made", "[gateway][backup]") {
  Box box;
  box.tick();
  box.pass(24h * 5);
  CHECK(box.names() == std::vector{file_of("2026-11-20"), file_of("2026-11-25")});
}

TEST_CASE("as many days are kept as asked, whatever the clock says", "[gateway][backup]") {
  Box box;
  std::ofstream(box.dir / "gatehouse-next-2026-01-01.db") << "another lot's";
  std::ofstream(box.dir / "gatehouse-demo-notes.db") << "somebody's";
  box.tick();
  for (int day = 0; day < 4; ++day) box.pass(24h);
  CHECK(box.names() == std::vector<std::string>{file_of("2026-11-22"), file_of("2026-11-23"),
                                                file_of("2026-11-24"), "gatehouse-demo-notes.db",
                                                "gatehouse-next-2026-01-01.db"});
  // A clock that runs ahead by years, and is set right again: what it left is the first to go.
  box.clock.set_wall_clock(gatehouse::tests::ManualClock::start + 24h * 3'000);
  box.tick();
  box.clock.set_wall_clock(gatehouse::tests::ManualClock::start + 24h * 5);
  box.tick();
  CHECK(box.names().size() == 5);
  CHECK(box.names()[0] == file_of("2026-11-23"));
  CHECK(box.names()[1] == file_of("2026-11-24"));
  CHECK(box.names()[2] == file_of("2026-11-25"));
}

TEST_CASE("as many backups of days to come as are kept do not cost the one that is due",
          "[gateway][backup]") {
  Box box;
  for (const char* const date : {"2034-01-01", "2034-01-02", "2034-01-03"})
    std::ofstream(box.dir / file_of(date)) << "made while the clock was wrong";
  box.tick();
  box.tick();
  CHECK(box.attempts == 1);
  CHECK(box.names() ==
        std::vector{file_of("2026-11-20"), file_of("2034-01-02"), file_of("2034-01-03")});
  box.pass(24h);
  box.pass(24h);
  CHECK(box.names() ==
        std::vector{file_of("2026-11-20"), file_of("2026-11-21"), file_of("2026-11-22")});
}

TEST_CASE("a backup that fails is told once, tried again and its end is told",
          "[gateway][backup]") {
  Box box;
  box.tick();
  box.told.clear();
  box.backup_trouble = "there is no room";
  box.pass(8h + 30min);
  CHECK(box.told ==
        std::vector<std::string>{"backup_failed: No backup was made: there is no room"});
  const int attempts = box.attempts;
  box.pass(14min);
  CHECK(box.attempts == attempts);
  box.pass(1min);
  CHECK(box.attempts == attempts + 1);
  CHECK(box.told.size() == 1);
  box.backup_trouble = "";
  box.pass(15min);
  CHECK(box.told.back() == "backup_failed over");
  CHECK(box.figure("gatehouse_backups_total", "failed") == 2);
  CHECK(box.figure("gatehouse_backups_total", "made") == 2);
}

TEST_CASE("a backup that is older than 26 hours is told", "[gateway][backup]") {
  Box box;
  box.tick();
  CHECK(box.was_told("backup_overdue over"));
  box.backup_trouble = "no";
  // Of the 20th, 02:00 there: 15.5 hours old at the start.
  box.pass(10h + 30min);
  CHECK_FALSE(box.was_told("backup_overdue: The newest backup is of 2026-11-19T20:30:00.000Z"));
  box.pass(1min);
  CHECK(box.was_told("backup_overdue: The newest backup is of 2026-11-19T20:30:00.000Z"));
  CHECK(box.figure("gatehouse_backup_age_seconds") == 26 * 3'600 + 60);
  box.backup_trouble = "";
  box.pass(15min);
  CHECK(box.told.back() == "backup_overdue over");
}

TEST_CASE("where none was ever made it is told after 26 hours", "[gateway][backup]") {
  Box box;
  box.backup_trouble = "no";
  box.tick();
  box.pass(26h);
  CHECK_FALSE(box.was_told("backup_overdue: There is no backup"));
  box.pass(1min);
  CHECK(box.was_told("backup_overdue: There is no backup"));
  CHECK(box.figure("gatehouse_backup_age_seconds") == -1);
}

TEST_CASE("each backup is copied away, with its path as the last word", "[gateway][backup]") {
  Box box({"/bin/copy", "--to", "far away; rm -rf /"});
  box.copy_trouble = "/bin/copy ended with 3";
  box.tick();
  const std::string path = (box.dir / file_of("2026-11-20")).string();
  CHECK(box.run ==
        std::vector<std::vector<std::string>>{{"/bin/copy", "--to", "far away; rm -rf /", path}});
  CHECK(box.was_told("backup_copy_failed: The backup was not copied away: /bin/copy ended with 3"));
  box.pass(14min);
  CHECK(box.run.size() == 1);
  box.copy_trouble = "";
  box.pass(1min);
  CHECK(box.run.size() == 2);
  CHECK(box.told.back() == "backup_copy_failed over");
  box.pass(60min);
  CHECK(box.run.size() == 2);
}

TEST_CASE("what was not copied when the process ended is copied by the next one",
          "[gateway][backup]") {
  Box box({"/bin/copy"});
  // A setting is changed meanwhile: the copy is killed.
  box.copy_trouble = "/bin/copy took too long and was ended";
  box.on_copy = [&] { box.is_wanted = false; };
  box.tick();
  CHECK(box.run.size() == 1);
  CHECK_FALSE(
      box.was_told("backup_copy_failed: The backup was not copied away: " + box.copy_trouble));
  box.copy_trouble = "";
  box.on_copy = [] {};
  box.is_wanted = true;
  box.start();
  box.tick();
  CHECK(box.attempts == 1);
  CHECK(box.run.size() == 2);
  // And what was copied is not copied again.
  box.start();
  box.tick();
  CHECK(box.run.size() == 2);
  CHECK(box.names() == std::vector{file_of("2026-11-20"), file_of("2026-11-20") + ".copied"});
}

TEST_CASE("each backup that is there is copied, the newest first", "[gateway][backup]") {
  Box box;
  box.tick();
  box.pass(24h);
  // Of a clock that was wrong: nobody waits for it.
  std::ofstream(box.dir / file_of("2034-01-01")) << "backup";
  box.settings.copy_command = {"/bin/copy"};
  box.start();
  for (int i = 0; i < 4; ++i) box.tick();
  REQUIRE(box.run.size() == 2);
  CHECK(box.run[0].back() == (box.dir / file_of("2026-11-21")).string());
  CHECK(box.run[1].back() == (box.dir / file_of("2026-11-20")).string());
}

TEST_CASE("the mark of a copy goes with its backup", "[gateway][backup]") {
  Box box({"/bin/copy"});
  box.tick();
  for (int day = 0; day < 3; ++day) box.pass(24h);
  CHECK(box.names() == std::vector{file_of("2026-11-21"), file_of("2026-11-21") + ".copied",
                                   file_of("2026-11-22"), file_of("2026-11-22") + ".copied",
                                   file_of("2026-11-23"), file_of("2026-11-23") + ".copied"});
  // One that is made again after somebody took it away is another one.
  fs::remove(box.dir / file_of("2026-11-23"));
  box.tick();
  CHECK(box.run.size() == 5);
}

TEST_CASE("a copy that cannot be marked is told, and not made with each tick",
          "[gateway][backup]") {
  Box box({"/bin/copy"});
  box.on_copy = [&] { fs::remove_all(box.dir.path()); };
  box.tick();
  const std::string mark = (box.dir / (file_of("2026-11-20") + ".copied")).string();
  CHECK(box.was_told("backup_copy_failed: The backup was not copied away: it was, but " + mark +
                     " cannot be written"));
  fs::create_directory(box.dir.path());
  std::ofstream(box.dir / file_of("2026-11-20")) << "backup";
  box.on_copy = [] {};
  box.pass(14min);
  CHECK(box.run.size() == 1);
  box.pass(1min);
  CHECK(box.run.size() == 2);
  CHECK(box.told.back() == "backup_copy_failed over");
}

TEST_CASE("a backup that is given up at the end of the process is no failure",
          "[gateway][backup]") {
  Box box({"/bin/copy"});
  box.is_wanted = false;
  box.backup_trouble = "given up";
  box.tick();
  CHECK_FALSE(box.was_told("backup_failed: No backup was made: given up"));
  CHECK(box.run.empty());
}

TEST_CASE("without a directory there are no backups", "[gateway][backup]") {
  Box box;
  box.settings.directory.clear();
  box.start();
  box.told.clear();
  box.pass(48h);
  CHECK(box.attempts == 0);
  CHECK(box.told.empty());
  CHECK(box.figure("gatehouse_backups_total") == -1);
}
