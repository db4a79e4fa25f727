// Restores: put in place whole or not at all.
#include "edge/store/audit.hpp"
#include "edge/store/audit_chain.hpp"
#include "edge/store/audit_head.hpp"
#include "edge/store/mark.hpp"
#include "tests/unit/edge/store/backups.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::store;
using namespace gatehouse::store::tests;

namespace {

/// The power goes.
struct PowerCut {};

}  // namespace

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
    chain.append(t, {.at = noon, .until = noon, .action = "gatehouse init", .outcome = "done"});
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
