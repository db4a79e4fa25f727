// The lot's reports, and the alerts that others tell of.
#include "edge/engine/lot_report.hpp"
#include "tests/unit/edge/engine/gate_lot.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::engine;
using namespace gatehouse::engine::tests;

namespace {

/// `daily 2026-11-20`, in the order in which they went out since forget().
std::vector<std::string> reports(GateLot& lot) {
  std::vector<std::string> all;
  for (const std::string& data : lot.data_of("parking.report.%"))
    all.push_back(member(data, "period") + " " + member(data, "from"));
  return all;
}

/// Every turn that has something to do.
void settle(GateLot& lot) {
  for (int i = 0; i < 20; ++i) lot.advance(1s);
}

// The clock begins on Friday, 20 November 2026, at noon.

}  // namespace

TEST_CASE("at midnight the day is reported, once", "[gates][reports]") {
  GateLot lot;
  lot.advance(11h + 59min + 59s);
  CHECK(reports(lot).empty());
  lot.advance(1s);
  CHECK(reports(lot) == std::vector<std::string>{"daily 2026-11-20"});
  settle(lot);
  lot.restart();
  settle(lot);
  CHECK(reports(lot) == std::vector<std::string>{"daily 2026-11-20"});
  CHECK(lot.violations() == "");
}

TEST_CASE("weeks and months are reported when they end", "[gates][reports]") {
  GateLot lot;
  for (int day = 0; day < 11; ++day) lot.advance(24h), settle(lot);
  const auto all = reports(lot);
  CHECK(std::ranges::count(all, "weekly 2026-11-16") == 1);
  CHECK(std::ranges::count(all, "weekly 2026-11-23") == 1);
  CHECK(std::ranges::count(all, "monthly 2026-11-01") == 1);
  CHECK(all.size() == 11 + 2 + 1);
}

TEST_CASE("days on which the box was off are reported afterwards, each once", "[gates][reports]") {
  GateLot lot;
  lot.end_process();
  lot.clock.pass(24h * 3);
  lot.begin_process();
  settle(lot);
  const std::vector<std::string> expected{"daily 2026-11-20", "daily 2026-11-21",
                                          "daily 2026-11-22", "weekly 2026-11-16"};
  CHECK(reports(lot) == expected);
  lot.restart();
  settle(lot);
  CHECK(reports(lot) == expected);
}

TEST_CASE("a clock that is set, to and fro, makes no report twice and leaves none out",
          "[gates][reports]") {
  GateLot lot;
  lot.advance(24h);
  settle(lot);
  lot.step_wall_clock(-48h);
  settle(lot);
  lot.step_wall_clock(48h);
  settle(lot);
  CHECK(reports(lot) == std::vector<std::string>{"daily 2026-11-20"});
  // Ahead by ten years, for a moment: that is bounded, and the days to come are still reported.
  lot.forget();
  lot.step_wall_clock(24h * 3'650);
  settle(lot);
  lot.step_wall_clock(-24h * 3'650);
  lot.forget();
  for (int day = 0; day < 2; ++day) lot.advance(24h), settle(lot);
  CHECK(reports(lot) ==
        std::vector<std::string>{"daily 2026-11-21", "daily 2026-11-22", "weekly 2026-11-16"});
}

TEST_CASE("what a clock that ran ahead reported of days to come is reported when they have ended",
          "[gates][reports]") {
  GateLot lot;
  lot.step_wall_clock(72h);
  settle(lot);
  CHECK(reports(lot).size() == 4);  // three days, and their week
  lot.step_wall_clock(-72h);
  lot.forget();
  lot.advance(24h), settle(lot);
  CHECK(reports(lot) == std::vector<std::string>{"daily 2026-11-20"});
  CHECK(lot.violations() == "");
}

TEST_CASE("a report says who came and left, and what came in", "[gates][reports]") {
  GateLot lot;
  const std::string code = lot.parked();
  lot.parked("B");
  lot.ticket();
  lot.advance(50min);
  REQUIRE(lot.scan("EXIT_GATE_01", code).answer == "pay/payment_due");
  REQUIRE(lot.leave(code, {.amount = Paise(5'000)}));
  lot.drive_through();
  lot.forget();
  lot.advance(24h);
  settle(lot);
  const auto all = lot.data_of("parking.report.daily.v1");
  REQUIRE(all.size() == 1);
  const std::string& report = all[0];
  CHECK(member(report, "to") == "2026-11-20");
  CHECK(member(report, "begins") == "2026-11-20T00:00:00.000Z");
  CHECK(member(report, "ends") == "2026-11-21T00:00:00.000Z");
  CHECK(member(report, "tickets") == "3");
  CHECK(member(report, "bookings") == "0");
  CHECK(member(report, "entries") == "2");
  CHECK(member(report, "exits") == "1");
  CHECK(member(report, "average_stay_minutes") == "50");
  CHECK(member(report, "revenue_paise") == "5000");
  CHECK(member(report, "net_paise") == "5000");
  CHECK(report.find(R"("by_method":[{"method":"CASH","provider":"","payments":1,)"
                    R"("revenue_paise":5000,"refunds":0,"refunds_paise":0}])") !=
        std::string::npos);
  CHECK(report.find(R"({"zone":"B","entries":1,"exits":0,)") != std::string::npos);
}

TEST_CASE("what others tell of becomes an alert, raised once and cleared once", "[gates][alerts]") {
  GateLot lot;
  const AlarmTold failed{.kind = "backup_failed",
                         .subject = "backup",
                         .severity = store::Severity::critical,
                         .message = "No backup was made"};
  for (int i = 0; i < 2; ++i) lot.beside.tell(failed), lot.advance(1s);
  CHECK(lot.alerts == std::vector<std::string>{"backup_failed backup"});
  for (int i = 0; i < 2; ++i) {
    lot.beside.tell({.kind = "backup_failed", .subject = "backup", .message = ""});
    lot.advance(1s);
  }
  CHECK(lot.alerts ==
        std::vector<std::string>{"backup_failed backup", "cleared backup_failed backup"});
}

TEST_CASE("a long stay is told once, and no longer when it ends", "[engine][gate][alert]") {
  LotRules rules;
  rules.billing.long_stay = 2h;
  GateLot lot(rules);
  const std::string code = lot.parked();
  const std::string id = lot.session(code).id;
  lot.advance(2h - 1min);
  CHECK_FALSE(lot.was_alerted("long_stay " + id));
  lot.advance(1min);
  lot.advance(1min);
  CHECK(lot.was_alerted("long_stay " + id));
  lot.forget();
  lot.restart();
  lot.advance(1h);
  CHECK_FALSE(lot.was_alerted("long_stay " + id));
  CHECK(lot.number("SELECT count(*) FROM alerts WHERE kind = 'long_stay'") == 1);
  REQUIRE(lot.leave(code));
  CHECK(lot.was_alerted("cleared long_stay " + id));
  lot.advance(2min);
  CHECK(lot.number("SELECT count(*) FROM alerts WHERE kind = 'long_stay'") == 1);
  CHECK(lot.violations() == "");
}

TEST_CASE("an outbox that fills up is told, and thinned when it is full", "[gates][outbox]") {
  // A row of a slot's change is a good hundred bytes.
  GateLot lot({.outbox = {.bytes_max = 20'000}});
  bool is_occupied = false;
  const auto change = [&](int times) {
    for (int i = 0; i < times; ++i) {
      lot.sensor("A-001", is_occupied = !is_occupied);
      lot.advance(2min);
    }
  };
  change(50);
  CHECK_FALSE(lot.was_alerted("outbox_full outbox"));
  change(75);
  CHECK(lot.was_alerted("outbox_full outbox"));
  change(100);
  CHECK(lot.number("SELECT bytes FROM outbox_size") < 20'000);
  CHECK(lot.number("SELECT count(*) FROM outbox WHERE type = 'parking.outbox.thinned.v1'") > 0);
  CHECK(lot.was_alerted("cleared outbox_full outbox"));
  CHECK(lot.violations() == "");
}
