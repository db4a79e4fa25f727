// Scans that a device or staff bring over HTTP (docs/contract/http.md, "Booking by guests").
#include "tests/unit/edge/api/said.hpp"

namespace gatehouse::api {
namespace {

using Catch::Generators::table;
using store::Role;

const std::string entry = "/parking/api/scan/entry/";
const std::string exit_ = "/parking/api/scan/exit/";

std::string scan(const std::string& gate, const std::string& method = "") {
  return R"({"qr_code":"PARK-1","scanner_device_id":")" + gate + "\"" +
         (method.empty() ? "" : R"(,"payment_method":")" + method + "\"") + "}";
}

TEST_CASE("a device brings the scans of its own gate, whose barrier opens", "[api][scan]") {
  Counter counter;
  counter.accounts.at(Role::device).gate = "EXIT_GATE_01";
  CHECK(counter.send(Role::device, Method::post, entry, scan("EXIT_GATE_01"))->empty());
  const auto* in = counter.asked<engine::Enter>();
  REQUIRE(in != nullptr);
  CHECK(in->ticket.code == "PARK-1");
  CHECK(in->gate == GateIndex(1));
  counter.tell(engine::Entered{.session_id = "s",
                               .vehicle_number = "DL01AB1234",
                               .entry_time = {},
                               .slot = "A-001",
                               .zone_name = "Zone A"});

  const Told told = counter.send(Role::device, Method::post, exit_, scan("EXIT_GATE_01"));
  const auto* out = counter.asked<engine::Leave>();
  REQUIRE(out != nullptr);
  CHECK(std::get<engine::ByCode>(out->which).code == "PARK-1");
  CHECK(out->method == PaymentMethod::online);
  CHECK(out->gate == GateIndex(1));
  CHECK(out->at_reader);
  counter.tell(engine::BillShown{.session_id = "s", .slot = "A-001"});
  CHECK(said(told, 200)["data"]["slot_number"] == "A-001");
}

TEST_CASE("a device may no more than that", "[api][scan]") {
  Counter counter;
  const auto [body, status] = GENERATE(table<std::string, int>({
      {scan("EXIT_GATE_01"), 403},
      {scan("HAND_GATE"), 403},
      {scan("ENTRY_GATE_01", "CASH"), 403},
      {scan("ENTRY_GATE_01", "cash"), 400},
      {scan("ENTRY_GATE_01", "GOLD"), 400},
      {scan("NO_GATE"), 404},
      {scan(""), 400},
      {R"({"qr_code":"PARK-1"})", 400},
      {R"({"scanner_device_id":"ENTRY_GATE_01"})", 400},
      {R"({"qr_code":"PARK-1","scanner_device_id":"ENTRY_GATE_01","gate":"x"})", 400},
      {"", 400},
  }));
  CAPTURE(body);
  for (const auto& path : {entry, exit_}) {
    said(counter.send(Role::device, Method::post, path, body), status);
    counter.inbox.take(counter.batch);
    CHECK(counter.batch.urgent.empty());
  }
}

TEST_CASE("a device without a gate may bring none", "[api][scan]") {
  Counter counter;
  counter.accounts.at(Role::device).gate = "";
  said(counter.send(Role::device, Method::post, entry, scan("ENTRY_GATE_01")), 403);
}

TEST_CASE("staff bring scans of any gate, and take cash where they say so", "[api][scan]") {
  Counter counter;
  const auto [method, wanted] = GENERATE(table<std::string, PaymentMethod>({
      {"", PaymentMethod::online},
      {"ONLINE", PaymentMethod::online},
      {"CASH", PaymentMethod::cash},
  }));
  CHECK(counter.send(Role::staff, Method::post, exit_, scan("EXIT_GATE_01", method))->empty());
  const auto* asked = counter.asked<engine::Leave>();
  REQUIRE(asked != nullptr);
  CHECK(asked->method == wanted);
  CHECK_FALSE(asked->at_reader);
}

}  // namespace
}  // namespace gatehouse::api
