// The outbox that stays small: what is old goes, and of slots all but the last change.
#include "edge/store/outbox_keeping.hpp"

#include "edge/store/check.hpp"
#include "tests/unit/edge/store/stores.hpp"

#include <catch2/catch.hpp>
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

using namespace gatehouse;
using namespace gatehouse::store;
using namespace gatehouse::store::tests;

namespace {

constexpr const char* paid = "parking.payment.succeeded.v1";
constexpr const char* opened = "parking.session.opened.v1";

struct Events {
  TestStore store;
  Outbox outbox{*store};
  OutboxKeeping keeping{*store};

  Events() { store.run("PRAGMA synchronous = OFF"); }

  template <class Work>
  auto commit(Work&& work) {
    Transaction transaction = store->begin();
    auto result = work(transaction);
    static_cast<void>(std::move(transaction).commit(0));
    return result;
  }
  void add(const std::string& type, Instant time = noon, const std::string& data = "{}") {
    commit([&](Transaction& t) {
      return outbox.append(t, {.type = type, .subject = "demo", .time = time, .data = data});
    });
  }
  void slots_change(const std::vector<std::string>& slots) {
    std::string data = R"({"slots":[)";
    for (const std::string& slot : slots)
      data += (data.back() == '[' ? R"({"slot":")" : R"(,{"slot":")") + slot + R"("})";
    add("parking.slot.changed.v1", noon, data + "]}");
  }
  int drop(Instant before, int rows_max = 100, std::optional<OutboxPlace> up_to = {}) {
    return commit(
        [&](Transaction& t) { return keeping.drop_events(t, {before, up_to}, rows_max); });
  }
  void thin(int rows_max = 100) {
    keeping.begin_thinning();
    while (keeping.is_thinning()) commit([&](Transaction& t) { return keeping.thin(t, rows_max); });
  }
  /// `1 3-5 6`: the numbers that stand, thinned runs from – to.
  std::string rows() {
    return store.text(
        "SELECT coalesce(group_concat(iif(type = 'parking.outbox.thinned.v1', "
        "  json_extract(data, '$.from') || '-' || json_extract(data, '$.to'), sequence), ' '), '') "
        "FROM (SELECT * FROM outbox ORDER BY epoch, sequence)");
  }
  std::string faults() {
    std::string all;
    for (const std::string& each : violations(*store)) all += each;
    return all;
  }
};

}  // namespace

TEST_CASE("the outbox counts its rows and bytes as they come and go", "[store][outbox]") {
  Events events;
  CHECK(events.keeping.size().rows == 0);
  CHECK_FALSE(events.keeping.size().oldest);
  events.add(opened, noon, R"({"name":"हिं"})");
  events.add(paid, noon + 1h);
  const OutboxSize size = events.keeping.size();
  CHECK(size.rows == 2);
  CHECK(size.oldest == noon);
  CHECK(size.bytes == std::string(opened).size() + std::string(paid).size() + 8 + 48 +
                          std::string(R"({"name":"हिं"})").size() + 2);
  events.store.run("DELETE FROM outbox");
  CHECK(events.keeping.size().bytes == 0);
  CHECK(events.keeping.size().rows == 0);
}

TEST_CASE("old events go, and money stays; what is gone in the middle is told", "[store][outbox]") {
  Events events;
  for (const char* type : {opened, paid, opened, opened, paid, opened}) events.add(type);
  events.add(opened, noon + 24h);
  events.add(paid, noon + 24h);
  CHECK(events.drop(noon + 1h) == 6);
  CHECK(events.rows() == "2 3-4 5 6-6 7 8");
  CHECK(events.faults() == "");
  CHECK(events.drop(noon + 1h) == 0);
  CHECK(events.drop(noon + 25h) == 2);
  CHECK(events.rows() == "2 3-4 5 6-7 8");
  CHECK(events.faults() == "");
}

TEST_CASE("a clock that ran ahead by years keeps no event from going", "[store][outbox]") {
  Events events;
  events.add(paid);
  for (const auto after : {0h, 50'000h, 50'001h, 0h, 50'002h, 24h})
    events.add(opened, noon + after);
  const int rows_max = GENERATE(1, 2, 3, 100);
  while (events.drop(noon + 1h, rows_max) == rows_max) {
  }
  CHECK(events.rows() == "1 2-5 6 7");
  CHECK(events.faults() == "");
}

TEST_CASE("what was dropped in parts becomes one run", "[store][outbox]") {
  Events events;
  events.add(paid);
  for (int i = 0; i < 7; ++i) events.add(opened);
  events.add(paid);
  const int rows_max = GENERATE(1, 2, 3, 100);
  while (events.drop(noon + 1h, rows_max) == rows_max) {
  }
  CHECK(events.rows() == "1 2-8 9");
  CHECK(events.faults() == "");
}

TEST_CASE("nothing goes that the cloud has not stored", "[store][outbox]") {
  Events events;
  for (const char* type : {paid, opened, opened, opened}) events.add(type);
  CHECK(events.keeping.acknowledged() == OutboxPlace{0, 0});
  events.drop(noon + 1h, 100, events.keeping.acknowledged());
  CHECK(events.rows() == "1 2 3 4");
  events.commit([&](Transaction& t) { return events.keeping.save_acknowledged(t, {1, 3}), 0; });
  events.drop(noon + 1h, 100, events.keeping.acknowledged());
  CHECK(events.rows() == "1 2-3 4");
  CHECK(failure([&] {
          events.commit(
              [&](Transaction& t) { return events.keeping.save_acknowledged(t, {1, 2}), 0; });
        }) == StoreError::Kind::unusable);
  CHECK(events.keeping.written_after({1, 3}) == noon);
  CHECK_FALSE(events.keeping.written_after({1, 4}));
}

TEST_CASE("thinned, the last change of each slot is left", "[store][outbox]") {
  Events events;
  events.slots_change({"A-001"});           // 1
  events.slots_change({"A-001"});           // 2
  events.slots_change({"A-001", "A-002"});  // 3
  events.add(paid);                         // 4
  events.slots_change({"A-001"});           // 5
  events.slots_change({"A-003"});           // 6: nothing of A-003 later
  events.slots_change({"A-002"});           // 7
  events.add(opened);                       // 8
  events.slots_change({"A-001"});           // 9
  const int rows_max = GENERATE(1, 2, 4, 100);
  events.thin(rows_max);
  CHECK(events.rows() == "1-3 4 5-5 6 7 8 9");
  CHECK(events.faults() == "");
  events.slots_change({"A-001", "A-002", "A-003"});  // 10
  events.thin(rows_max);
  CHECK(events.rows() == "1-3 4 5-7 8 9-9 10");
  CHECK(events.faults() == "");
}

TEST_CASE("a row whose slots cannot be read stays", "[store][outbox]") {
  Events events;
  events.add("parking.slot.changed.v1", noon, "not json");
  events.add("parking.slot.changed.v1", noon, R"({"slots":[{"no":1}]})");
  events.slots_change({"A-001"});
  events.thin();
  CHECK(events.rows() == "1 2 3");
}

TEST_CASE("the store refuses a run that holds something", "[store][outbox]") {
  Events events;
  events.add(opened);
  events.add(opened);
  const std::string insert =
      "INSERT INTO outbox (epoch, sequence, type, subject, time, data) "
      "VALUES (1, 2, 'parking.outbox.thinned.v1', 'x', 0, ";
  CHECK(events.store.refuses(insert + R"('{"from":1,"to":2}'))"));
  events.store.run("DELETE FROM outbox WHERE sequence = 2");
  CHECK(events.store.refuses(insert + R"('{"from":1,"to":2}'))"));
  CHECK(events.store.refuses(insert + R"('{"from":2,"to":3}'))"));
  CHECK(events.store.refuses(insert + R"('{}'))"));
  CHECK_FALSE(events.store.refuses(insert + R"('{"from":2,"to":2}'))"));
}

TEST_CASE("whatever is dropped and thinned, no number is missing and no money is gone",
          "[store][outbox]") {
  rc::prop("for any rows and any order of work", [] {
    Events events;
    const auto kinds = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 5));
    std::int64_t money = 0;
    int at = 0;
    for (const int kind : kinds) {
      const Instant time = noon + std::chrono::minutes(at++);
      if (kind == 0) ++money, events.add(paid, time);
      if (kind == 1) events.add(opened, time);
      if (kind >= 2) events.slots_change({"A-00" + std::to_string(kind)});
    }
    const int rounds = *rc::gen::inRange(1, 4);
    for (int i = 0; i < rounds; ++i) {
      if (*rc::gen::arbitrary<bool>()) events.thin(*rc::gen::inRange(1, 7));
      const auto before = noon + std::chrono::minutes(*rc::gen::inRange(0, 40));
      events.drop(before, *rc::gen::inRange(1, 9));
    }
    RC_ASSERT(events.faults().empty());
    RC_ASSERT(events.store.number("SELECT count(*) FROM outbox WHERE type LIKE '%payment%'") ==
              money);
  });
}
