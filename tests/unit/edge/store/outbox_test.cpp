// The outbox: numbered without gaps, never changed, pruned from its beginning.
#include "edge/store/outbox.hpp"

#include "tests/unit/edge/store/stores.hpp"

#include <catch2/catch.hpp>
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

using namespace gatehouse;
using namespace gatehouse::store;
using namespace gatehouse::store::tests;

namespace {

OutboxRow row(Instant time = noon) {
  return {.type = "parking.slot.changed.v1", .subject = "demo", .time = time, .data = "{}"};
}

std::uint64_t commit_row(TestStore& store, Outbox& outbox, const OutboxRow& written = row()) {
  Transaction transaction = store->begin();
  const std::uint64_t sequence = outbox.append(transaction, written);
  return std::move(transaction).commit(sequence).value();
}

int prune(TestStore& store, Outbox& outbox, Instant before, int rows_max) {
  Transaction transaction = store->begin();
  const int pruned = outbox.prune(transaction, before, rows_max);
  return std::move(transaction).commit(pruned).value();
}

/// "1-5": what stands in the outbox, or "gap".
std::string sequences(TestStore& store) {
  return store.text(
      "SELECT CASE WHEN count(*) = 0 THEN 'none' "
      "WHEN count(*) <> max(sequence) - min(sequence) + 1 THEN 'gap' "
      "ELSE min(sequence) || '-' || max(sequence) END FROM outbox");
}

}  // namespace

TEST_CASE("rows are numbered from 1", "[store][outbox]") {
  TestStore store;
  Outbox outbox(*store);
  CHECK(outbox.position().epoch == 1);
  CHECK(outbox.position().last_sequence == 0);
  CHECK(commit_row(store, outbox) == 1);
  CHECK(commit_row(store, outbox) == 2);
  CHECK(outbox.position().last_sequence == 2);
}

TEST_CASE("several rows of one transaction follow each other", "[store][outbox]") {
  TestStore store;
  Outbox outbox(*store);
  Transaction transaction = store->begin();
  for (std::uint64_t i = 1; i <= 5; ++i) CHECK(outbox.append(transaction, row()) == i);
  static_cast<void>(std::move(transaction).commit(0));
  CHECK(sequences(store) == "1-5");
}

TEST_CASE("a row is kept as it was written", "[store][outbox]") {
  TestStore store;
  {
    Outbox outbox(*store);
    commit_row(store, outbox,
               {.type = "parking.slot.changed.v1",
                .subject = "A-001",
                .time = noon + 123ms,
                .data = R"({"slots":[{"slot":"A-001","name":"हिंदी"}]})"});
  }
  store.reopen();
  CHECK(store.text("SELECT type || '|' || subject || '|' || time || '|' || data FROM outbox") ==
        "parking.slot.changed.v1|A-001|" +
            std::to_string((noon + 123ms).time_since_epoch().count()) +
            R"(|{"slots":[{"slot":"A-001","name":"हिंदी"}]})");
}

TEST_CASE("numbering goes on where it was after a restart", "[store][outbox]") {
  TestStore store;
  {
    Outbox outbox(*store);
    commit_row(store, outbox);
    commit_row(store, outbox);
  }
  store.reopen();
  Outbox outbox(*store);
  CHECK(commit_row(store, outbox) == 3);
}

TEST_CASE("a number that was rolled back is given again", "[store][outbox]") {
  TestStore store;
  Outbox outbox(*store);
  commit_row(store, outbox);
  {
    Transaction transaction = store->begin();
    CHECK(outbox.append(transaction, row()) == 2);
  }
  outbox.forget();
  CHECK(outbox.position().last_sequence == 1);
  CHECK(commit_row(store, outbox) == 2);
}

TEST_CASE("forgetting to forget is refused by the store, never a gap", "[store][outbox]") {
  TestStore store;
  Outbox outbox(*store);
  {
    Transaction transaction = store->begin();
    outbox.append(transaction, row());
  }
  CHECK(failure([&] { commit_row(store, outbox); }) == StoreError::Kind::unusable);
  CHECK(sequences(store) == "none");
  outbox.forget();
  CHECK(commit_row(store, outbox) == 1);
}

TEST_CASE("whatever is committed or rolled back, there is no gap", "[store][outbox]") {
  TestStore store;
  std::optional<Outbox> outbox(std::in_place, *store);
  std::uint64_t committed = 0;
  rc::prop("for any sequence of transactions and restarts", [&] {
    const int steps = *rc::gen::inRange(1, 6);
    for (int step = 0; step < steps; ++step) {
      const auto rows = *rc::gen::inRange<std::uint64_t>(0, 5);
      const bool keep = *rc::gen::arbitrary<bool>();
      {
        Transaction transaction = store->begin();
        for (std::uint64_t i = 0; i < rows; ++i) outbox->append(transaction, row());
        if (keep) static_cast<void>(std::move(transaction).commit(0));
      }
      if (keep) committed += rows;
      if (!keep) outbox->forget();
      if (*rc::gen::inRange(0, 4) == 0) {
        outbox.reset();
        store.reopen();
        outbox.emplace(*store);
      }
      RC_ASSERT(outbox->position().last_sequence == committed);
    }
    const std::string expected = committed == 0 ? "none" : "1-" + std::to_string(committed);
    RC_ASSERT(sequences(store) == expected);
  });
}

TEST_CASE("the store refuses a changed row and a wrong number", "[store][outbox]") {
  TestStore store;
  Outbox outbox(*store);
  commit_row(store, outbox);
  CHECK(store.refuses("UPDATE outbox SET data = '{\"changed\":true}'"));
  CHECK(store.refuses("UPDATE outbox SET sequence = 7"));
  for (const int sequence : {0, 1, 2, 3, 99}) {
    CAPTURE(sequence);
    CHECK(store.refuses("INSERT INTO outbox VALUES (1, " + std::to_string(sequence) +
                        ", 't', 's', 0, '{}')"));
  }
  CHECK(store.refuses("INSERT INTO outbox VALUES (2, 1, 't', 's', 0, '{}')"));
  CHECK(store.refuses("UPDATE epochs SET last_sequence = 3"));
  CHECK(store.refuses("UPDATE epochs SET last_sequence = 0"));
  CHECK(sequences(store) == "1-1");
}

TEST_CASE("a new epoch counts from 1 again", "[store][outbox]") {
  TestStore store;
  Outbox outbox(*store);
  commit_row(store, outbox);
  commit_row(store, outbox);
  store.run("INSERT INTO epochs (epoch, last_sequence) VALUES (2, 0)");
  outbox.forget();
  CHECK(outbox.position().epoch == 2);
  CHECK(commit_row(store, outbox) == 1);
}

TEST_CASE("an outbox of a store without an epoch is refused", "[store][outbox]") {
  const gatehouse::tests::TempDir dir;
  Database database = Database::open({.path = dir / "gatehouse.db", .create = true});
  migrate(database);
  CHECK(failure([&] { const Outbox outbox(database); }) == StoreError::Kind::unusable);
}

TEST_CASE("rows older than asked go, oldest first and no more than asked", "[store][outbox]") {
  TestStore store;
  Outbox outbox(*store);
  for (int i = 0; i < 10; ++i) commit_row(store, outbox, row(noon + i * 1h));
  CHECK(prune(store, outbox, noon, 100) == 0);
  CHECK(prune(store, outbox, noon + 6h, 4) == 4);
  CHECK(sequences(store) == "5-10");
  CHECK(prune(store, outbox, noon + 6h, 4) == 2);
  CHECK(sequences(store) == "7-10");
  CHECK(prune(store, outbox, noon + 6h, 4) == 0);
  CHECK(prune(store, outbox, noon + 24h, 0) == 0);
  CHECK(prune(store, outbox, noon + 24h, 100) == 4);
  CHECK(sequences(store) == "none");
  CHECK(commit_row(store, outbox) == 11);
}

TEST_CASE("a clock that stepped back makes no gap when rows go", "[store][outbox]") {
  TestStore store;
  Outbox outbox(*store);
  for (const auto time : {noon, noon + 1h, noon - 24h, noon + 2h}) {
    commit_row(store, outbox, row(time));
  }
  CHECK(prune(store, outbox, noon + 30min, 100) == 1);
  CHECK(sequences(store) == "2-4");
  CHECK(prune(store, outbox, noon + 90min, 100) == 2);
  CHECK(sequences(store) == "4-4");
}

TEST_CASE("a clock that ran ahead by years keeps no row from going", "[store][outbox]") {
  TestStore store;
  Outbox outbox(*store);
  for (const auto after : {0h, 50'000h, 50'001h, 1h, 50'002h, 10h})
    commit_row(store, outbox, row(noon + after));
  CHECK(prune(store, outbox, noon, 100) == 0);
  CHECK(prune(store, outbox, noon + 3h, 2) == 1);
  CHECK(prune(store, outbox, noon + 3h, 2) == 2);
  CHECK(prune(store, outbox, noon + 3h, 2) == 1);
  // The next one behind it is not old, so it may not be either.
  CHECK(prune(store, outbox, noon + 3h, 2) == 0);
  CHECK(sequences(store) == "5-6");
}

TEST_CASE("rows of an older epoch go first", "[store][outbox]") {
  TestStore store;
  Outbox outbox(*store);
  commit_row(store, outbox);
  commit_row(store, outbox);
  store.run("INSERT INTO epochs (epoch, last_sequence) VALUES (2, 0)");
  outbox.forget();
  commit_row(store, outbox);
  CHECK(prune(store, outbox, noon + 1h, 2) == 2);
  CHECK(store.number("SELECT epoch FROM outbox") == 2);
}

TEST_CASE("rows are read back in order, after a place and no more than asked", "[store][outbox]") {
  TestStore store;
  Outbox outbox(*store);
  for (int i = 0; i < 3; ++i) commit_row(store, outbox, row(noon + i * 1s));
  store.run("INSERT INTO epochs (epoch, last_sequence) VALUES (2, 0)");
  outbox.forget();
  commit_row(store, outbox, row(noon + 1h));
  const auto places = [&](OutboxPlace after, int rows_max) {
    std::string text;
    for (const StoredOutboxRow& read : outbox.read_after(after, rows_max)) {
      text += std::to_string(read.epoch) + "/" + std::to_string(read.sequence) + " ";
    }
    return text;
  };
  CHECK(places({}, 10) == "1/1 1/2 1/3 2/1 ");
  CHECK(places({1, 2}, 10) == "1/3 2/1 ");
  CHECK(places({1, 2}, 1) == "1/3 ");
  CHECK(places({2, 0}, 10) == "2/1 ");
  CHECK(places({2, 1}, 10).empty());
  CHECK(places({}, 0).empty());
  CHECK(places({}, -1).empty());
  const StoredOutboxRow newest = outbox.read_after({1, 3}, 1).at(0);
  CHECK(newest.type == "parking.slot.changed.v1");
  CHECK(newest.subject == "demo");
  CHECK(newest.time == noon + 1h);
  CHECK(newest.data == "{}");
}

TEST_CASE("the cursor of the events stays where it was saved", "[store][outbox]") {
  TestStore store;
  {
    Outbox outbox(*store);
    CHECK(outbox.event_cursor() == OutboxPlace{1, 0});
    commit_row(store, outbox);
    Transaction transaction = store->begin();
    outbox.save_event_cursor(transaction, {1, 1});
    static_cast<void>(std::move(transaction).commit(0));
  }
  store.reopen();
  Outbox outbox(*store);
  CHECK(outbox.event_cursor() == OutboxPlace{1, 1});
  {
    Transaction transaction = store->begin();
    outbox.save_event_cursor(transaction, {1, 0});
  }
  CHECK(outbox.event_cursor() == OutboxPlace{1, 1});
}
