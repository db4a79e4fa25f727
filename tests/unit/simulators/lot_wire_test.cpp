#include "simulators/lot_wire.hpp"

#include "simulators/car_memory.hpp"
#include "simulators/lot_figures.hpp"
#include "tests/support/temp_dir.hpp"

#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::simulators;
using namespace std::chrono_literals;

namespace {

const auto ten_o_clock = parse_rfc3339("2026-11-20T10:00:00.123Z").value();

}  // namespace

TEST_CASE("readers write what the contract asks for", "[simulators][wire]") {
  CHECK(scan_topic("demo", "E1") == "parking/v1/demo/gates/E1/scan");
  CHECK(button_topic("demo", "E1") == "parking/v1/demo/gates/E1/button");
  CHECK(scan_payload("s-1", "PARK-X", "", ten_o_clock) ==
        R"({"scan_id":"s-1","code":"PARK-X","ts":"2026-11-20T10:00:00.123Z"})");
  CHECK(
      scan_payload("s-1", "PARK-X", "CASH", ten_o_clock) ==
      R"({"scan_id":"s-1","code":"PARK-X","ts":"2026-11-20T10:00:00.123Z","payment_method":"CASH"})");
  CHECK(press_payload("p-1", "DL01AB1234", ten_o_clock) ==
        R"({"press_id":"p-1","ts":"2026-11-20T10:00:00.123Z","vehicle_number":"DL01AB1234"})");
  CHECK(press_payload("p-1", "", ten_o_clock) ==
        R"({"press_id":"p-1","ts":"2026-11-20T10:00:00.123Z"})");
  CHECK(scan_payload("s-1", "\"\n\xFF", "", ten_o_clock)
            .starts_with("{\"scan_id\":\"s-1\",\"code\":\"\\\"\\n\xEF\xBF\xBD\""));
}

TEST_CASE("a decision is read as the contract writes it", "[simulators][wire]") {
  const auto decision = read_decision(
      R"({"scan_id":"9f0c","gate":"X1","decision":"pay","reason":"payment_due","message":"Pay","update":2,)"
      R"("session_id":"s","slot":"A-003","amount_due_paise":10000,"code":"PARK-1","extra":[1]})",
      "X1");
  REQUIRE(decision);
  CHECK(decision->id == "9f0c");
  CHECK(decision->verdict == Verdict::pay);
  CHECK(decision->reason == "payment_due");
  CHECK(decision->update == 2);
  CHECK(decision->slot == "A-003");
  CHECK(decision->code == "PARK-1");
  CHECK(decision->amount_due_paise == 10'000);
}

TEST_CASE("what is no decision of this gate is none", "[simulators][wire]") {
  const auto payload = GENERATE("", "[]", "{", R"({"scan_id":"1","gate":"X1"})",
                                R"({"scan_id":"1","gate":"X2","decision":"open"})",
                                R"({"scan_id":"","gate":"X1","decision":"open"})",
                                R"({"scan_id":"1","gate":"X1","decision":"perhaps"})");
  CHECK_FALSE(read_decision(payload, "X1"));
}

TEST_CASE("a reason that is no word is never shown", "[simulators][wire]") {
  const auto decision =
      read_decision(R"({"scan_id":"1","gate":"X1","decision":"deny","reason":"\"},{"})", "X1");
  REQUIRE(decision);
  CHECK(decision->reason == "no_word");
}

TEST_CASE("the gate stands in the decision's topic", "[simulators][wire]") {
  CHECK(gate_of_decision("parking/v1/demo/gates/E1/decision", "demo") == "E1");
  CHECK_FALSE(gate_of_decision("parking/v1/demo/gates//decision", "demo"));
  CHECK_FALSE(gate_of_decision("parking/v1/other/gates/E1/decision", "demo"));
  CHECK_FALSE(gate_of_decision("parking/v1/demo/gates/E1/scan", "demo"));
}

TEST_CASE("the counter says what is in the drawer, to the paisa", "[simulators][wire]") {
  CHECK(cash_exit_body("s-1", 10'050, "X1") ==
        R"({"session_id":"s-1","payment_method":"CASH","amount":100.50,"gate":"X1"})");
  CHECK(cash_exit_body("s-1", 5, "") ==
        R"({"session_id":"s-1","payment_method":"CASH","amount":0.05})");
  CHECK(ticket_body("DL01AB1234", "A") ==
        R"({"vehicle_number":"DL01AB1234","owner_name":"Driver","zone_id":"A"})");
  CHECK(login_body("staff1", "a\"b") == R"({"username":"staff1","password":"a\"b"})");
}

TEST_CASE("the counter reads bills, tickets, tokens and refusals", "[simulators][wire]") {
  const auto bill = read_staff_reply(
      R"({"success":true,"message":"","data":{"session_id":"s","amount_due":100.35,"qr_code":"PARK-1","slot_number":"A-001"}})");
  REQUIRE(bill);
  CHECK(bill->success);
  CHECK(bill->session == "s");
  CHECK(bill->amount_due_paise == 10'035);
  CHECK(bill->code == "PARK-1");
  CHECK(bill->slot == "A-001");
  const auto login = read_staff_reply(R"({"success":true,"access":"token","role":"STAFF"})");
  REQUIRE(login);
  CHECK(login->access == "token");
  const auto refusal = read_staff_reply(
      R"({"success":false,"error":"No slots available in this zone","code":"zone_full"})");
  REQUIRE(refusal);
  CHECK_FALSE(refusal->success);
  CHECK(refusal->refusal == "zone_full");
  CHECK_FALSE(refusal->amount_due_paise);
  CHECK_FALSE(read_staff_reply("<html>"));
}

TEST_CASE("the cars of a run are kept for the next, for their owner's eyes alone",
          "[simulators][drivers]") {
  const tests::TempDir directory;
  const std::string path = directory / "cars.csv";
  const std::vector<std::string> slots{"A-001", "A-002"};
  const std::vector<CarInside> cars{{.vehicle_number = "DL01AB1234", .code = "PARK-1", .bay = 1U},
                                    {.vehicle_number = "KA05CD7", .code = "", .bay = {}}};
  CarMemory memory(path, slots);
  CHECK(memory.read().empty());
  memory.write(cars);
  CHECK(CarMemory(path, slots).read() == cars);
  using std::filesystem::perms;
  CHECK(std::filesystem::status(path).permissions() == (perms::owner_read | perms::owner_write));
  SECTION("lines that cannot be read are left out") {
    std::ofstream(path) << "\n,,\nno commas\nDL01AB1234,PARK-1,Z-999\n";
    CHECK(memory.read() ==
          std::vector<CarInside>{{.vehicle_number = "DL01AB1234", .code = "PARK-1", .bay = {}}});
  }
}

TEST_CASE("the figures of a run in one line, and all of them at its end", "[simulators][drivers]") {
  DriverFigures drivers{.arrived = 40,
                        .entries = 30,
                        .exits = 18,
                        .takings_paise = 90'050,
                        .inside = 12,
                        .refusals = {{"vehicle_inside", 1}, {"zone_full", 2}}};
  CHECK(figures_line(drivers) ==
        "inside 12   entries 30    exits 18    takings ₹900.50   refused 3: vehicle_inside 1, "
        "zone_full 2");
  const LotFigures figures{.lot = "demo",
                           .seed = 1,
                           .took = 60s,
                           .drivers = drivers,
                           .readers = {.asked = 5, .repeated = 1, .answered = 4},
                           .barriers = {{"b1", {.cycles = 30}}}};
  const auto json = summary_json(figures);
  CHECK_THAT(json, Catch::Contains(R"("takings_paise":90050,)"));
  CHECK_THAT(json, Catch::Contains(R"("refusals":{"vehicle_inside":1,"zone_full":2})"));
  CHECK_THAT(json, Catch::Contains(R"("barriers":{"b1":{"arm":"closed","cycles":30,)"));
}
