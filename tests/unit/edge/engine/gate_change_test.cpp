// The lot changed while it runs: zones, slots, settings and planned outages
// (docs/contract/http.md, "Admin").
#include "tests/unit/edge/engine/gate_lot.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::engine;
using namespace gatehouse::engine::tests;

namespace {

SlotStored slot_of(const std::expected<CallResult, CallRefused>& result) {
  return std::get<SlotStored>(result.value());
}
Removed removed(const std::expected<CallResult, CallRefused>& result) {
  return std::get<Removed>(result.value());
}

std::expected<CallResult, CallRefused> plan_outage(GateLot& lot, const std::string& slot,
                                                   std::chrono::minutes from,
                                                   std::chrono::minutes to) {
  const Instant now = lot.clock.now().utc;
  return lot.ask(ChangeSlot{.id = slot,
                            .closed = {},
                            .ends_outage = false,
                            .outage = PlannedOutage{now + from, now + to, "Paint"}});
}

ZonePlan zone_c() {
  return {.id = ZoneId::parse("C").value(),
          .name = "Roof",
          .rates = {Paise(2'000), {}},
          .active = true};
}

}  // namespace

TEST_CASE("a slot is out of service at its time, and in service again by itself",
          "[engine][gate][outage]") {
  GateLot lot;
  CHECK(lot.available("A") == 3);
  const SlotStored planned = slot_of(plan_outage(lot, "A-001", 10min, 20min));
  CHECK(planned.outage->reason == "Paint");
  CHECK(lot.status("A-001") == "free");
  lot.advance(10min - 1s);
  CHECK(lot.status("A-001") == "free");
  lot.advance(1s);
  CHECK(lot.status("A-001") == "out_of_service");
  CHECK(lot.available("A") == 2);
  CHECK(lot.slot_of(lot.ticket("A")) == "A-002");
  lot.restart();
  CHECK(lot.status("A-001") == "out_of_service");
  lot.advance(10min - 1s);
  CHECK(lot.status("A-001") == "out_of_service");
  lot.advance(1s);
  lot.advance(1s);
  CHECK(lot.status("A-001") == "free");
  CHECK(lot.number("SELECT count(*) FROM slot_outages WHERE ended_at IS NULL") == 0);
  CHECK(lot.slot_of(lot.ticket("A")) == "A-001");
  CHECK(lot.violations() == "");
}

TEST_CASE("a slot is given to nobody from the very instant of its outage",
          "[engine][gate][outage]") {
  GateLot lot;
  REQUIRE(plan_outage(lot, "A-001", 10min, 20min));
  // No turn in between: whoever asks first in that instant finds it out of service already.
  lot.clock.pass(10min);
  CHECK(lot.slot_of(lot.ticket("A")) == "A-002");
}

TEST_CASE("a slot in use is not taken away, and out when it is free", "[engine][gate][outage]") {
  GateLot lot;
  const std::string code = lot.parked();
  REQUIRE(lot.slot_of(code) == "A-001");
  const bool has_sensor = GENERATE(false, true);
  if (has_sensor) lot.sensor("A-001", true);
  REQUIRE(plan_outage(lot, "A-001", 0min, 600min));
  CHECK(lot.status("A-001") == "occupied");
  CHECK(lot.slot_of(code) == "A-001");
  lot.advance(50min);
  REQUIRE(lot.leave(code));
  if (has_sensor) {
    // Paid, and still in its bay.
    CHECK(lot.status("A-001") == "occupied");
    lot.sensor("A-001", false);
  }
  CHECK(lot.status("A-001") == "out_of_service");
  if (has_sensor) {
    // Who works there stands on the sensor.
    lot.sensor("A-001", true);
    CHECK(lot.status("A-001") == "out_of_service");
    lot.restart();
    CHECK(lot.status("A-001") == "out_of_service");
  }
  CHECK(lot.slot_of(lot.ticket("A")) == "A-002");
  CHECK(lot.violations() == "");
}

TEST_CASE("a ticket whose slot is under maintenance by then enters another",
          "[engine][gate][outage]") {
  GateLot lot;
  const std::string code = lot.ticket("A");
  REQUIRE(lot.slot_of(code) == "A-001");
  REQUIRE(plan_outage(lot, "A-001", 0min, 60min));
  CHECK(lot.status("A-001") == "reserved");
  REQUIRE(lot.scan("ENTRY_GATE_01", code).answer == "open/entered");
  CHECK(lot.slot_of(code) == "A-002");
  CHECK(lot.status("A-001") == "out_of_service");
  CHECK(lot.violations() == "");
}

TEST_CASE("an outage is put off, and ended", "[engine][gate][outage]") {
  GateLot lot;
  REQUIRE(plan_outage(lot, "A-001", 0min, 60min));
  CHECK(lot.status("A-001") == "out_of_service");
  REQUIRE(plan_outage(lot, "A-001", 10min, 60min));
  CHECK(lot.status("A-001") == "free");
  lot.advance(10min);
  CHECK(lot.status("A-001") == "out_of_service");
  const SlotStored ended =
      slot_of(lot.ask(ChangeSlot{.id = "A-001", .closed = {}, .ends_outage = true, .outage = {}}));
  CHECK_FALSE(ended.outage);
  CHECK(lot.status("A-001") == "free");
  CHECK(lot.number("SELECT count(*) FROM slot_outages") == 2);
  CHECK(lot.number("SELECT count(*) FROM slot_outages WHERE ended_at IS NULL") == 0);
  CHECK(lot.is_refused(plan_outage(lot, "X-9", 0min, 1min), Refusal::slot_not_found));
}

TEST_CASE("an outage that is over when its turn comes is refused, and changes nothing",
          "[engine][gate][outage]") {
  GateLot lot;
  REQUIRE(plan_outage(lot, "A-001", 10min, 20min));
  const Instant now = lot.clock.now().utc;
  const auto over = GENERATE(0ms, 1ms);
  const ChangeSlot asked{.id = "A-001",
                         .closed = true,
                         .ends_outage = false,
                         .outage = PlannedOutage{{}, now - over, "Paint"}};
  CHECK(lot.is_refused(lot.ask(asked), Refusal::action_not_possible));
  CHECK(lot.number("SELECT count(*) FROM slot_outages WHERE ended_at IS NULL") == 1);
  CHECK(lot.number("SELECT count(*) FROM slots WHERE out_of_service = 1") == 0);
  CHECK(lot.violations() == "");
}

TEST_CASE("rates that were changed are the next stay's, not the running one's",
          "[engine][gate][change]") {
  GateLot lot;
  const std::string running = lot.parked();
  REQUIRE(lot.ask(ChangeZone{.id = "A",
                             .name = {},
                             .hourly_rate = Paise(9'000),
                             .bands = {},
                             .active = {},
                             .walk_in = {},
                             .operating_hours = {},
                             .contact = {},
                             .location = {},
                             .features = {}}));
  lot.restart();
  const std::string next = lot.parked();
  lot.advance(50min);
  CHECK(lot.scan("EXIT_GATE_01", running).amount_due == Paise(5'000));
  CHECK(lot.leave(running, {.amount = Paise(5'000)}));
  CHECK(lot.leave(next, {.amount = Paise(9'000)}));
  CHECK(lot.violations() == "");
}

TEST_CASE("a zone is closed with cars inside, and they leave", "[engine][gate][change]") {
  GateLot lot;
  const std::string code = lot.parked();
  CHECK(removed(lot.ask(RemoveZone{"A"})).is_closed);
  lot.restart();
  CHECK(lot.available("A") == 0);
  CHECK(lot.is_refused(lot.ask(IssueTicket{.vehicle = VehicleNumber::parse("DL9C1").value(),
                                           .owner_name = {},
                                           .phone_number = {},
                                           .zone = lot.zone("A"),
                                           .gate = {}}),
                       Refusal::zone_closed));
  lot.advance(50min);
  CHECK(lot.scan("EXIT_GATE_01", code).answer == "pay/payment_due");
  CHECK(lot.leave(code, {.amount = Paise(5'000)}));
  CHECK(lot.violations() == "");
}

TEST_CASE("a slot is added and used, and one that nobody used is deleted",
          "[engine][gate][change]") {
  GateLot lot;
  const SlotStored added = slot_of(lot.ask(AddSlot{"B", {}}));
  CHECK(added.slot.id.text() == "B-003");
  CHECK(added.is_new);
  CHECK(lot.is_refused(lot.ask(AddSlot{"A", SlotId::parse("B-003").value()}), Refusal::id_taken));
  CHECK(lot.is_refused(lot.ask(AddSlot{"A", SlotId::parse("ENTRY_GATE_01").value()}),
                       Refusal::id_taken));
  CHECK(lot.is_refused(lot.ask(AddSlot{"Z", {}}), Refusal::zone_not_found));
  lot.restart();
  CHECK(lot.available("B") == 3);
  for (const char* slot : {"B-001", "B-002", "B-003"}) CHECK(lot.slot_of(lot.ticket("B")) == slot);
  CHECK(lot.is_refused(lot.ask(RemoveSlot{"B-003"}), Refusal::slot_in_use));
  CHECK(lot.is_refused(lot.ask(RemoveSlot{"X-001"}), Refusal::slot_not_found));
  CHECK_FALSE(removed(lot.ask(RemoveSlot{"A-003"})).is_closed);
  lot.restart();
  CHECK(lot.plan().slots().size() == 5);
  CHECK(lot.available("A") == 2);
  CHECK(lot.violations() == "");
}

TEST_CASE("a slot without a name gets the first number that nothing has",
          "[engine][gate][change]") {
  GateLot lot;
  const auto next = [&] { return slot_of(lot.ask(AddSlot{"B", {}})).slot.id.text(); };
  REQUIRE(lot.ask(AddSlot{"A", SlotId::parse("B-004").value()}));
  CHECK(next() == "B-003");
  CHECK(next() == "B-005");
  CHECK_FALSE(removed(lot.ask(RemoveSlot{"B-003"})).is_closed);
  CHECK(next() == "B-006");  // the running lot still knows the one that goes
}

TEST_CASE("zones that were added since the start count too", "[engine][gate][change]") {
  GateLot lot;
  lot.run(
      "WITH RECURSIVE n (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM n WHERE n < 998) "
      "INSERT INTO zones (id, name, hourly_rate_paise, operating_hours, contact, location, "
      "features) SELECT 'Z' || n, 'Z', 0, '', '', '', '' FROM n");
  CHECK(lot.is_refused(lot.ask(AddZone{zone_c(), {}}), Refusal::lot_full));
  REQUIRE(lot.ask(RemoveZone{"Z1"}));
  CHECK(lot.ask(AddZone{zone_c(), {}}));
}

TEST_CASE("a slot with a history is closed, for good or until it is opened again",
          "[engine][gate][change]") {
  GateLot lot;
  const std::string code = lot.parked();
  lot.advance(50min);
  REQUIRE(lot.leave(code));
  CHECK(removed(lot.ask(RemoveSlot{"A-001"})).is_closed);
  lot.restart();
  CHECK(lot.status("A-001") == "out_of_service");
  CHECK(lot.slot_of(lot.ticket("A")) == "A-002");
  REQUIRE(lot.ask(ChangeSlot{.id = "A-001", .closed = false, .ends_outage = false, .outage = {}}));
  lot.restart();
  CHECK(lot.slot_of(lot.ticket("A")) == "A-001");
  CHECK(lot.violations() == "");
}

TEST_CASE("a zone is added with its slots, all or nothing", "[engine][gate][change]") {
  GateLot lot;
  const auto ids = [](std::vector<const char*> names) {
    std::vector<SlotId> slots;
    for (const char* name : names) slots.push_back(SlotId::parse(name).value());
    return slots;
  };
  CHECK(lot.is_refused(lot.ask(AddZone{zone_c(), ids({"C-001", "A-001"})}), Refusal::id_taken));
  CHECK(lot.number("SELECT count(*) FROM zones WHERE id = 'C'") == 0);
  const auto added =
      std::get<ZoneStored>(lot.ask(AddZone{zone_c(), ids({"C-001", "C-002"})}).value());
  CHECK(added.zone.slots == 2);
  CHECK(lot.is_refused(lot.ask(AddZone{zone_c(), {}}), Refusal::id_taken));
  lot.restart();
  CHECK(lot.available("C") == 2);
  CHECK(lot.slot_of(lot.ticket("C")) == "C-001");
  // Nobody was ever there: but now somebody is to come.
  CHECK(removed(lot.ask(RemoveZone{"C"})).is_closed);
  CHECK(lot.violations() == "");
}

TEST_CASE("a zone that nobody ever used is gone with the next start", "[engine][gate][change]") {
  GateLot lot;
  REQUIRE(lot.ask(AddZone{zone_c(), {SlotId::parse("C-001").value()}}));
  lot.restart();
  CHECK_FALSE(removed(lot.ask(RemoveZone{"C"})).is_closed);
  CHECK(lot.is_refused(lot.ask(RemoveZone{"C"}), Refusal::zone_not_found));
  lot.restart();
  CHECK_FALSE(lot.plan().find_zone("C"));
  CHECK(lot.number("SELECT count(*) FROM slots WHERE id = 'C-001'") == 0);
  REQUIRE(lot.ask(AddZone{zone_c(), {}}));
  CHECK(lot.violations() == "");
}

TEST_CASE("the lot is read anew when no barrier is on its way, and after half a minute at most",
          "[engine][gate][change]") {
  GateLot lot;
  const bool is_passing = GENERATE(false, true);
  if (is_passing) REQUIRE(lot.scan("ENTRY_GATE_01", lot.ticket("A")).answer == "open/entered");
  REQUIRE(
      lot.ask(ChangeSettings{{{"billing.grace_minutes", store::SettingKind::number, "10"}}, {}}));
  CHECK(lot.rebuilds == 0);
  for (int i = 0; i < 3; ++i) lot.advance(1s);
  CHECK(lot.rebuilds == (is_passing ? 0 : 1));
  for (int i = 0; i < 30; ++i) lot.advance(1s);
  CHECK(lot.rebuilds == 1);
  CHECK(lot.books().settings.all().size() == 1);
  REQUIRE(lot.ask(ChangeSettings{{}, {"billing.grace_minutes"}}));
  CHECK(lot.books().settings.all().empty());
}

TEST_CASE("whoever goes on changing the lot does not put off that it is read anew",
          "[engine][gate][change]") {
  GateLot lot;
  for (int i = 0; i < 70; ++i) {
    REQUIRE(
        lot.ask(ChangeSettings{{{"billing.grace_minutes", store::SettingKind::number, "10"}}, {}}));
    CHECK((i > 58 || lot.rebuilds == 0));
    lot.advance(500ms);
  }
  CHECK(lot.rebuilds == 1);
}
