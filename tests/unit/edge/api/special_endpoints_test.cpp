// Walk-ins, lost tickets, let-outs, terminations and cancelling over HTTP: what is asked of the
// engine, and how its answer looks (docs/contract/http.md, "Staff", "User").
#include "tests/unit/edge/api/said.hpp"

#include <nlohmann/json.hpp>

namespace gatehouse::api {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;
using store::Role;

const std::string uuid = "0b9f3a52-6a0e-4f0e-9d55-0123456789ab";
const std::string code = "PARK-0123456789ABCDEFGHJKMNPQRS-TVWXYZ01";
const std::string session = "/api/staff/sessions/" + uuid;

engine::BillShown hour() {
  return {.session_id = uuid,
          .vehicle_number = "DL01AB1234",
          .slot = "A-001",
          .entry_time = ten_o_clock,
          .exit_time = {},
          .quoted_at = ten_o_clock + 1h,
          .stayed = 60min,
          .charge = {.hours = 1h, .lines = {{Paise(5000), 1h, Paise(5000)}}, .total = Paise(5000)},
          .surcharge = Paise(10'000),
          .sums = {.charge = Paise(15'000), .credits = {}, .due = Paise(15'000), .refund = {}},
          .method = {},
          .payment_status = SessionPaymentStatus::pending,
          .change = {},
          .suspicion = {}};
}

std::string long_text(std::size_t characters) { return std::string(characters, 'x'); }

TEST_CASE("a walk-in gets a ticket, and enters at once where a gate is named", "[api][walk-in]") {
  Counter counter;
  const Told told =
      counter.send(Role::staff, Method::post, "/api/staff/walk-in/",
                   R"({"vehicle_number":"dl-01-ab-1234","zone_id":"B","gate":"ENTRY_GATE_01"})");
  const auto* asked = counter.asked<engine::IssueTicket>();
  REQUIRE(asked != nullptr);
  CHECK(asked->vehicle.text() == "DL01AB1234");
  CHECK(asked->owner_name.empty());
  CHECK(asked->zone == ZoneIndex(1));
  CHECK(asked->gate == GateIndex(0));
  counter.tell(engine::TicketIssued{uuid, code, "DL01AB1234", "B-001", "Zone B"});
  const Json body = said(told, 201);
  CHECK(body["message"] == "Slot allocated: B-001");
  CHECK(body["data"]["qr_code"] == code);
}

TEST_CASE("a lost ticket is asked for by one of three, with a reason", "[api][lost]") {
  const auto [member, kind] = GENERATE(table<std::string, std::size_t>({
      {R"("session_id":17)", 1},
      {R"("session_id":"0B9F3A52-6A0E-4F0E-9D55-0123456789AB")", 1},
      {R"("vehicle_number":"DL-01-AB-1234")", 2},
      {R"("slot":"B-002")", 3},
  }));
  Counter counter;
  const Told told = counter.send(Role::staff, Method::post, "/api/staff/lost-ticket/",
                                 "{" + member + R"(,"reason":" lost "})");
  const auto* asked = counter.asked<engine::LostTicket>();
  REQUIRE(asked != nullptr);
  CHECK(asked->which.index() == kind);
  CHECK(asked->reason == "lost");
  CHECK_FALSE(asked->entered_at);
  counter.tell(engine::TicketReplaced{hour(), code, false});
  const Json data = said(told, 200)["data"];
  CHECK(data["qr_code"] == code);
  CHECK(data["amount_due"] == 150.0);
  CHECK(data["session_id"] == uuid);
  CHECK(data["quoted_at"] == "2026-11-20T11:00:00.123Z");
}

TEST_CASE("a car without a session is let in on paper", "[api][lost]") {
  Counter counter;
  const Told told = counter.send(
      Role::staff, Method::post, "/api/staff/lost-ticket/",
      R"({"slot":"B-002","reason":"x","entered_at":"2026-11-20T13:30:00+05:30","zone_id":"B"})");
  const auto* asked = counter.asked<engine::LostTicket>();
  REQUIRE(asked != nullptr);
  CHECK(asked->entered_at == parse_rfc3339("2026-11-20T08:00:00Z"));
  CHECK(asked->zone == ZoneIndex(1));
  counter.tell(engine::TicketReplaced{hour(), code, true});
  said(told, 201);
}

TEST_CASE("several sessions that match are shown", "[api][lost]") {
  Counter counter;
  const Told told = counter.send(Role::staff, Method::post, "/api/staff/lost-ticket/",
                                 R"({"vehicle_number":"AB1234","reason":"x"})");
  REQUIRE(counter.asked<engine::LostTicket>() != nullptr);
  engine::CallRefused several{engine::Refusal::several_sessions, {}};
  several.matches.push_back(
      {uuid, 17, "DL01AB1234", "A-001", "Zone A", SessionState::active, ten_o_clock});
  several.matches.push_back({uuid, 18, "MH02AB1234", "", "Zone B", SessionState::booked, {}});
  counter.tell(std::unexpected(std::move(several)));
  const Json body = said(told, 409);
  CHECK(body["code"] == "several_sessions");
  CHECK(body["data"]["sessions"] == Json::parse(R"([
      {"session_id":")" + uuid + R"(","number":17,"vehicle_number":"DL01AB1234",
       "slot_number":"A-001","zone_name":"Zone A","status":"ACTIVE",
       "entry_time":"2026-11-20T10:00:00.123Z"},
      {"session_id":")" + uuid + R"(","number":18,"vehicle_number":"MH02AB1234",
       "slot_number":"","zone_name":"Zone B","status":"BOOKED","entry_time":null}])"));
}

TEST_CASE("a time that cannot be is the caller's mistake", "[api][lost]") {
  Counter counter;
  const Told told = counter.send(
      Role::staff, Method::post, "/api/staff/lost-ticket/",
      R"({"slot":"B-002","reason":"x","entered_at":"2036-11-20T08:00:00Z","zone_id":"B"})");
  REQUIRE(counter.asked<engine::LostTicket>() != nullptr);
  counter.tell(std::unexpected(engine::CallRefused{engine::Refusal::bad_entered_at, {}}));
  const Json body = said(told, 400);
  CHECK(body["code"] == "validation_failed");
  CHECK(body["fields"].contains("entered_at"));
}

TEST_CASE("a car is let out at a gate, with a reason", "[api][let-out]") {
  Counter counter;
  const Told told = counter.send(
      Role::staff, Method::post, session + "/let-out/",
      R"({"gate":"EXIT_GATE_01","reason":"no answer","reference":"UTR 4711","stay":"steady"})");
  const auto* asked = counter.asked<engine::LetOut>();
  REQUIRE(asked != nullptr);
  CHECK(asked->which.id == uuid);
  CHECK(asked->gate == GateIndex(1));
  CHECK(asked->reason == "no answer");
  CHECK(asked->reference == "UTR 4711");
  CHECK(asked->stay == StayLength::steady);
  engine::BillShown bill = hour();
  bill.left = true;
  counter.tell(bill);
  const Json body = said(told, 200);
  CHECK(body["data"]["left"] == true);
  CHECK(body["data"]["exit_time"].is_null());
}

TEST_CASE("a session is ended by who has the right", "[api][terminate]") {
  Counter counter;
  const std::string why = R"({"reason":"towed"})";
  const Told refused = counter.send(Role::staff, Method::post, session + "/terminate/", why);
  CHECK(said(refused, 403)["code"] == "forbidden");
  CHECK(counter.asked<engine::Terminate>() == nullptr);
  counter.accounts.at(Role::staff).may_refund = true;
  said(counter.send(Role::staff, Method::post, session + "/terminate/", why), 403);

  const auto role = GENERATE(Role::staff, Role::admin);
  counter.accounts.at(Role::staff).may_terminate = true;
  const Told told = counter.send(role, Method::post, session + "/terminate/", why);
  const auto* asked = counter.asked<engine::Terminate>();
  REQUIRE(asked != nullptr);
  CHECK(asked->which.id == uuid);
  CHECK(asked->reason == "towed");
  counter.tell(engine::Terminated{.session_id = uuid,
                                  .vehicle_number = "DL01AB1234",
                                  .slot = "A-001",
                                  .charge = Paise(15'000),
                                  .credits = Paise(5'000),
                                  .written_off = Paise(10'000),
                                  .refund = {}});
  CHECK(said(told, 200)["data"] == Json::parse(R"({"session_id":")" + uuid + R"(",
      "vehicle_number":"DL01AB1234","slot_number":"A-001","status":"TERMINATED",
      "amount_charged":150.0,"amount_prepaid":50.0,"written_off":100.0,"refund_amount":0.0})"));
}

TEST_CASE("a suspect stay shows what may be chosen, and is left by a choice", "[api][suspect]") {
  Counter counter;
  const Told told = counter.send(Role::staff, Method::get, "/api/staff/bill/?slot=A-001");
  REQUIRE(counter.asked<engine::AskBill>() != nullptr);
  engine::BillShown bill = hour();
  bill.suspicion = Suspicion::clocks_drifted;
  bill.stays = {{StayLength::utc, 350min, 6h, Paise(30'000), Paise(30'000)},
                {StayLength::steady, 50min, 1h, Paise(5'000), Paise(0)}};
  counter.tell(bill);
  CHECK(said(told, 200)["data"]["stays"] == Json::parse(R"([
      {"stay":"utc","duration_minutes":350,"billed_hours":6,"amount_charged":300.0,
       "amount_due":300.0},
      {"stay":"steady","duration_minutes":50,"billed_hours":1,"amount_charged":50.0,
       "amount_due":0.0}])"));
  counter.send(Role::staff, Method::post, "/api/staff/exit/",
               R"({"session_id":17,"payment_method":"CASH","stay":"utc","reason":"set at noon"})");
  const auto* asked = counter.asked<engine::Leave>();
  REQUIRE(asked != nullptr);
  CHECK(asked->stay == StayLength::utc);
  CHECK(asked->reason == "set at noon");
}

TEST_CASE("whoever holds an id or a code may give it back, without an account", "[api][cancel]") {
  const auto [address, body, kind, asks] =
      GENERATE_COPY(table<std::string, std::string, int, bool>({
          {"/api/user/cancel-booking/", R"({"session_id":")" + uuid + "\"}", 1, false},
          {"/api/user/cancel-booking/", R"({"booking_id":")" + uuid + "\"}", 1, false},
          {"/api/user/cancel-booking/", R"({"qr_code":")" + code + "\"}", 0, false},
          {"/parking/cancel-booking/", R"({"qr_code":")" + code + R"(","other":1})", 0, false},
          {"/api/parking/refund-old/", R"({"qr_code":")" + code + "\"}", 0, true},
      }));
  CAPTURE(address, body);
  Counter counter;
  const Told told = counter.send(Counter::request(Method::post, address, body));
  const auto* asked = counter.asked<engine::CancelBooking>();
  REQUIRE(asked != nullptr);
  CHECK(static_cast<int>(asked->which.index()) == kind);
  CHECK(asked->only_asks == asks);
  CHECK(counter.call->actor.name.empty());
  counter.tell(engine::BookingCancelled{.session_id = uuid,
                                        .vehicle_number = "DL01AB1234",
                                        .slot = "A-001",
                                        .refund_eligible = true,
                                        .refund = Paise(5'000),
                                        .reason = "Cancelled within grace period"});
  const Json told_body = said(told, 200);
  if (!asks) CHECK(told_body["message"] == "Session cancelled");
  CHECK(told_body["data"] == Json::parse(R"({"session_id":")" + uuid + R"(",
      "vehicle_number":"DL01AB1234","refund_eligible":true,"refund_amount":50.0,
      "refund_reason":"Cancelled within grace period","status":"CANCELLED",
      "slot_number":"A-001"})"));
}

TEST_CASE("a number that anybody could guess gives nothing back", "[api][cancel]") {
  Counter counter;
  const auto* body =
      GENERATE(R"({"session_id":17})", R"({"session_id":"17"})", R"({"booking_id":"1"})", R"({})",
               R"({"qr_code":""})", R"({"vehicle_number":"DL01AB1234"})", R"({"slot":"A-001"})");
  const Told told = counter.send(Counter::request(Method::post, "/api/user/cancel-booking/", body));
  CHECK(said(told, 400)["code"] == "validation_failed");
  CHECK(counter.asked<engine::CancelBooking>() == nullptr);
}

TEST_CASE("who cancels with an account is known by it", "[api][cancel]") {
  Counter counter;
  const auto role = GENERATE(Role::user, Role::staff, Role::admin);
  const bool is_user = role == Role::user;
  const std::string body = is_user ? R"({"session_id":")" + uuid + "\"}" : R"({"session_id":17})";
  counter.send(role, Method::post, "/api/user/cancel-booking/", body);
  const auto* asked = counter.asked<engine::CancelBooking>();
  REQUIRE(asked != nullptr);
  CHECK(asked->by_user == is_user);
  CHECK(counter.call->actor.name == counter.accounts.at(role).username);
}

TEST_CASE("after entry the refusal is told as the contract has it", "[api][cancel]") {
  Counter counter;
  const Told told = counter.send(
      Counter::request(Method::post, "/parking/cancel-booking/", R"({"qr_code":")" + code + "\"}"));
  REQUIRE(counter.asked<engine::CancelBooking>() != nullptr);
  counter.tell(std::unexpected(engine::CallRefused{engine::Refusal::cannot_cancel, {}}));
  const Json body = said(told, 400);
  CHECK(body["code"] == "cannot_cancel");
  CHECK(body["error"] == "No refund allowed after vehicle entry (QR scanned)");
}

struct Wrong {
  std::string address;
  std::string good;  // a whole body, of which one member is replaced
  std::string member;
  bool may_be_left_out = true;
};

std::vector<Wrong> members_of_calls() {
  const std::string lost = "/api/staff/lost-ticket/";
  const std::string lost_body =
      R"({"slot":"B-002","reason":"x","entered_at":"2026-11-20T08:00:00Z","zone_id":"B"})";
  const std::string out_body = R"({"gate":"EXIT_GATE_01","reason":"x","reference":"y"})";
  const std::string note = "/api/staff/incidents/";
  const std::string note_body = R"({"kind":"other","description":"x"})";
  const std::string in = "/api/staff/walk-in/";
  const std::string in_body = R"({"vehicle_number":"DL01AB1234","zone_id":"A"})";
  return {{lost, lost_body, "slot", false},
          {lost, lost_body, "reason", false},
          {lost, lost_body, "entered_at", false},
          {lost, lost_body, "zone_id", false},
          {lost, lost_body, "qr_code"},
          {session + "/let-out/", out_body, "gate", false},
          {session + "/let-out/", out_body, "reason", false},
          {session + "/let-out/", out_body, "reference"},
          {session + "/let-out/", out_body, "stay"},
          {session + "/terminate/", R"({"reason":"x"})", "reason", false},
          {session + "/terminate/", R"({"reason":"x"})", "stay"},
          {note, note_body, "kind", false},
          {note, note_body, "description", false},
          {note, note_body, "gate"},
          {note, note_body, "slot"},
          {note, note_body, "session_id"},
          {note, note_body, "vehicle_number"},
          {in, in_body, "vehicle_number", false},
          {in, in_body, "zone_id", false},
          {in, in_body, "owner_name"},
          {in, in_body, "gate"},
          {"/api/staff/exit/", R"({"session_id":"17","payment_method":"CASH"})", "stay"},
          {"/api/staff/exit/", R"({"session_id":"17","payment_method":"CASH"})", "reason"}};
}

TEST_CASE("each member with a wrong, empty, huge or hostile value is refused by name",
          "[api][hostile]") {
  const auto wrong = GENERATE(from_range(members_of_calls()));
  Counter counter;
  std::vector<Json> values = {true,           Json::array(),          Json::array({"x"}),
                              Json::object(), Json{{"x", 1}},         long_text(2'000),
                              "a\nb",         std::string("a\0b", 3), 1.5e300};
  if (!wrong.may_be_left_out) values.insert(values.end(), {Json(), "", "   "});
  for (const Json& value : values) {
    Json body = Json::parse(wrong.good);
    body[wrong.member] = value;
    CAPTURE(wrong.address, body.dump());
    const Told told = counter.send(Role::admin, Method::post, wrong.address, body.dump());
    REQUIRE(told->size() == 1);
    const Json refused = Json::parse(told->front().body);
    // A zone of no such name is not found, and its name is not looked at.
    if (wrong.member == "zone_id" && refused["code"] == "zone_not_found") continue;
    CHECK(told->front().status == 400);
    CHECK(refused["code"] == "validation_failed");
    CHECK_FALSE(refused["fields"].empty());
    counter.inbox.take(counter.batch);
    CHECK(counter.batch.urgent.empty());
  }
  Json unknown = Json::parse(wrong.good);
  unknown["'; DROP TABLE sessions; --"] = "../../etc/passwd";
  CHECK(said(counter.send(Role::admin, Method::post, wrong.address, unknown.dump()), 400)["code"] ==
        "validation_failed");
}

TEST_CASE("a session that no path can name is not found", "[api][hostile]") {
  Counter counter;
  const auto* id = GENERATE("x", "-1", "17.5", "1234567890123456789", "%00",
                            "0b9f3a52-6a0e-4f0e-9d55-0123456789aX", "1;--");
  const auto* what = GENERATE("terminate", "let-out");
  const Told told =
      counter.send(Role::admin, Method::post, std::string("/api/staff/sessions/") + id + "/" + what,
                   R"({"reason":"x","gate":"EXIT_GATE_01"})");
  CHECK(said(told, 404)["success"] == false);
  counter.inbox.take(counter.batch);
  CHECK(counter.batch.urgent.empty());
}

}  // namespace
}  // namespace gatehouse::api
