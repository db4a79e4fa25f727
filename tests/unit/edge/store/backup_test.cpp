// Backups and restores: made while the store is written to, found out when a byte is not what it
// was, and put in place whole or not at all.
#include "edge/store/backup.hpp"

#include "edge/store/audit.hpp"
#include "edge/store/audit_head.hpp"
#include "edge/store/audit_chain.hpp"
#include "edge/store/lock.hpp"
#include "edge/store/mark.hpp"
#include "edge/store/restore.hpp"
#include "tests/unit/edge/store/parking.hpp"

#include <atomic>
#include <fstream>
#include <thread>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::store;
using namespace gatehouse::store::tests;
namespace fs = std::filesystem;

namespace {

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_bytes(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

/// A directory for backups beside a lot that has seen something.
struct Box {
  Parking parking;
  gatehouse::tests::TempDir dir;

  Box() {
    parking.stayed(0);
    parking.parked(1);
    event();
  }
  void event() {
    parking.commit([&](Transaction& t) {
      parking->outbox.append(t, {.type = "parking.session.opened.v1",
                                 .subject = "s",
                                 .time = noon,
                                 .data = R"({"a":1})"});
    });
  }
  [[nodiscard]] fs::path file(const char* name) const { return dir / name; }
  [[nodiscard]] std::expected<BackupFacts, std::string> back_up(const char* name) const {
    return store::back_up({.store = parking.store.path(), .to = file(name), .is_wanted = {}});
  }
  [[nodiscard]] RestoreOptions from(const char* name) const {
    return {.backup = file(name), .store = dir / "new.db", .lot = "demo", .at = noon + 24h};
  }
  /// Everything in the directory by name, without what SQLite keeps beside an open store.
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& entry : fs::directory_iterator(dir.path()))
      all.push_back(entry.path().filename().string());
    std::ranges::sort(all);
    return all;
  }
};

std::int64_t number(const fs::path& store, const std::string& query) {
  auto database = Database::open({.path = store});
  return database.raw().execAndGet(query).getInt64();
}

std::string text(const fs::path& store, const std::string& query) {
  auto database = Database::open({.path = store});
  return database.raw().execAndGet(query).getString();
}

/// The power goes.
struct PowerCut {};

}  // namespace

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

TEST_CASE("a restored store goes on in a new epoch, and the old one is kept", "[store][restore]") {
  Box box;
  REQUIRE(box.back_up("b.db"));
  const auto first = restore(box.from("b.db"));
  REQUIRE(first);
  CHECK(first->now == OutboxPlace{2, 1});
  CHECK(first->kept.empty());
  const fs::path store = box.file("new.db");
  CHECK(static_cast<unsigned>(fs::status(store).permissions()) == 0600);
  CHECK(text(store, "SELECT type || ' ' || data FROM outbox WHERE epoch = 2") ==
        R"(parking.lot.restored.v1 {"from_epoch":1,"from_sequence":1})");
  CHECK(number(store, "SELECT count(*) FROM sessions") == 2);
  CHECK(read_mark(store) == OutboxPlace{2, 1});

  // Again, in the place of what was restored: nobody hears two different rows under one number.
  const auto second = restore(box.from("b.db"));
  REQUIRE(second);
  CHECK(second->now == OutboxPlace{3, 1});
  CHECK(second->kept == fs::path(store.string() + ".before-epoch-3"));
  CHECK(number(second->kept, "SELECT max(epoch) FROM epochs") == 2);
  CHECK(number(store, "SELECT count(*) FROM epochs") == 2);
  auto restored = Database::open({.path = store});
  CHECK(audit(restored).violations.empty());
}

TEST_CASE("another lot's backup and a newer one are refused", "[store][restore]") {
  Box box;
  REQUIRE(box.back_up("b.db"));
  RestoreOptions other = box.from("b.db");
  other.lot = "next";
  const auto refused = restore(other);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().find("demo") != std::string::npos);

  // A newer program's: its seal is right, its schema unknown.
  box.parking.store.run("PRAGMA user_version = 999");
  REQUIRE(box.back_up("newer.db"));
  const auto newer = restore(box.from("newer.db"));
  REQUIRE_FALSE(newer);
  CHECK(newer.error().find("newer") != std::string::npos);
  CHECK(box.names() == std::vector<std::string>{"b.db", "newer.db"});
}

TEST_CASE("a backup that was sealed with other keys is refused", "[store][restore]") {
  Box box;
  const AuditKeys ours{.current = {1, {7}}};
  const AuditKeys theirs{.current = {1, {9}}};
  const AuditKeys rotated{.current = {2, {5}}, .older = {ours.current}};
  const auto restored = [&](const char* name, const AuditKeys& keys) {
    RestoreOptions options = box.from(name);
    options.keys = LotKeys{box.file("lot.keys"), keys};
    return restore(options);
  };
  REQUIRE(box.back_up("before the chain.db"));
  CHECK(restored("before the chain.db", theirs));

  AuditChain chain(*box.parking.store, ours);
  box.parking.commit([&](Transaction& t) {
    chain.append(t, {.at = noon, .until = noon, .action = "gatehouse init"});
    chain.close(t);
  });
  REQUIRE(box.back_up("b.db"));
  const auto names = box.names();
  const auto refused = restored("b.db", theirs);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().find("was sealed with other keys than those in " +
                             box.file("lot.keys").string()) != std::string::npos);
  CHECK(box.names() == names);
  CHECK(restored("b.db", ours));
  CHECK(restored("b.db", rotated));
}

TEST_CASE("a restore that is cut short anywhere is completed", "[store][restore]") {
  Box box;
  REQUIRE(box.back_up("b.db"));
  const fs::path store = box.file("new.db");
  REQUIRE(restore(box.from("b.db")));
  // What was committed since must be in the store that is kept aside.
  number(store, "SELECT 1");
  {
    auto database = Database::open({.path = store});
    Transaction transaction = database.begin();
    Outbox(database).append(
        transaction,
        {.type = "parking.session.opened.v1", .subject = "since", .time = noon, .data = "{}"});
    static_cast<void>(std::move(transaction).commit(0));
  }
  const bool again = GENERATE(false, true);  // by another restore, or by whoever opens the store
  const int steps = GENERATE(1, 2, 3, 4, 5, 6);
  CAPTURE(steps, again);
  int left = steps;
  const auto cut = [&] {
    if (--left == 0) throw PowerCut{};
  };
  try {
    static_cast<void>(restore(box.from("b.db"), cut));
  } catch (const PowerCut&) {
    static_cast<void>(0);
  }
  REQUIRE(left == 0);
  if (again) {
    REQUIRE(restore(box.from("b.db")));
  } else if (!finish_restore(store)) {
    // Not decided yet, or finished but for its last word: the store is whole either way.
    CHECK((steps <= 2 || steps == 6));
  }
  CHECK_FALSE(finish_restore(store).has_value());
  auto database = Database::open({.path = store});
  CHECK(audit(database).violations.empty());
  const auto epoch = newest_place(database).epoch;
  CHECK(epoch >= (steps <= 2 && !again ? 2U : 3U));
  // The commits of before are there exactly once: in the store, or in the one kept aside.
  const bool was_replaced = again || steps > 2;
  const std::string since = "SELECT count(*) FROM outbox WHERE subject = 'since'";
  CHECK(database.raw().execAndGet(since).getInt() == (was_replaced ? 0 : 1));
  if (was_replaced) {
    const fs::path kept = store.string() + ".before-epoch-3";
    CHECK(number(kept, since) == 1);
  }
}

TEST_CASE("a store put back by hand begins a new epoch by itself", "[store][mark]") {
  Box box;
  auto& database = *box.parking.store;
  write_mark(database.path(), newest_place(database));
  CHECK_FALSE(begin_epoch_if_put_back(database, noon));
  write_mark(database.path(), {1, 500});
  CHECK(begin_epoch_if_put_back(database, noon) == 2);
  CHECK(newest_place(database) == OutboxPlace{2, 1});
  CHECK_FALSE(begin_epoch_if_put_back(database, noon));
  // Never back, and never misread.
  write_mark(database.path(), {1, 400});
  CHECK(read_mark(database.path()) == OutboxPlace{1, 500});
  write_bytes(mark_path(database.path()), "nonsense");
  CHECK_FALSE(read_mark(database.path()));
  CHECK_FALSE(begin_epoch_if_put_back(database, noon));
}

TEST_CASE("a damaged store can be replaced", "[store][restore]") {
  Box box;
  REQUIRE(box.back_up("b.db"));
  const std::string damaged(10'000, 'x');
  write_bytes(box.file("new.db"), damaged);
  const auto restored = restore(box.from("b.db"));
  REQUIRE(restored);
  CHECK(bytes_of(restored->kept) == damaged);
  CHECK(number(box.file("new.db"), "SELECT count(*) FROM sessions") == 2);
}

TEST_CASE("what is told to the new store is in it wherever the restore is cut short",
          "[store][backup]") {
  Box box;
  REQUIRE(box.back_up("b.db"));
  RestoreOptions options = box.from("b.db");
  options.in_new_store = [](Database& made) {
    Transaction transaction = made.begin();
    made.raw().exec("UPDATE lot SET name = 'told'");
    static_cast<void>(std::move(transaction).commit(0));
  };
  CHECK_THROWS_AS(restore(options,
                          [&] {
                            if (is_restore_unfinished(options.store)) throw PowerCut();
                          }),
                  PowerCut);
  REQUIRE(finish_restore(options.store));
  CHECK(text(options.store, "SELECT name FROM lot") == "told");
}

TEST_CASE("a restore through a link moves the head of the real store aside", "[store][backup]") {
  Box box;
  REQUIRE(box.back_up("b.db"));
  REQUIRE(restore(box.from("b.db")));
  const fs::path link = box.file("link.db");
  fs::create_symlink(box.file("new.db"), link);
  CHECK(audit_head_path(link) == audit_head_path(box.file("new.db")));
  write_audit_head(link, {.sequence = 7, .hash = std::string(64, 'a'), .key_id = 1, .seal = "s"});
  CHECK(read_audit_head(box.file("new.db"))->sequence == 7);
  CHECK(static_cast<unsigned>(fs::status(audit_head_path(link)).permissions()) == 0600);
  RestoreOptions options = box.from("b.db");
  options.store = link;
  const auto restored = restore(options);
  REQUIRE(restored);
  CHECK_FALSE(read_audit_head(link));
  CHECK(read_audit_head(restored->kept)->sequence == 7);
}
