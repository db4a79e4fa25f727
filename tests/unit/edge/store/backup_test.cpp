// Backups: made while the store is written to, and found out when a byte is not what it was.
#include "edge/store/audit.hpp"
#include "tests/unit/edge/store/backups.hpp"

#include <atomic>
#include <thread>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::store;
using namespace gatehouse::store::tests;

TEST_CASE("a backup is one file that holds all that is committed", "[store][backup]") {
  Box box;
  const auto made = box.back_up("b.db");
  REQUIRE(made);
  CHECK(made->lot == "demo");
  CHECK(made->place == OutboxPlace{1, 1});
  CHECK(made->schema == static_cast<int>(migrations().size()));
  CHECK(box.names() == std::vector<std::string>{"b.db"});
  CHECK(static_cast<unsigned>(fs::status(box.file("b.db")).permissions()) == 0600);

  REQUIRE(unseal(box.file("b.db"), box.file("copy.db")));
  CHECK(number(box.file("copy.db"), "SELECT count(*) FROM sessions") == 2);
  auto copy = Database::open({.path = box.file("copy.db")});
  CHECK(audit(copy).violations.empty());
}

TEST_CASE("a backup is made while somebody writes, of one moment", "[store][backup]") {
  Box box;
  std::atomic<bool> stopping = false;
  std::uint64_t written = 1;
  std::thread writer([&] {
    while (!stopping) box.event(), ++written;
  });
  std::vector<BackupFacts> made;
  for (const char* name : {"1.db", "2.db", "3.db"}) {
    const auto facts = box.back_up(name);
    if (facts) made.push_back(*facts);
  }
  stopping = true;
  writer.join();
  REQUIRE(made.size() == 3);
  CHECK(made[0].place <= made[1].place);
  CHECK(made[1].place <= made[2].place);
  CHECK(made[2].place.sequence <= written);
  for (const char* name : {"1.db", "2.db", "3.db"}) {
    REQUIRE(unseal(box.file(name), box.file("copy.db")));
    auto copy = Database::open({.path = box.file("copy.db")});
    CHECK(faults_of(copy).damage.empty());
    CHECK(faults_of(copy).broken_rule.empty());
  }
}

TEST_CASE("a byte that changed anywhere is found", "[store][backup]") {
  Box box;
  REQUIRE(box.back_up("b.db"));
  const std::string whole = bytes_of(box.file("b.db"));
  // Every byte of the seal and of the file's head, and every 997th between.
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < whole.size(); i += i < 120 ? 1 : 997) places.push_back(i);
  for (std::size_t i = whole.size() - 84; i < whole.size(); ++i) places.push_back(i);
  std::size_t not_found = 0;
  for (const std::size_t place : places) {
    std::string damaged = whole;
    damaged[place] = static_cast<char>(damaged[place] ^ 0x10);
    write_bytes(box.file("damaged.db"), damaged);
    if (unseal(box.file("damaged.db"), box.file("copy.db")) || fs::exists(box.file("copy.db")))
      ++not_found;
  }
  CHECK(not_found == 0);
}

TEST_CASE("a backup that was cut short, or is none, is refused", "[store][backup]") {
  Box box;
  REQUIRE(box.back_up("b.db"));
  const std::string whole = bytes_of(box.file("b.db"));
  const auto [name, bytes] = GENERATE_COPY(table<const char*, std::string>({
      {"empty", ""},
      {"short", whole.substr(0, 50)},
      {"half", whole.substr(0, whole.size() / 2)},
      {"without its last byte", whole.substr(0, whole.size() - 1)},
      {"without its seal", whole.substr(0, whole.size() - 84)},
      {"longer", whole + "x"},
      {"a text", std::string(5'000, 'x')},
  }));
  CAPTURE(name);
  write_bytes(box.file("other.db"), bytes);
  CHECK_FALSE(unseal(box.file("other.db"), box.file("copy.db")));
  CHECK_FALSE(restore(box.from("other.db")));
  CHECK_FALSE(fs::exists(box.file("new.db")));
  CHECK_FALSE(unseal(box.file("missing.db"), box.file("copy.db")));
}

TEST_CASE("a damaged store makes no backup", "[store][backup]") {
  Box box;
  box.parking.store.run("PRAGMA foreign_keys = OFF");
  box.parking.store.run("INSERT INTO guest_bookings (session, source) VALUES (999, 'x')");
  const auto made = box.back_up("b.db");
  REQUIRE_FALSE(made);
  CHECK(made.error().find("guest_bookings") != std::string::npos);
  CHECK(box.names().empty());
}

TEST_CASE("a store whose books do not agree is backed up and put back, and both say so",
          "[store][backup][restore]") {
  Box box;
  CHECK(box.back_up("a.db")->broken_rule.empty());
  box.parking.store.run("DROP TRIGGER receipts_stay_as_written");
  box.parking.store.run("UPDATE receipts SET number = 7");
  const auto made = box.back_up("b.db");
  REQUIRE(made);
  CHECK(made->broken_rule.find("receipts") != std::string::npos);
  const auto restored = restore(box.from("b.db"));
  REQUIRE(restored);
  CHECK(restored->broken_rule == made->broken_rule);
  CHECK(number(box.file("new.db"), "SELECT max(number) FROM receipts") == 7);
}

TEST_CASE("a backup replaces nothing, needs room, and can be given up", "[store][backup]") {
  Box box;
  write_bytes(box.file("there.db"), "x");
  CHECK_FALSE(box.back_up("there.db"));
  CHECK(bytes_of(box.file("there.db")) == "x");
  const BackupOptions options{.store = box.parking.store.path(), .to = box.file("b.db")};
  BackupOptions huge = options;
  huge.spare_bytes = 1ULL << 60U;
  const auto refused = back_up(huge);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().find("no room") != std::string::npos);
  BackupOptions unwanted = options;
  unwanted.is_wanted = [] { return false; };
  CHECK_FALSE(back_up(unwanted));
  CHECK(box.names() == std::vector<std::string>{"there.db"});
  // What an attempt left that was cut short is in nobody's way.
  write_bytes(partial_path(options.to), "half of it");
  CHECK(back_up(options));
  CHECK(box.names() == std::vector<std::string>{"b.db", "there.db"});
}

TEST_CASE("what killed backups left is taken away when it is a day old", "[store][backup]") {
  Box box;
  REQUIRE(box.back_up("b.db"));
  const std::string store = bytes_of(box.file("b.db"));
  const auto leave = [&](const char* name, const std::string& bytes, std::chrono::hours age) {
    write_bytes(box.file(name), bytes);
    fs::permissions(box.file(name), fs::perms::owner_read | fs::perms::owner_write);
    fs::last_write_time(box.file(name), fs::last_write_time(box.file("b.db")) - age);
  };
  leave("old.db.partial", store.substr(0, 8192), 25h);
  leave("old.db.partial-journal", "x", 25h);
  leave("empty.db.partial", "", 48h);
  leave("at work.db.partial", store, 23h);
  leave("film.mkv.partial", "somebody else's", 48h);
  REQUIRE(box.back_up("c.db"));
  CHECK(box.names() ==
        std::vector<std::string>{"at work.db.partial", "b.db", "c.db", "film.mkv.partial"});
}
