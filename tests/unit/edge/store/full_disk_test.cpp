// A disk that is full, and one that breaks: what is kept, what is told, and whether it heals.
#include "edge/store/outbox.hpp"
#include "edge/store/slots.hpp"
#include "tests/unit/edge/store/failing_disk.hpp"
#include "tests/unit/edge/store/stores.hpp"

#include <catch2/catch.hpp>
#include <sqlite3.h>

using namespace gatehouse;
using namespace gatehouse::store;
using namespace gatehouse::store::tests;
using Call = FailingDisk::Call;
using Fault = FailingDisk::Fault;
using Kind = StoreError::Kind;

namespace {

void commit_row(Database& database, Outbox& outbox, const std::string& data) {
  Transaction transaction = database.begin();
  outbox.append(transaction, {.type = "t", .subject = "s", .time = noon, .data = data});
  static_cast<void>(std::move(transaction).commit(0));
}

int rows(TestStore& store) { return store.number("SELECT count(*) FROM outbox"); }

const std::string large(100'000, ' ');

}  // namespace

TEST_CASE("a write that finds the disk full keeps nothing of its transaction", "[store][full]") {
  TestStore store;
  Outbox outbox(*store);
  store.run("PRAGMA max_page_count = " + std::to_string(store.number("PRAGMA page_count") + 1));
  const auto work = [&] {
    Transaction transaction = store->begin();
    store.run("UPDATE lot SET name = 'Changed'");
    outbox.append(transaction, {.type = "t", .subject = "s", .time = noon, .data = large});
    static_cast<void>(std::move(transaction).commit(0));
  };
  CHECK(failure(work) == Kind::disk_full);
  CHECK(store.text("SELECT name FROM lot") == "Demo lot");
  CHECK(rows(store) == 0);
}

TEST_CASE("the store heals at the first write after there is room", "[store][full]") {
  TestStore store;
  Outbox outbox(*store);
  store.run("PRAGMA max_page_count = " + std::to_string(store.number("PRAGMA page_count") + 1));
  REQUIRE(failure([&] { commit_row(*store, outbox, large); }) == Kind::disk_full);
  store.run("PRAGMA max_page_count = 1000000");
  outbox.forget();
  CHECK_FALSE(failure([&] { commit_row(*store, outbox, large); }));
  CHECK(rows(store) == 1);
  CHECK(outbox.position().last_sequence == 1);
}

TEST_CASE("a commit that finds the disk full keeps nothing and heals", "[store][full]") {
  TestStore store{FailingDisk::name()};
  std::optional<Outbox> outbox(std::in_place, *store);
  {
    const Fault full(Call::log_write, SQLITE_FULL);
    CHECK(failure([&] { commit_row(*store, *outbox, "{}"); }) == Kind::disk_full);
  }
  CHECK(rows(store) == 0);
  outbox->forget();
  CHECK_FALSE(failure([&] { commit_row(*store, *outbox, "{}"); }));
  outbox.reset();
  store.reopen();
  CHECK(rows(store) == 1);
}

TEST_CASE("a commit that could not be synced is neither kept nor lost for certain",
          "[store][full]") {
  TestStore store{FailingDisk::name()};
  std::optional<Outbox> outbox(std::in_place, *store);
  {
    const Fault broken(Call::log_sync, SQLITE_IOERR_FSYNC);
    CHECK(failure([&] { commit_row(*store, *outbox, "{}"); }) == Kind::outcome_unknown);
  }
  // Opened again it is whole either way: the row and its number, or neither.
  outbox.reset();
  store.reopen();
  CHECK(rows(store) == store.number("SELECT last_sequence FROM epochs"));
}

TEST_CASE("a disk that breaks under a write is no full disk", "[store][full]") {
  TestStore store{FailingDisk::name()};
  Outbox outbox(*store);
  const Fault broken(Call::log_write, SQLITE_IOERR_WRITE);
  CHECK(failure([&] { commit_row(*store, outbox, "{}"); }) == Kind::outcome_unknown);
}

TEST_CASE("a commit that is durable is not called failed because the log could not be moved",
          "[store][full]") {
  const int code = GENERATE(SQLITE_FULL, SQLITE_IOERR_WRITE);
  TestStore store{FailingDisk::name()};
  store.close();
  store.open(1);
  std::optional<Outbox> outbox(std::in_place, *store);
  {
    const Fault fault(Call::store_write, code);
    CHECK_FALSE(failure([&] { commit_row(*store, *outbox, large); }));
    CHECK(failure([&] { store->checkpoint(); }) ==
          (code == SQLITE_FULL ? Kind::disk_full : Kind::unusable));
  }
  CHECK_FALSE(failure([&] { commit_row(*store, *outbox, large); }));
  CHECK(store->checkpoint() == 0);
  outbox.reset();
  store.reopen();
  CHECK(rows(store) == 2);
}

TEST_CASE("a slot's state is saved at once after a full disk", "[store][full]") {
  TestStore store;
  const auto plan = load_plan(*store);
  SlotStates states(*store, *plan);
  const auto save = [&](const std::string& firmware) {
    Transaction transaction = store->begin();
    const SensorMemory sensor{.spoke = true};
    states.save(transaction, SlotIndex(0), {sensor, firmware, SlotStatus::free, noon});
    static_cast<void>(std::move(transaction).commit(0));
  };
  store.run("PRAGMA max_page_count = " + std::to_string(store.number("PRAGMA page_count")));
  REQUIRE(failure([&] { save(large); }) == Kind::disk_full);
  store.run("PRAGMA max_page_count = 1000000");
  CHECK_FALSE(failure([&] { save("1.4.2"); }));
  CHECK(states.load(noon).at(0).firmware == "1.4.2");
}
