// The counter: what is asked of the engine for each call, and how its answer looks
// (docs/contract/http.md).
#include "tests/unit/edge/api/bills.hpp"
#include "tests/unit/edge/api/said.hpp"

#include <nlohmann/json.hpp>

namespace gatehouse::api {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;
using store::Role;

TEST_CASE("an entry is asked for with what the member of staff sees", "[api][staff]") {
  Counter counter;
  const Told told = counter.send(
      Role::staff, Method::post, "/api/staff/entry/",
      R"({"qr_code":")" + code + R"(","vehicle_number":"DL 01 AB 1234","gate":"ENTRY_GATE_01"})");
  const auto* asked = counter.asked<engine::Enter>();
  REQUIRE(asked != nullptr);
  CHECK(asked->ticket.code == code);
  CHECK(asked->vehicle == VehicleNumber::parse("DL01AB1234").value());
  CHECK(asked->gate == GateIndex(0));
  counter.tell(engine::Entered{uuid, "DL01AB1234", ten_o_clock, "A-001", "Zone A"});
  CHECK(said(told, 200) == Json::parse(
                               R"({"success":true,"message":"Entry QR scanned successfully","data":{
      "session_id":")" + uuid + R"(","vehicle_number":"DL01AB1234",
      "entry_time":"2026-11-20T10:00:00.123Z","slot_number":"A-001","zone_name":"Zone A"}})"));
}

TEST_CASE("a bill is asked for by any one of what names a session", "[api][staff]") {
  Counter counter;
  const auto [query, kind] = GENERATE_COPY(table<std::string, std::size_t>({
      {"qr_code=" + code, 0},
      {"session_id=" + uuid, 1},
      {"session_id=17", 1},
      {"vehicle_number=DL-01-AB-1234", 2},
      {"slot=B-002", 3},
  }));
  const Told told = counter.send(Role::staff, Method::get, "/api/staff/bill/?" + query);
  const auto* asked = counter.asked<engine::AskBill>();
  REQUIRE(asked != nullptr);
  CHECK(asked->which.index() == kind);
  counter.tell(three_hours());
  const Json body = said(told, 200);
  CHECK(body["message"] == "₹130.50 due");
  CHECK(body["data"] == Json::parse(R"({
      "session_id":")" + uuid + R"(","vehicle_number":"DL01AB1234",
      "entry_time":"2026-11-20T10:00:00.123Z","exit_time":null,"duration_minutes":180,
      "billed_hours":3,"rate_lines":[{"hourly_rate":"50.00","hours":2,"amount":100.0},
      {"hourly_rate":"80.50","hours":1,"amount":80.5}],"amount_charged":180.5,
      "amount_prepaid":50.0,"amount_due":130.5,"refund_amount":0.0,"payment_method":null,
      "payment_status":"PARTIAL","is_paid":false,"slot_number":"A-001",
      "quoted_at":"2026-11-20T13:00:00.123Z"})"));
  CHECK(told->front().body.contains("\"amount_prepaid\":50.0,"));
}

TEST_CASE("a bill is of one session, named once and as sessions are", "[api][staff]") {
  Counter counter;
  const auto [query, member] = GENERATE_COPY(table<std::string, const char*>({
      {"", "qr_code"},
      {"qr_code=", "qr_code"},
      {"qr_code=" + code + "&slot=A-001", "qr_code"},
      {"session_id=seventeen", "session_id"},
      {"session_id=1234567890123456789", "session_id"},
      {"slot=C-001", "slot"},
      {"vehicle_number=1", "vehicle_number"},
      {"slot=A-001&page=2", "page"},
  }));
  CAPTURE(query);
  const Told told = counter.send(Role::staff, Method::get, "/api/staff/bill/?" + query);
  CHECK(said(told, 400)["fields"].contains(member));
  CHECK(counter.asked<engine::AskBill>() == nullptr);
}

TEST_CASE("an exit is asked for with the sums that were shown", "[api][staff]") {
  Counter counter;
  const Told told = counter.send(
      Role::admin, Method::post, "/api/staff/exit/",
      R"({"session_id":17,"payment_method":"CASH","amount":130.5,"tendered":200,"gate":"EXIT_GATE_01"})");
  const auto* asked = counter.asked<engine::Leave>();
  REQUIRE(asked != nullptr);
  CHECK(std::get<engine::ById>(asked->which).id == "17");
  CHECK(asked->method == PaymentMethod::cash);
  CHECK(asked->amount == Paise(13'050));
  CHECK(asked->tendered == Paise(20'000));
  CHECK(asked->gate == GateIndex(1));
  engine::BillShown bill = three_hours();
  bill.exit_time = ten_o_clock + 3h;
  bill.method = PaymentMethod::cash;
  bill.payment_status = SessionPaymentStatus::success;
  bill.change = Paise(6950);
  counter.tell(bill);
  const Json body = said(told, 200);
  CHECK(body["message"] == "Exit processed successfully");
  CHECK(body["data"]["exit_time"] == "2026-11-20T13:00:00.123Z");
  CHECK(body["data"]["payment_method"] == "CASH");
  CHECK(body["data"]["payment_status"] == "SUCCESS");
  CHECK(body["data"]["is_paid"] == true);
  CHECK(body["data"]["change"] == 69.5);
  CHECK(body["data"].size() == 16);
  CHECK_FALSE(body["data"].contains("quoted_at"));
}

TEST_CASE("an exit paid online waits for the money", "[api][staff]") {
  Counter counter;
  const Told told = counter.send(Role::staff, Method::post, "/api/staff/exit/",
                                 R"({"qr_code":")" + code + R"(","payment_method":"ONLINE"})");
  const auto* asked = counter.asked<engine::Leave>();
  REQUIRE(asked != nullptr);
  CHECK(asked->method == PaymentMethod::online);
  CHECK_FALSE(asked->amount);
  engine::BillShown bill = three_hours();
  bill.method = PaymentMethod::online;
  bill.payment_status = SessionPaymentStatus::pending;
  counter.tell(bill);
  const Json body = said(told, 200);
  CHECK(body["data"]["payment_status"] == "PENDING");
  CHECK(body["data"]["is_paid"] == false);
  CHECK(body["data"]["exit_time"].is_null());
}

TEST_CASE("an exit that cannot be understood is not asked for", "[api][staff]") {
  Counter counter;
  const auto [body, word] = GENERATE(table<const char*, const char*>({
      {R"({"session_id":"17"})", "validation_failed"},
      {R"({"payment_method":"CASH"})", "validation_failed"},
      {R"({"session_id":"17","payment_method":"CARD"})", "invalid_payment_method"},
      {R"({"session_id":"17","payment_method":"cash"})", "invalid_payment_method"},
      {R"({"session_id":"17","payment_method":"CASH","amount":"130.50"})", "validation_failed"},
      {R"({"session_id":"17","payment_method":"CASH","amount":null})", "validation_failed"},
      {R"({"session_id":"17","payment_method":"CASH","tendered":""})", "validation_failed"},
      {R"({"session_id":"17","payment_method":"CASH","gate":17})", "validation_failed"},
      {R"({"session_id":"17","payment_method":"ONLINE","tendered":200})", "validation_failed"},
      {R"({"slot":"A-001","payment_method":"CASH"})", "validation_failed"},
      {R"(["CASH"])", "malformed_body"},
  }));
  CAPTURE(body);
  const Told told = counter.send(Role::staff, Method::post, "/api/staff/exit/", body);
  CHECK(said(told, 400)["code"] == word);
  CHECK(counter.asked<engine::Leave>() == nullptr);
}

TEST_CASE("what the engine refuses is told in the words of the contract", "[api][staff]") {
  using enum engine::Refusal;
  const auto [why, status, sentence] = GENERATE(table<engine::Refusal, int, const char*>({
      {invalid_qr, 404, "Invalid QR code. Session not found."},
      {already_entered, 400, "Entry QR already scanned. Cannot scan twice!"},
      {not_entered, 400, "Entry QR not scanned. Cannot exit!"},
      {already_exited, 400, "Exit already scanned. Cannot scan twice!"},
      {zone_full, 409, "No slots available in this zone"},
      {zone_closed, 400, ""},
      {vehicle_inside, 409, ""},
      {vehicle_mismatch, 400, ""},
      {booking_expired, 400, "Booking expired, please rebook"},
      {booking_unpaid, 400, ""},
      {booking_cancelled, 400, ""},
      {amount_changed, 409, ""},
      {tendered_too_little, 400, ""},
      {wrong_gate, 400, ""},
      {ask_staff, 400, ""},
      {barrier_fault, 400, ""},
      {invalid_payment_method, 400, "Invalid payment method. Use CASH or ONLINE"},
  }));
  Counter counter;
  const Told told = counter.send(Role::staff, Method::post, "/api/staff/entry/",
                                 R"({"qr_code":")" + code + "\"}");
  REQUIRE(counter.asked<engine::Enter>() != nullptr);
  counter.tell(std::unexpected(engine::CallRefused{why, {}}));
  const Json body = said(told, status);
  CHECK(body["success"] == false);
  CHECK(body["code"] == std::string(name(why)));
  CHECK(body["error"] == body["message"]);
  if (*sentence != '\0') CHECK(body["error"] == sentence);
  CHECK_FALSE(body["error"].get<std::string>().empty());
  CHECK_FALSE(body.contains("data"));
}

TEST_CASE("an amount that has changed comes with the new bill", "[api][staff]") {
  Counter counter;
  const Told told = counter.send(Role::staff, Method::post, "/api/staff/exit/",
                                 R"({"session_id":"17","payment_method":"CASH","amount":100})");
  REQUIRE(counter.asked<engine::Leave>() != nullptr);
  counter.tell(
      std::unexpected(engine::CallRefused{engine::Refusal::amount_changed, three_hours()}));
  const Json body = said(told, 409);
  CHECK(body["code"] == "amount_changed");
  CHECK(body["data"]["amount_due"] == 130.5);
}

TEST_CASE("a bill that a person must judge first says why", "[api][staff]") {
  Counter counter;
  const Told told = counter.send(Role::staff, Method::get, "/api/staff/bill/?slot=A-001");
  REQUIRE(counter.asked<engine::AskBill>() != nullptr);
  engine::BillShown bill = three_hours();
  bill.suspicion = Suspicion::clocks_drifted;
  counter.tell(bill);
  CHECK(said(told, 200)["data"]["suspicion"] == std::string(name(Suspicion::clocks_drifted)));
}

TEST_CASE("a barrier is moved by hand with a reason", "[api][barriers]") {
  using engine::BarrierOrderKind;
  const auto [word, kind] = GENERATE(table<const char*, BarrierOrderKind>({
      {"open", BarrierOrderKind::open},
      {"close", BarrierOrderKind::close},
      {"hold", BarrierOrderKind::hold},
      {"lock", BarrierOrderKind::lock},
      {"release", BarrierOrderKind::release},
  }));
  Counter counter;
  const Told told =
      counter.send(Role::staff, Method::post, std::string("/api/staff/gates/EXIT_GATE_01/") + word,
                   R"({"reason":"an ambulance"})");
  const auto* asked = counter.asked<engine::MoveBarrier>();
  REQUIRE(asked != nullptr);
  CHECK(asked->gate == GateIndex(1));
  CHECK(asked->kind == kind);
  CHECK(asked->reason == "an ambulance");
  counter.tell(engine::BarrierMoved{});
  CHECK(said(told, 200)["success"] == true);
}

TEST_CASE("a barrier is not moved without a reason, or where there is none", "[api][barriers]") {
  Counter counter;
  const auto [gate, body, status] = GENERATE(table<const char*, const char*, int>({
      {"EXIT_GATE_01", "{}", 400},
      {"EXIT_GATE_01", "", 400},
      {"EXIT_GATE_01", R"({"reason":"  "})", 400},
      {"HAND_GATE", R"({"reason":"x"})", 400},
      {"NO_GATE", R"({"reason":"x"})", 404},
      {"exit_gate_01", R"({"reason":"x"})", 404},
  }));
  const Told told = counter.send(Role::staff, Method::post,
                                 std::string("/api/staff/gates/") + gate + "/open/", body);
  said(told, status);
  CHECK(counter.asked<engine::MoveBarrier>() == nullptr);
}

TEST_CASE("an emergency raises all, for staff and for administrators", "[api][barriers]") {
  const auto* address = GENERATE("/api/staff/emergency-open/", "/api/admin/emergency-open/");
  Counter counter;
  counter.send(Role::admin, Method::post, address, R"({"reason":"fire"})");
  const auto* asked = counter.asked<engine::MoveBarrier>();
  REQUIRE(asked != nullptr);
  CHECK_FALSE(asked->gate);
  CHECK(asked->kind == engine::BarrierOrderKind::hold);
  CHECK(asked->is_emergency);
}

TEST_CASE("whoever moves a barrier is known to be an administrator or not", "[api][barriers]") {
  const auto role = GENERATE(Role::staff, Role::admin);
  Counter counter;
  const Told told = counter.send(role, Method::post, "/api/staff/gates/ENTRY_GATE_01/release/",
                                 R"({"reason":"all clear"})");
  REQUIRE(counter.asked<engine::MoveBarrier>() != nullptr);
  CHECK(counter.call->actor.is_admin == (role == Role::admin));
  counter.tell(std::unexpected(engine::CallRefused{engine::Refusal::emergency, {}}));
  CHECK(said(told, 403)["code"] == "forbidden");
}

TEST_CASE("an engine that takes nothing more is told as such", "[api][pending]") {
  Counter counter;
  while (counter.inbox.put(engine::UrgentEvent(engine::StopRequested{}))) {
  }
  const Told told = counter.send(Role::staff, Method::get, "/api/staff/bill/?slot=A-001");
  CHECK(said(told, 503)["code"] == "busy");
  CHECK(counter.pending.size() == 0);
}

TEST_CASE("who waits too long for the engine is told to look and to come again", "[api][pending]") {
  Counter counter;
  const Told told = counter.send(Role::staff, Method::get, "/api/staff/bill/?slot=A-001");
  REQUIRE(counter.asked<engine::AskBill>() != nullptr);
  counter.clock.pass(9999ms);
  counter.pending.expire();
  CHECK(told->empty());
  counter.clock.pass(1ms);
  counter.pending.expire();
  CHECK(said(told, 503)["code"] == "no_answer");
  CHECK(find_header(told->front().headers, "Retry-After") == "2");
  CHECK(find_header(told->front().headers, "X-Request-Id").has_value());
  told->clear();
  counter.tell(three_hours());  // too late: nobody is told twice
  CHECK(told->empty());
}

TEST_CASE("after the server's end nobody is answered any more", "[api][pending]") {
  Counter counter;
  const Told told = counter.send(Role::staff, Method::get, "/api/staff/bill/?slot=A-001");
  REQUIRE(counter.asked<engine::AskBill>() != nullptr);
  CHECK(counter.pending.size() == 1);
  counter.pending.close();
  counter.tell(three_hours());
  CHECK(told->empty());
  const Told later = counter.send(Role::staff, Method::get, "/api/staff/bill/?slot=A-001");
  counter.clock.pass(1h);
  counter.pending.expire();
  CHECK(later->empty());
}

}  // namespace
}  // namespace gatehouse::api
