// The schema, step by step: from every step that was ever shipped to the newest.
#include "edge/store/migrate.hpp"

#include "edge/store/outbox.hpp"
#include "tests/unit/edge/store/stores.hpp"

#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>

using namespace gatehouse::store;
using namespace gatehouse::store::tests;
using gatehouse::tests::TempDir;
using Kind = StoreError::Kind;

namespace {

constexpr Migration good_step{1, "good", "CREATE TABLE a (x INTEGER) STRICT;"};

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Database new_file(const TempDir& dir) {
  return Database::open({.path = dir / "gatehouse.db", .create = true});
}

/// Every table, index and trigger as it was written.
std::vector<std::string> schema_of(Database& database) {
  std::vector<std::string> schema;
  SQLite::Statement query(database.raw(),
                          "SELECT type || ' ' || name || ' ' || coalesce(sql, '') "
                          "FROM sqlite_schema ORDER BY 1");
  while (query.executeStep()) schema.push_back(query.getColumn(0).getString());
  return schema;
}

}  // namespace

TEST_CASE("steps are numbered from 1 without a gap", "[store][migrate]") {
  REQUIRE_FALSE(migrations().empty());
  int expected = 1;
  for (const Migration& step : migrations()) {
    CHECK(step.version == expected++);
    CHECK_FALSE(step.name.empty());
    CHECK_FALSE(step.sql.empty());
  }
}

TEST_CASE("every step that was shipped leads to the newest schema", "[store][migrate]") {
  const TempDir fresh_dir;
  Database fresh = new_file(fresh_dir);
  migrate(fresh);
  for (std::size_t shipped = 0; shipped <= migrations().size(); ++shipped) {
    CAPTURE(shipped);
    const TempDir dir;
    {
      Database old = new_file(dir);
      migrate(old, migrations().first(shipped));
      REQUIRE(schema_version(old) == static_cast<int>(shipped));
    }
    Database database = Database::open({.path = dir / "gatehouse.db"});
    migrate(database);
    CHECK(schema_version(database) == static_cast<int>(migrations().size()));
    CHECK(schema_of(database) == schema_of(fresh));
  }
}

TEST_CASE("a store that is up to date is left alone", "[store][migrate]") {
  TestStore store;
  migrate(*store);
  store.close();
  const std::string before = bytes_of(store.path());
  store.open();
  migrate(*store);
  store.close();
  CHECK(bytes_of(store.path()) == before);
}

TEST_CASE("a newer store is refused and stays as it is", "[store][migrate]") {
  TestStore store;
  store.run("PRAGMA user_version = " + std::to_string(migrations().size() + 1));
  store.close();
  const std::string before = bytes_of(store.path());
  store.open();
  CHECK(failure([&] { migrate(*store); }) == Kind::newer_schema);
  store.close();
  CHECK(bytes_of(store.path()) == before);
}

TEST_CASE("a version that no Gatehouse wrote is refused", "[store][migrate]") {
  TestStore store;
  store.run("PRAGMA user_version = -1");
  CHECK(failure([&] { migrate(*store); }) == Kind::unusable);
  store.run("PRAGMA user_version = 0");  // with tables of ours
  store.close();
  CHECK(failure([&] { store.open(); }) == Kind::unusable);
}

TEST_CASE("a refusal of a newer store says what to do", "[store][migrate]") {
  TestStore store;
  store.run("PRAGMA user_version = 99");
  CHECK_THROWS_WITH(migrate(*store), Catch::Contains("schema 99") &&
                                         Catch::Contains("install that version or restore"));
}

TEST_CASE("a step that fails in its middle leaves the store at the step before",
          "[store][migrate]") {
  const TempDir dir;
  Database database = new_file(dir);
  const Migration broken[] = {
      good_step,
      {2, "broken", "CREATE TABLE b (x INTEGER) STRICT; INSERT INTO a VALUES (1); NONSENSE;"}};
  CHECK(failure([&] { migrate(database, broken); }) == Kind::unusable);
  CHECK(schema_version(database) == 1);
  CHECK(database.raw().tableExists("a"));
  CHECK_FALSE(database.raw().tableExists("b"));
  CHECK(database.raw().execAndGet("SELECT count(*) FROM a").getInt() == 0);

  const Migration mended[] = {good_step, {2, "mended", "CREATE TABLE b (x INTEGER) STRICT;"}};
  migrate(database, mended);
  CHECK(schema_version(database) == 2);
  CHECK(database.raw().tableExists("b"));
}

TEST_CASE("a first step that fails leaves an empty file", "[store][migrate]") {
  const TempDir dir;
  const Migration broken[] = {{1, "broken", "CREATE TABLE a (x INTEGER) STRICT; NONSENSE;"}};
  {
    Database database = new_file(dir);
    CHECK(failure([&] { migrate(database, broken); }) == Kind::unusable);
  }
  Database database = Database::open({.path = dir / "gatehouse.db"});
  CHECK(schema_version(database) == 0);
  CHECK(database.raw().execAndGet("SELECT count(*) FROM sqlite_schema").getInt() == 0);
  CHECK(database.raw().execAndGet("PRAGMA application_id").getInt() == 0);
}

TEST_CASE("a step and its number go in together", "[store][migrate]") {
  const TempDir dir;
  Database database = new_file(dir);
  migrate(database, std::span(&good_step, 1));
  {
    const Transaction transaction = database.begin();
    database.raw().exec("PRAGMA user_version = 7");
  }
  CHECK(schema_version(database) == 1);
  CHECK(database.raw().execAndGet("PRAGMA application_id").getInt() == application_id);
}

TEST_CASE("each step of its own is kept when a later one fails and the process dies",
          "[store][migrate]") {
  const TempDir dir;
  const Migration broken[] = {good_step, {2, "broken", "NONSENSE;"}};
  {
    Database database = new_file(dir);
    CHECK(failure([&] { migrate(database, broken); }) == Kind::unusable);
  }
  Database database = Database::open({.path = dir / "gatehouse.db"});
  CHECK(schema_version(database) == 1);
}

TEST_CASE("a store of the first version keeps what it holds and publishes only what comes",
          "[store][migrate]") {
  const TempDir dir;
  {
    Database old = new_file(dir);
    migrate(old, migrations().first(1));
    seed(old, demo_seed(), noon);
    old.raw().exec(
        "INSERT INTO slot_states (slot, spoke, occupied, status, since) "
        "VALUES (2, 1, 1, 'occupied', 5);"
        "UPDATE epochs SET last_sequence = 1;"
        "INSERT INTO outbox VALUES (1, 1, 'parking.slot.changed.v1', 'demo', 5, '{}')");
  }
  Database database = Database::open({.path = dir / "gatehouse.db"});
  migrate(database);
  CHECK(load_plan(database)->slots().size() == 5);
  CHECK(database.raw().execAndGet("SELECT status FROM slot_states").getString() == "occupied");
  Outbox outbox(database);
  CHECK(outbox.position().last_sequence == 1);
  CHECK(outbox.event_cursor() == OutboxPlace{1, 1});
  CHECK(database.raw().execAndGet("SELECT count(*) FROM sessions").getInt() == 0);
}
