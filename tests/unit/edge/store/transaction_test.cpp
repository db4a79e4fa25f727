// What a transaction keeps, and what it must not.
#include "edge/store/database.hpp"
#include "tests/support/aborts.hpp"
#include "tests/unit/edge/store/stores.hpp"

#include <memory>
#include <stdexcept>
#include <type_traits>

#include <catch2/catch.hpp>

using namespace gatehouse::store;
using namespace gatehouse::store::tests;
using gatehouse::tests::aborts;

namespace {

void rename_lot(TestStore& store, const std::string& name) {
  store.run("UPDATE lot SET name = '" + name + "'");
}
std::string lot_name(TestStore& store) { return store.text("SELECT name FROM lot"); }

}  // namespace

TEST_CASE("what is committed is there after opening again", "[store][transaction]") {
  TestStore store;
  Transaction transaction = store->begin();
  rename_lot(store, "Changed");
  const Committed<std::string> committed = std::move(transaction).commit(std::string("effects"));
  CHECK(committed.value() == "effects");
  CHECK(committed->size() == 7);
  store.reopen();
  CHECK(lot_name(store) == "Changed");
}

TEST_CASE("what goes out of scope uncommitted is not kept", "[store][transaction]") {
  TestStore store;
  {
    const Transaction transaction = store->begin();
    rename_lot(store, "Changed");
    CHECK(lot_name(store) == "Changed");
  }
  CHECK(lot_name(store) == "Demo lot");
  store.reopen();
  CHECK(lot_name(store) == "Demo lot");
}

TEST_CASE("an exception on the way rolls back and the store goes on", "[store][transaction]") {
  TestStore store;
  const auto work = [&] {
    const Transaction transaction = store->begin();
    rename_lot(store, "Changed");
    throw std::runtime_error("something else went wrong");
  };
  CHECK_THROWS_AS(work(), std::runtime_error);
  CHECK(lot_name(store) == "Demo lot");
  Transaction next = store->begin();
  rename_lot(store, "Changed later");
  static_cast<void>(std::move(next).commit(0));
  CHECK(lot_name(store) == "Changed later");
}

TEST_CASE("a transaction that was handed on is committed once, by its new owner",
          "[store][transaction]") {
  TestStore store;
  {
    Transaction first = store->begin();
    rename_lot(store, "Changed");
    Transaction second = std::move(first);
    static_cast<void>(std::move(second).commit(0));
  }
  CHECK(lot_name(store) == "Changed");
  // Neither of the two rolled anything back or blocks the next one.
  static_cast<void>(store->begin().commit(0));
}

TEST_CASE("nothing commits twice or through an empty hand", "[store][transaction]") {
  TestStore store;
  // NOLINTBEGIN(bugprone-use-after-move,clang-analyzer-cplusplus.Move): this is what must stop the
  // process.
  CHECK(aborts([&] {
    Transaction transaction = store->begin();
    static_cast<void>(std::move(transaction).commit(0));
    static_cast<void>(std::move(transaction).commit(0));
  }));
  CHECK(aborts([&] {
    Transaction first = store->begin();
    const Transaction second = std::move(first);
    static_cast<void>(std::move(first).commit(0));
  }));
  // NOLINTEND(bugprone-use-after-move,clang-analyzer-cplusplus.Move)
}

TEST_CASE("there is one transaction at a time", "[store][transaction]") {
  TestStore store;
  CHECK(aborts([&] {
    const Transaction first = store->begin();
    const Transaction second = store->begin();
  }));
  CHECK(aborts([&] {
    const Transaction transaction = store->begin();
    store->checkpoint();
  }));
}

TEST_CASE("proof of a commit comes out of a commit only", "[store][transaction]") {
  STATIC_REQUIRE_FALSE(std::is_constructible_v<Committed<int>, int>);
  STATIC_REQUIRE_FALSE(std::is_default_constructible_v<Committed<int>>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<int, Committed<int>>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<Transaction, Database&>);
  STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<Transaction>);
}

TEST_CASE("a value that can only be moved is committed too", "[store][transaction]") {
  TestStore store;
  auto committed = store->begin().commit(std::make_unique<int>(7));
  CHECK(*committed.value() == 7);
}

TEST_CASE("the log is counted and moved into the file", "[store][log]") {
  TestStore store;
  rename_lot(store, "Changed");
  CHECK(store->log_frames() > 0);
  CHECK(store->checkpoint() == 0);
  // With everything moved the next commit begins the log anew.
  rename_lot(store, "Changed again");
  CHECK(store->log_frames() <= 2);
}

TEST_CASE("a reader holds up what is moved, never a commit", "[store][log]") {
  TestStore store;
  store->checkpoint();
  Database reader = Database::open({.path = store.path()});
  reader.raw().exec("BEGIN");
  static_cast<void>(reader.raw().execAndGet("SELECT count(*) FROM lot").getInt());
  rename_lot(store, "Changed");
  CHECK(store->checkpoint() > 0);
  reader.raw().exec("ROLLBACK");
  CHECK(store->checkpoint() == 0);
}

TEST_CASE("a log that nobody moves is moved by the writer itself", "[store][log]") {
  TestStore store;
  store.close();
  store.open(10);
  for (int i = 0; i < 200; ++i) {
    Transaction transaction = store->begin();
    rename_lot(store, "Name " + std::to_string(i));
    static_cast<void>(std::move(transaction).commit(0));
    REQUIRE(store->log_frames() <= 12);
  }
}
