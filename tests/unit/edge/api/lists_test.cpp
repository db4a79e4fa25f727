// What staff and administrators look through, answered from a store on disk
// (docs/contract/http.md).
#include "edge/api/limits.hpp"
#include "tests/unit/edge/api/reading_lot.hpp"

#include <algorithm>
#include <future>
#include <latch>

namespace gatehouse::api {
namespace {

using namespace std::chrono_literals;
using store::tests::noon;
using store::tests::uuid;

TEST_CASE("staff see who stands on the lot, the longest first, and who stays too long",
          "[api][reading]") {
  ReadingLot lot;
  const store::Session fresh = lot.parking.parked(0, noon - 1h);
  const store::Session old = lot.parking.parked(1, noon - 25h);
  lot.parking.stayed(2);
  const Json body = lot.said(Role::staff, "/api/staff/active-sessions/");
  CHECK(body["pagination"]["total"] == 2);
  const Json sessions = body["data"]["sessions"];
  CHECK(sessions[0]["session_id"] == old.id);
  CHECK(sessions[0]["overstay"] == true);
  CHECK(sessions[1]["session_id"] == fresh.id);
  CHECK(sessions[1]["overstay"] == false);
  const Json second = lot.said(Role::staff, "/api/staff/active-sessions/?page=2&page_size=1");
  CHECK(second["data"]["sessions"][0]["session_id"] == fresh.id);
  CHECK(
      lot.said(Role::staff, "/api/parking/sessions-old/?unknown=1&page_size=2")["data"]["sessions"]
          .size() == 2);
}

TEST_CASE("slots are shown with their sensors, and where session and sensor contradict",
          "[api][reading]") {
  ReadingLot lot;
  store::SlotStates states(*lot.parking.store, *lot.plan);
  const auto sensed = [&](std::uint32_t slot, bool occupied) {
    lot.parking.commit([&](store::Transaction& t) {
      const SensorMemory memory{
          .spoke = true, .occupied = occupied, .heard_at = noon, .battery_percent = 12};
      states.save(t, SlotIndex(slot), {memory, "1.4.2", SlotStatus::free, noon});
    });
  };
  store::Session gone = lot.parking.parked(0);
  gone.arrived_in_slot_at = noon;
  lot.parking.update(gone);
  const store::Session expected = lot.parking.insert(lot.parking.ticket_for(1));
  sensed(0, false);
  sensed(1, true);
  sensed(2, true);
  sensed(3, false);
  const Json data = lot.said(Role::staff, "/api/staff/slot-status/")["data"];
  CHECK(data["discrepancies"] == 3);
  REQUIRE(data["slots"].size() == 5);
  CHECK(data["slots"][0]["discrepancy"] == "session_without_car");
  CHECK(data["slots"][0]["session_id"] == gone.id);
  CHECK(data["slots"][1]["discrepancy"] == "taken_before_entry");
  CHECK(data["slots"][1]["session_id"] == expected.id);
  CHECK(data["slots"][2]["discrepancy"] == "car_without_session");
  CHECK(data["slots"][3]["discrepancy"].is_null());
  CHECK(data["slots"][3]["sensor"]["state"] == "free");
  CHECK(data["slots"][3]["sensor"]["battery_percent"] == 12);
  CHECK(data["slots"][4]["sensor"]["state"] == "none");
  CHECK(data["zones"][0]["total_slots"] == 3);
  CHECK(data["zones"][0]["occupied"] == 1);
  const Json one = lot.said(Role::staff, "/api/staff/slot-status/?zone_id=B")["data"];
  CHECK(one["slots"].size() == 2);
  CHECK(one["zones"].size() == 1);
  lot.clock.pass(25h);
  const Json late = lot.said(Role::staff, "/api/staff/slot-status/")["data"];
  CHECK(late["slots"][2]["sensor"]["online"] == false);
  CHECK(late["discrepancies"] == 0);
}

TEST_CASE("each gate shows its barrier, who waits there and what was decided last",
          "[api][reading]") {
  ReadingLot lot;
  engine::Effects effects;
  effects.barriers.push_back(
      {GateIndex(1),
       {.state = engine::BarrierState::closed, .vehicle_present = true, .cycles = 7}});
  lot.side.gates.note(effects);
  const store::Session session = lot.parking.parked(0, noon - 1h);
  const auto scan = lot.parking.scanned("s1", session.key, noon);
  lot.parking.answered(scan, DecisionKind::pay, Reason::payment_due);
  const Json gates = lot.said(Role::staff, "/api/staff/gates/")["data"]["gates"];
  REQUIRE(gates.size() == 3);
  CHECK(gates[0]["barrier"]["state"] == "unreachable");
  CHECK(gates[0]["waiting_session"].is_null());
  CHECK(gates[1]["gate"] == "EXIT_GATE_01");
  CHECK(gates[1]["direction"] == "exit");
  CHECK(gates[1]["zones"] == Json::array({"A", "B"}));
  CHECK(gates[1]["barrier"]["state"] == "closed");
  CHECK(gates[1]["barrier"]["vehicle_present"] == true);
  CHECK(gates[1]["barrier"]["cycles"] == 7);
  CHECK(gates[1]["waiting_session"]["session_id"] == session.id);
  CHECK(gates[1]["decisions"][0]["reason"] == "payment_due");
  CHECK(gates[1]["decisions"][0]["session_id"] == session.id);
  CHECK(gates[2]["barrier"].is_null());
  lot.clock.pass(11min);
  CHECK(
      lot.said(Role::staff, "/api/staff/gates/")["data"]["gates"][1]["waiting_session"].is_null());
}

TEST_CASE("lists are pages of rows with their totals, and files on demand", "[api][reading]") {
  ReadingLot lot;
  store::Session session = lot.parking.stayed(0);
  session.owner_name = "=HYPERLINK(\"http://x\"),\nnext";
  lot.parking.update(session);
  lot.parking.stayed(1, Paise(2'550));
  const Json payments = lot.said(Role::admin, "/api/admin/payments/?page_size=1&method=CASH");
  CHECK(payments["data"]["payments"].size() == 1);
  CHECK(payments["pagination"] == Json({{"page", 1}, {"page_size", 1}, {"total", 2}}));
  CHECK(payments["data"]["totals"]["CASH"] ==
        Json({{"payments", 2}, {"amount_paise", 7550}, {"refunded_paise", 0}}));
  CHECK(lot.said(Role::admin, "/api/admin/payments/?start_date=today")["pagination"]["total"] == 2);

  const Response file = lot.get(Role::admin, "/api/admin/all-sessions/?format=csv");
  CHECK(file.content_type == "text/csv; charset=utf-8");
  CHECK(find_header(file.headers, "Content-Disposition") ==
        "attachment; filename=\"sessions.csv\"");
  CHECK(file.body.starts_with("session_id,number,status,"));
  CHECK(file.body.contains("\"'=HYPERLINK(\"\"http://x\"\"),\nnext\""));
  CHECK(std::ranges::count(file.body, '\r') == 3);
  const Response none = lot.get(Role::admin, "/api/admin/payments/?format=csv&method=ONLINE");
  CHECK(none.body ==
        "payment_id,session_id,provider,provider_payment_id,order_id,method,"
        "amount_paise,status,created_at,paid_at\r\n");
  const Json found = lot.said(Role::admin, "/api/admin/all-sessions/?q=" + session.id);
  CHECK(found["data"]["sessions"][0]["owner_name"] == session.owner_name);
}

TEST_CASE("refunds, scans, alerts and devices are listed", "[api][reading]") {
  ReadingLot lot;
  const store::Session session = lot.parking.parked(0);
  const store::Payment payment = lot.parking.paid(session.key, Paise(5'000));
  lot.parking.commit([&](store::Transaction& t) {
    lot.parking->payments.insert(t, store::Refund{.id = uuid(901),
                                                  .payment = payment.key,
                                                  .amount = Paise(1'000),
                                                  .reason = "goodwill",
                                                  .created_at = noon});
    lot.parking->alerts.raise(t, {.id = uuid(902),
                                  .kind = "tailgate",
                                  .severity = store::Severity::critical,
                                  .subject = "EXIT_GATE_01",
                                  .message = "Two cars went through",
                                  .raised_at = noon});
  });
  lot.parking.answered(lot.parking.scanned("s1", session.key), DecisionKind::deny,
                       Reason::wrong_gate);
  const Json refund = lot.said(Role::admin, "/api/admin/refunds/")["data"]["refunds"][0];
  CHECK(refund["refund_id"] == uuid(901));
  CHECK(refund["payment_id"] == payment.id);
  CHECK(refund["session_id"] == session.id);
  CHECK(refund["amount_paise"] == 1000);
  CHECK(refund["status"] == "PENDING");
  CHECK(refund["reason"] == "goodwill");
  const Json alert = lot.said(Role::admin, "/api/admin/alerts/?open=true")["data"]["alerts"][0];
  CHECK(alert["kind"] == "tailgate");
  CHECK(alert["cleared"] == false);
  CHECK(alert["ts"] == "2026-11-20T12:00:00.000Z");
  const Json scan = lot.said(Role::admin, "/api/admin/scans/?decision=deny")["data"]["scans"][0];
  CHECK(scan["scan_id"] == "s1");
  CHECK(scan["reason"] == "wrong_gate");
  CHECK(scan["session_id"] == session.id);
  const Json devices = lot.said(Role::admin, "/api/admin/devices/?page_size=1&page=6");
  CHECK(devices["pagination"]["total"] == 7);
  CHECK(devices["data"]["devices"][0]["device"] == "b1");
  CHECK(devices["data"]["devices"][0]["state"] == "offline");
  CHECK(lot.said(Role::admin, "/api/admin/devices/?state=never")["pagination"]["total"] == 5);
}

TEST_CASE("the dashboard tells of today, of everything, and of what needs somebody",
          "[api][reading]") {
  ReadingLot lot;
  lot.parking.stayed(0);
  lot.parking.parked(1);
  const Json data = lot.said(Role::admin, "/api/admin/dashboard/")["data"];
  CHECK(data["today"]["date"] == "2026-11-20");
  CHECK(data["today"]["tickets"] == 2);
  CHECK(data["today"]["bookings"] == 0);
  CHECK(data["today"]["entries"] == 2);
  CHECK(data["today"]["exits"] == 1);
  CHECK(data["today"]["revenue"] == 50.0);
  CHECK(data["today"]["active_sessions"] == 1);
  CHECK(data["overall"]["sessions"] == 2);
  CHECK(data["overall"]["users"]["USER"] == 2);
  CHECK(data["occupancy"]["zones"].size() == 2);
  CHECK(data["devices"]["never"] == 5);
  CHECK(data["devices"]["offline"] == 2);
  CHECK(data["alerts"]["open"] == 0);
  CHECK(data["system"]["status"] == "ok");
  lot.clock.pass(24h);
  CHECK(lot.said(Role::admin, "/api/admin/dashboard/")["data"]["today"]["revenue"] == 0.0);
}

TEST_CASE("the revenue report shows every step of its time, and the time before it",
          "[api][reading]") {
  ReadingLot lot;
  lot.premises.billing.daily_target = Paise(10'000);
  lot.parking.stayed(0);
  lot.parking.stayed(3, Paise(2'500));
  const Json data =
      lot.said(Role::admin, "/api/admin/revenue-report/?from=2026-11-19&to=2026-11-20")["data"];
  CHECK(data["from"] == "2026-11-18T18:30:00.000Z");
  CHECK(data["to"] == "2026-11-20T18:30:00.000Z");
  CHECK(data["total"]["revenue"] == 75.0);
  CHECK(data["total"]["exits"] == 2);
  CHECK(data["average_stay_minutes"] == 60);
  REQUIRE(data["series"].size() == 2);
  CHECK(data["series"][0]["begins"] == "2026-11-19");
  CHECK(data["series"][0]["revenue"] == 0.0);
  CHECK(data["series"][1]["revenue"] == 75.0);
  CHECK(data["by_zone"][1]["zone_id"] == "B");
  CHECK(data["by_zone"][1]["revenue"] == 25.0);
  CHECK(data["by_method"][0]["method"] == "CASH");
  CHECK(data["peak_hours"] == Json::array({{{"hour", 17}, {"entries", 2}}}));
  CHECK(data["target"]["target"] == 200.0);
  CHECK(data["target"]["reached_percent"] == 37.5);
  CHECK(data["growth"]["revenue"] == 0.0);
  CHECK(data["growth"]["change_percent"].is_null());
  const Json usual = lot.said(Role::admin, "/api/admin/revenue-report/")["data"];
  CHECK(usual["series"].size() == 30);
  CHECK(usual["series"][29]["begins"] == "2026-11-20");
  const Json hours =
      lot.said(Role::admin, "/api/admin/revenue-report/?date=today&group=hour")["data"];
  CHECK(hours["series"].size() == 24);
  CHECK(hours["series"][18]["revenue"] == 75.0);
  const Response file = lot.get(Role::admin, "/api/admin/revenue-report/?date=today&format=csv");
  CHECK(file.body ==
        "begins,revenue,refunds,net,payments,entries,exits\r\n"
        "2026-11-20,75.0,0.0,75.0,2,2,2\r\n");
}

TEST_CASE("cities read the lot as its standard entities, occupancy between 0 and 1",
          "[api][reading]") {
  ReadingLot lot;
  lot.side.room.about.latitude = 28.6315;
  lot.side.room.about.longitude = 77.2167;
  engine::Effects effects;
  engine::Availability all{.available = 2};
  for (const auto status : {SlotStatus::occupied, SlotStatus::occupied, SlotStatus::reserved,
                            SlotStatus::free, SlotStatus::free})
    all.counts.add(status);
  effects.lot = all;
  effects.slots.push_back({SlotIndex(2), {SlotStatus::reserved, noon}});
  lot.view.act(lot.committed(std::move(effects)));
  const Json entities = lot.said({}, "/api/public/fiware/");
  REQUIRE(entities.size() == 6);
  CHECK(entities[0]["id"] == "urn:ngsi-ld:OffStreetParking:gatehouse:demo");
  CHECK(entities[0]["type"] == "OffStreetParking");
  CHECK(entities[0]["occupancy"] == 0.4);
  CHECK(entities[0]["totalSpotNumber"] == 5);
  CHECK(entities[0]["availableSpotNumber"] == 2);
  CHECK(entities[0]["status"] == Json::array({"open", "spacesAvailable"}));
  CHECK(entities[0]["location"]["coordinates"] == Json::array({77.2167, 28.6315}));
  CHECK(entities[3]["status"] == "closed");
  CHECK(entities[3]["refParkingSite"] == entities[0]["id"]);
  CHECK(entities[1]["name"] == "A-001");
}

TEST_CASE("too many questions at once are told to come again", "[api][reading]") {
  ReadingLot lot;
  std::promise<void> go;
  const auto gate = go.get_future().share();
  std::latch busy(limits::reading_threads);
  for (std::size_t i = 0; i < limits::reading_threads; ++i) {
    REQUIRE(lot.side.readers.run([&busy, gate](store::Reader&) {
      busy.count_down();
      gate.wait();
    }));
  }
  busy.wait();
  for (std::size_t i = 0; i < limits::reads_waiting_max; ++i)
    REQUIRE(lot.side.readers.run([](store::Reader&) {}));
  const Response refused = lot.get(Role::admin, "/api/admin/scans/");
  CHECK(refused.status == 503);
  CHECK(refused.body.contains("\"busy\""));
  CHECK(find_header(refused.headers, "Retry-After"));
  go.set_value();
}

TEST_CASE("zones are shown to everybody at their older addresses too", "[api][reading]") {
  ReadingLot lot;
  for (const auto* path : {"/parking/zone/A/status/", "/parking/api/zone/A/status"}) {
    CHECK(lot.said({}, path) == Json({{"success", true},
                                      {"zone_name", "Zone A"},
                                      {"total_slots", 3},
                                      {"occupied_slots", 1},
                                      {"available_slots", 2},
                                      {"occupancy_percent", 33.3},
                                      {"hourly_rate", "50.00"}}));
  }
  CHECK(lot.said({}, "/parking/zone/Z/status/", 404)["code"] == "zone_not_found");
  CHECK(lot.said({}, "/parking/api/zones/") == lot.said({}, "/api/public/zones/"));
  CHECK(lot.said({}, "/api/user/zones/") == lot.said({}, "/api/public/zones/"));
  CHECK(lot.said({}, "/parking/health/")["status"] == "ok");
}

}  // namespace
}  // namespace gatehouse::api
