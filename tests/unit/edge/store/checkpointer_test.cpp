// The log is moved into the file beside the writer.
#include "edge/store/checkpointer.hpp"

#include "edge/store/outbox.hpp"
#include "tests/unit/edge/store/stores.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::store;
using namespace gatehouse::store::tests;

namespace {

constexpr int worth_a_checkpoint = 1'000;  // frames, as checkpointer.cpp has it

/// Commits until the log holds as many frames.
void fill_log(TestStore& store, Outbox& outbox, int frames) {
  const std::string data(400'000, ' ');
  while (store->log_frames() < frames) {
    Transaction transaction = store->begin();
    outbox.append(transaction, {.type = "t", .subject = "s", .time = noon, .data = data});
    static_cast<void>(std::move(transaction).commit(0));
  }
}

void commit_little(TestStore& store) {
  Transaction transaction = store->begin();
  store.run("UPDATE heartbeat SET at = at + 1");
  static_cast<void>(std::move(transaction).commit(0));
}

}  // namespace

TEST_CASE("a long log is moved into the file by another thread", "[store][checkpointer]") {
  TestStore store;
  Outbox outbox(*store);
  fill_log(store, outbox, worth_a_checkpoint);
  {
    Checkpointer checkpointer(store.path());
    checkpointer.log_holds(store->log_frames());
  }
  // All of it was moved: the next commit begins the log anew.
  commit_little(store);
  CHECK(store->log_frames() <= 2);
}

TEST_CASE("the writer goes on while the log is moved", "[store][checkpointer]") {
  TestStore store;
  Outbox outbox(*store);
  Checkpointer checkpointer(store.path());
  for (int i = 1; i <= 3; ++i) {
    fill_log(store, outbox, i * worth_a_checkpoint);
    checkpointer.log_holds(store->log_frames());
    for (int j = 0; j < 20; ++j) CHECK_FALSE(failure([&] { commit_little(store); }));
  }
}

TEST_CASE("a short log is left alone", "[store][checkpointer]") {
  TestStore store;
  Outbox outbox(*store);
  store->checkpoint();
  int before = 0;
  {
    Checkpointer checkpointer(store.path());
    commit_little(store);
    before = store->log_frames();
    checkpointer.log_holds(before);
  }
  commit_little(store);
  CHECK(store->log_frames() > before);
}

TEST_CASE("a checkpointer ends at once, asked or not", "[store][checkpointer]") {
  TestStore store;
  for (int i = 0; i < 20; ++i) {
    Checkpointer checkpointer(store.path());
    if (i % 2 == 0) checkpointer.log_holds(worth_a_checkpoint);
  }
  commit_little(store);
}

TEST_CASE("without a store there is no checkpointer", "[store][checkpointer]") {
  const gatehouse::tests::TempDir dir;
  CHECK(failure([&] { const Checkpointer none(dir / "gatehouse.db"); }) ==
        StoreError::Kind::unusable);
}
