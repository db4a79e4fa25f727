// Opening a store, refusing what is none, and the settings it runs under.
#include "edge/store/database.hpp"

#include "edge/store/migrate.hpp"
#include "tests/unit/edge/store/stores.hpp"

#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>

using namespace gatehouse::store;
using namespace gatehouse::store::tests;
using gatehouse::tests::TempDir;
using Kind = StoreError::Kind;

namespace {

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

/// The store of some other program, in SQLite's default mode.
void make_foreign_store(const std::filesystem::path& path) {
  SQLite::Database other(path.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  other.exec("CREATE TABLE bookmarks (url TEXT)");
  other.exec("INSERT INTO bookmarks VALUES ('https://example.org')");
}

}  // namespace

TEST_CASE("a missing store is made only where that was asked for", "[store][open]") {
  const TempDir dir;
  CHECK(failure([&] { Database::open({.path = dir / "gatehouse.db"}); }) == Kind::unusable);
  CHECK_FALSE(std::filesystem::exists(dir / "gatehouse.db"));
  CHECK_FALSE(failure([&] { Database::open({.path = dir / "gatehouse.db", .create = true}); }));
  CHECK(std::filesystem::exists(dir / "gatehouse.db"));
}

TEST_CASE("what cannot be a store is refused", "[store][open]") {
  const TempDir dir;
  CHECK(failure([&] { Database::open({.path = dir.path()}); }) == Kind::unusable);
  CHECK(failure([&] { Database::open({.path = dir / "no/such/folder.db", .create = true}); }) ==
        Kind::unusable);
  const std::string garbage(10'000, 'x');
  write(dir / "garbage.db", garbage);
  CHECK(failure([&] { Database::open({.path = dir / "garbage.db"}); }) == Kind::unusable);
  CHECK(bytes_of(dir / "garbage.db") == garbage);
}

TEST_CASE("a store cut off in the middle is refused or readable, never a crash", "[store][open]") {
  TestStore store;
  store.close();
  const std::string whole = bytes_of(store.path());
  for (const std::size_t length : {std::size_t{1}, std::size_t{99}, std::size_t{100},
                                   std::size_t{4'096}, whole.size() / 2, whole.size() - 1}) {
    CAPTURE(length);
    write(store.path(), whole.substr(0, length));
    const auto failed = failure([&] {
      Database database = Database::open({.path = store.path()});
      migrate(database);
      load_plan(database);
    });
    CHECK(failed.value_or(Kind::unusable) == Kind::unusable);
  }
}

TEST_CASE("another program's SQLite file is refused and stays as it is", "[store][open]") {
  const TempDir dir;
  make_foreign_store(dir / "places.sqlite");
  const std::string before = bytes_of(dir / "places.sqlite");
  const bool create = GENERATE(false, true);
  CHECK(failure([&] { Database::open({.path = dir / "places.sqlite", .create = create}); }) ==
        Kind::unusable);
  CHECK(bytes_of(dir / "places.sqlite") == before);
}

TEST_CASE("a file that only carries a number of its own is another program's", "[store][open]") {
  const TempDir dir;
  {
    SQLite::Database other((dir / "a.db").string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    other.exec("PRAGMA user_version = 1");
  }
  CHECK(failure([&] { Database::open({.path = dir / "a.db"}); }) == Kind::unusable);
}

TEST_CASE("an empty file becomes a store", "[store][open]") {
  const TempDir dir;
  write(dir / "gatehouse.db", "");
  Database database = Database::open({.path = dir / "gatehouse.db"});
  CHECK(schema_version(database) == 0);
  migrate(database);
  CHECK(schema_version(database) == static_cast<int>(migrations().size()));
}

TEST_CASE("every commit is synced and every reference checked", "[store][settings]") {
  TestStore store;
  CHECK(store.text("PRAGMA journal_mode") == "wal");
  CHECK(store.number("PRAGMA synchronous") == 2);  // FULL
  CHECK(store.number("PRAGMA foreign_keys") == 1);
  CHECK(store.number("PRAGMA cell_size_check") == 1);
  CHECK(store.number("PRAGMA wal_autocheckpoint") == 0);
  CHECK(store.number("PRAGMA trusted_schema") == 0);
  CHECK(store.refuses("INSERT INTO slots (id, zone) VALUES ('X-001', 99)"));
}

TEST_CASE("a misspelt column is an error, not a text", "[store][settings]") {
  TestStore store;
  CHECK(store.refuses("SELECT \"no_such_column\" FROM lot"));
  CHECK(store.refuses("CREATE TABLE t (a TEXT CHECK (a <> \"nothing\"))"));
}

TEST_CASE("every table is strict: a text is no number", "[store][settings]") {
  TestStore store;
  CHECK(store.number("SELECT count(*) FROM pragma_table_list "
                     "WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' "
                     "AND NOT strict") == 0);
  CHECK(store.number("SELECT count(*) FROM pragma_table_list WHERE strict") > 5);
  CHECK(store.refuses("UPDATE zones SET hourly_rate_paise = 'much'"));
  CHECK(store.refuses("UPDATE zones SET hourly_rate_paise = 50.5"));
}

TEST_CASE("a store that somebody else is writing into is an error, not a wait for ever",
          "[store][open]") {
  TestStore store;
  const Transaction ours = store->begin();
  Database second = Database::open({.path = store.path()});
  second.raw().setBusyTimeout(1);
  CHECK(failure([&] { static_cast<void>(second.begin()); }) == Kind::unusable);
}

TEST_CASE("readers see what was committed and nothing else", "[store][open]") {
  TestStore store;
  Database reader = Database::open({.path = store.path()});
  const auto name = [&] { return reader.raw().execAndGet("SELECT name FROM lot").getString(); };
  Transaction transaction = store->begin();
  store.run("UPDATE lot SET name = 'Changed'");
  CHECK(name() == "Demo lot");
  static_cast<void>(std::move(transaction).commit(0));
  CHECK(name() == "Changed");
}

TEST_CASE("a second connection reads every commit at once and can write nothing", "[store][open]") {
  TestStore store;
  Database reader = Database::open({.path = store.path(), .read_only = true});
  const auto zones = [&] { return reader.raw().execAndGet("SELECT count(*) FROM zones").getInt(); };
  CHECK(zones() == 2);
  {
    Transaction transaction = store->begin();
    store.run("DELETE FROM slots");
    store.run("DELETE FROM zones");
    CHECK(zones() == 2);
    static_cast<void>(std::move(transaction).commit(0));
  }
  CHECK(zones() == 0);
  CHECK_THROWS_AS(reader.raw().exec("DELETE FROM lot"), SQLite::Exception);
}

TEST_CASE("a database may be handed on", "[store][open]") {
  TestStore store;
  Database moved = std::move(*store);
  CHECK(moved.path() == store.path());
  static_cast<void>(moved.begin().commit(0));
}

TEST_CASE("a store that was removed or replaced is noticed", "[store][database]") {
  const gatehouse::tests::TempDir dir;
  const auto path = dir / "gatehouse.db";
  const Database database = Database::open({.path = path, .create = true});
  CHECK(database.is_still_there());
  std::filesystem::rename(path, dir / "away.db");
  CHECK_FALSE(database.is_still_there());
  std::filesystem::copy_file(dir / "away.db", path);
  CHECK_FALSE(database.is_still_there());
  std::filesystem::rename(dir / "away.db", path);
  CHECK(database.is_still_there());
}
