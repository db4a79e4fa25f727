// What `gatehouse check` finds wrong with a store as a whole.
#include "edge/store/check.hpp"

#include "edge/store/outbox.hpp"
#include "tests/unit/edge/store/stores.hpp"

#include <fstream>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::store;
using namespace gatehouse::store::tests;

namespace {

void append_rows(TestStore& store, int count) {
  Outbox outbox(*store);
  Transaction transaction = store->begin();
  for (int i = 0; i < count; ++i) {
    outbox.append(transaction, {.type = "t", .subject = "s", .time = noon, .data = "{}"});
  }
  static_cast<void>(std::move(transaction).commit(0));
}

}  // namespace

TEST_CASE("a sound store has nothing to tell", "[store][check]") {
  TestStore store;
  CHECK(violations(*store).empty());
  append_rows(store, 5);
  CHECK(violations(*store).empty());
  store.run("DELETE FROM outbox WHERE sequence <= 2");
  CHECK(violations(*store).empty());
  store.run("DELETE FROM outbox");
  CHECK(violations(*store).empty());
}

TEST_CASE("a row that points nowhere is told", "[store][check]") {
  TestStore store;
  store.run("PRAGMA foreign_keys = OFF");
  store.run("INSERT INTO slots (id, zone) VALUES ('X-001', 99), ('X-002', 99)");
  CHECK(violations(*store) ==
        std::vector<std::string>{"2 rows of slots point to rows of zones that do not exist"});
}

TEST_CASE("an outbox with a gap is told", "[store][check]") {
  TestStore store;
  append_rows(store, 5);
  store.run("DELETE FROM outbox WHERE sequence IN (2, 4)");
  CHECK(violations(*store) ==
        std::vector<std::string>{"the outbox of epoch 1 lacks 2 rows between 1 and 5"});
}

TEST_CASE("an outbox that lost its newest rows is told", "[store][check]") {
  TestStore store;
  append_rows(store, 5);
  store.run("DELETE FROM outbox WHERE sequence > 3");
  CHECK(violations(*store) ==
        std::vector<std::string>{"the outbox of epoch 1 ends at 3 but counted to 5"});
}

TEST_CASE("a damaged page is told, not met later", "[store][check]") {
  TestStore store;
  append_rows(store, 2'000);
  store.close();
  {
    std::fstream file(store.path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(-4'096 * 3, std::ios::end);
    file << std::string(2'000, '\xff');
  }
  store.open();
  std::vector<std::string> found;
  const auto failed = failure([&] { found = violations(*store); });
  CHECK((failed == StoreError::Kind::unusable || !found.empty()));
}

TEST_CASE("looking does not disturb a writer", "[store][check]") {
  TestStore store;
  Database reader = Database::open({.path = store.path()});
  CHECK(violations(reader).empty());
  append_rows(store, 1);
  CHECK(violations(reader).empty());
}
