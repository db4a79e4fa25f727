// What is written of a row that changes.
#include "edge/store/row_update.hpp"

#include <cstdint>
#include <optional>
#include <random>
#include <string>

#include <SQLiteCpp/SQLiteCpp.h>
#include <catch2/catch.hpp>

using namespace gatehouse::store;

namespace {

/// A table that notes which of its columns somebody wrote.
class Table {
 public:
  Table() {
    raw.exec("CREATE TABLE cars (key INTEGER PRIMARY KEY, plate TEXT, axles INTEGER) STRICT");
    raw.exec("CREATE TABLE written (what TEXT) STRICT");
    raw.exec(
        "CREATE TRIGGER plates AFTER UPDATE OF plate ON cars "
        "BEGIN INSERT INTO written VALUES ('plate'); END");
    raw.exec(
        "CREATE TRIGGER axles AFTER UPDATE OF axles ON cars "
        "BEGIN INSERT INTO written VALUES ('axles'); END");
    raw.exec("INSERT INTO cars VALUES (7, 'KA01', 2)");
  }
  std::string written() {
    return raw.execAndGet("SELECT coalesce(group_concat(what, ' '), '') FROM written").getString();
  }
  std::string car() {
    return raw
        .execAndGet(
            "SELECT coalesce(plate, '-') || ' ' || coalesce(axles, '-') FROM cars "
            "WHERE key = 7")
        .getString();
  }

  SQLite::Database raw{":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
};

using Text = std::optional<std::string>;
using Number = std::optional<std::int64_t>;

}  // namespace

TEST_CASE("of a row what has changed is written, and nothing else", "[store]") {
  Table table;
  RowUpdate update(table.raw, "cars", "plate, axles");
  CHECK(update.write(Text("KA01"), Number(3), 7) == 1);
  CHECK(table.car() == "KA01 3");
  CHECK(table.written() == "axles");
  CHECK(update.write(Text("KA02"), Number(3), 7) == 1);
  CHECK(table.car() == "KA02 3");
  CHECK(table.written() == "axles plate");
}

TEST_CASE("a row that is as it was is not written at all", "[store]") {
  Table table;
  RowUpdate update(table.raw, "cars", "plate, axles");
  CHECK(update.write(Text("KA01"), Number(2), 7) == 1);
  CHECK(table.written().empty());
}

TEST_CASE("nothing and an empty text are two values", "[store]") {
  Table table;
  RowUpdate update(table.raw, "cars", "plate, axles");
  CHECK(update.write(Text(), Number(), 7) == 1);
  CHECK(table.car() == "- -");
  CHECK(update.write(Text(""), Number(0), 7) == 1);
  CHECK(table.car() == " 0");
}

TEST_CASE("a row that is not there is told", "[store]") {
  Table table;
  RowUpdate update(table.raw, "cars", "plate, axles");
  CHECK(update.write(Text("KA01"), Number(2), 8) == 0);
}

TEST_CASE("whatever changes together, the row becomes what it is told to be", "[store]") {
  SQLite::Database raw(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  raw.exec("CREATE TABLE bits (key INTEGER PRIMARY KEY, a, b, c, d, e, f, g)");
  raw.exec("INSERT INTO bits VALUES (1, 0, 0, 0, 0, 0, 0, 0)");
  RowUpdate update(raw, "bits", "a, b, c, d, e, f, g");
  std::mt19937 random(20261122);
  for (int i = 0; i < 2'000; ++i) {
    const auto drawn = random();
    const auto bit = [&](unsigned place) { return static_cast<std::int64_t>(drawn >> place & 1U); };
    REQUIRE(update.write(bit(0), bit(1), bit(2), bit(3), bit(4), bit(5), bit(6), 1) == 1);
    const auto stored =
        raw.execAndGet("SELECT a + 2*b + 4*c + 8*d + 16*e + 32*f + 64*g FROM bits").getInt64();
    REQUIRE(stored == static_cast<std::int64_t>(drawn & 127U));
  }
}
