// The drawer and the log of incidents over HTTP: what is asked of the engine, and how a Z report
// looks (docs/contract/http.md, "Staff").
#include "tests/unit/edge/api/said.hpp"

#include <nlohmann/json.hpp>

namespace gatehouse::api {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;
using store::Role;

const std::string uuid = "0b9f3a52-6a0e-4f0e-9d55-0123456789ab";

/// Opened with 20 rupees, 120 taken in cash and 7 online, 3 given back.
engine::ShiftShown open_shift() {
  return {.shift = {.key = store::ShiftKey{12},
                    .user = store::UserKey{2},
                    .opened_at = ten_o_clock,
                    .cash_float = Paise(2'000),
                    .closed_at = {},
                    .counted = {},
                    .z_number = {}},
          .user = "staff1",
          .takings = {.cash = {2, Paise(12'000), 1, Paise(300)}, .online = {1, Paise(700), 0, {}}},
          .acts = {.lost_tickets = 1,
                   .stays_chosen = 2,
                   .let_outs = 3,
                   .terminations = 4,
                   .openings_by_hand = 5},
          .expected = Paise(13'700)};
}

engine::ShiftShown closed_shift(Paise counted) {
  engine::ShiftShown shown = open_shift();
  shown.shift.closed_at = ten_o_clock + 8h;
  shown.shift.counted = counted;
  shown.shift.z_number = 31;
  return shown;
}

TEST_CASE("a shift is opened with a float", "[api][shift]") {
  Counter counter;
  const auto [body, paise] = GENERATE(table<const char*, int>({
      {R"({"float":2000})", 200'000},
      {R"({"float":0})", 0},
      {R"({"float":20.5})", 2'050},
      {R"({"float":9999999.99})", 999'999'999},
  }));
  const Told told = counter.send(Role::staff, Method::post, "/api/staff/shift/open/", body);
  const auto* asked = counter.asked<engine::OpenShift>();
  REQUIRE(asked != nullptr);
  CHECK(asked->cash_float == Paise(paise));
  CHECK(counter.call->actor.user == store::UserKey{2});
  counter.tell(open_shift());
  CHECK(said(told, 201)["data"]["shift_id"] == 12);
}

TEST_CASE("a shift that goes on shows what it took and what it should hold", "[api][shift]") {
  Counter counter;
  const Told told = counter.send(Role::staff, Method::get, "/api/staff/shift/");
  const auto* asked = counter.asked<engine::AskShift>();
  REQUIRE(asked != nullptr);
  CHECK_FALSE(asked->shift);
  CHECK_FALSE(asked->may_be_anybodys);
  counter.tell(open_shift());
  CHECK(said(told, 200) == Json::parse(R"({"success":true,"message":"The shift is open","data":{
      "shift_id":12,"user":"staff1","opened_at":"2026-11-20T10:00:00.123Z","closed_at":null,
      "z_number":null,"float":20.0,"takings":[
        {"method":"CASH","payments":2,"amount":120.0,"refunds":1,"refunded":3.0},
        {"method":"ONLINE","payments":1,"amount":7.0,"refunds":0,"refunded":0.0}],
      "expected":137.0,"counted":null,"over":null,"short":null,"lost_tickets":1,"stays_chosen":2,
      "let_outs":3,"terminations":4,"openings_by_hand":5}})"));
}

TEST_CASE("a count tells what is over or short", "[api][shift]") {
  const auto [counted, over, missing, sentence] = GENERATE(table<int, double, double, std::string>({
      {13'700, 0.0, 0.0, "The shift is closed, and the drawer fits"},
      {13'650, 0.0, 0.5, "The shift is closed, ₹0.50 short"},
      {13'800, 1.0, 0.0, "The shift is closed, ₹1.00 over"},
  }));
  Counter counter;
  const Told told =
      counter.send(Role::admin, Method::post, "/api/staff/shift/close/", R"({"counted":137})");
  const auto* asked = counter.asked<engine::CloseShift>();
  REQUIRE(asked != nullptr);
  CHECK(asked->counted == Paise(13'700));
  counter.tell(closed_shift(Paise(counted)));
  const Json body = said(told, 200);
  CHECK(body["message"] == sentence);
  CHECK(body["data"]["over"] == over);
  CHECK(body["data"]["short"] == missing);
  CHECK(body["data"]["z_number"] == 31);
  CHECK(body["data"]["closed_at"] == "2026-11-20T18:00:00.123Z");
}

TEST_CASE("an earlier shift is asked for by its number", "[api][shift]") {
  Counter counter;
  const auto role = GENERATE(Role::staff, Role::admin);
  counter.send(role, Method::get, "/api/staff/shift/?shift_id=12");
  const auto* asked = counter.asked<engine::AskShift>();
  REQUIRE(asked != nullptr);
  CHECK(asked->shift == store::ShiftKey{12});
  CHECK(asked->may_be_anybodys == (role == Role::admin));
}

TEST_CASE("an amount that nobody could count is refused", "[api][shift]") {
  Counter counter;
  const bool opens = GENERATE(true, false);
  const std::string member = opens ? "float" : "counted";
  const auto value = GENERATE(as<std::string>(), "", "null", "\"\"", "\"2000\"", "-1", "-0.01",
                              "1.005", "1e3", "10000000", "99999999999999999999999999", "true",
                              "[]", "[2000]", "{}", "{\"x\":1}", "\"2000; DROP TABLE\"",
                              "\"../../etc/passwd\"", "\"=1+1\"", "\"\\u0000\"", "\"<script>\"");
  CAPTURE(value);
  const std::string body = value.empty() ? "{}" : "{\"" + member + "\":" + value + "}";
  const Told told =
      counter.send(Role::staff, Method::post,
                   opens ? "/api/staff/shift/open/" : "/api/staff/shift/close/", body);
  const Json refused = said(told, 400);
  CHECK(refused["code"] == "validation_failed");
  CHECK(refused["fields"].contains(member));
  CHECK(counter.asked<engine::OpenShift>() == nullptr);
}

TEST_CASE("a shift is asked for by nothing else", "[api][shift]") {
  Counter counter;
  const auto query = GENERATE(as<std::string>(), "shift_id=0", "shift_id=-1", "shift_id=x",
                              "shift_id=1.5", "shift_id=99999999999", "shift_id=1&shift_id=2",
                              "user=2", "shift_id=%00", "shift_id=1%27--");
  CAPTURE(query);
  const Told told = counter.send(Role::staff, Method::get, "/api/staff/shift/?" + query);
  CHECK(said(told, 400)["code"] == "validation_failed");
  CHECK(counter.asked<engine::AskShift>() == nullptr);
}

TEST_CASE("a second shift and a missing one are told as such", "[api][shift]") {
  Counter counter;
  const auto [why, status] = GENERATE(table<engine::Refusal, int>(
      {{engine::Refusal::shift_open, 409}, {engine::Refusal::no_shift, 404}}));
  const Told told =
      counter.send(Role::staff, Method::post, "/api/staff/shift/open/", R"({"float":1})");
  REQUIRE(counter.asked<engine::OpenShift>() != nullptr);
  counter.tell(std::unexpected(engine::CallRefused{why, {}}));
  CHECK(said(told, status)["code"] == std::string(name(why)));
}

TEST_CASE("an incident is noted, and the log read page by page", "[api][incidents]") {
  Counter counter;
  const store::Incident incident{.id = uuid,
                                 .at = ten_o_clock,
                                 .username = "staff1",
                                 .kind = store::IncidentKind::damage,
                                 .description = "A mirror",
                                 .gate = "EXIT_GATE_01",
                                 .slot = "",
                                 .vehicle = VehicleNumber::parse("DL01AB1234").value()};
  const Json shown = Json::parse(R"({"incident_id":")" + uuid +
                                 R"(","created_at":"2026-11-20T10:00:00.123Z","user":"staff1",
      "kind":"damage","description":"A mirror","gate":"EXIT_GATE_01","slot":null,
      "session_id":null,"vehicle_number":"DL01AB1234"})");
  const Told told = counter.send(Role::staff, Method::post, "/api/staff/incidents/",
                                 R"({"kind":"damage","description":"A mirror","slot":"A-001",
      "gate":"EXIT_GATE_01","session_id":17,"vehicle_number":"DL01AB1234"})");
  const auto* asked = counter.asked<engine::NoteIncident>();
  REQUIRE(asked != nullptr);
  CHECK(asked->kind == store::IncidentKind::damage);
  CHECK(asked->gate == "EXIT_GATE_01");
  CHECK(asked->slot == "A-001");
  CHECK(asked->session.has_value());
  counter.tell(engine::IncidentNoted{incident});
  CHECK(said(told, 201)["data"] == shown);

  const Told page =
      counter.send(Role::admin, Method::get, "/api/staff/incidents/?page=3&page_size=200");
  const auto* wanted = counter.asked<engine::AskIncidents>();
  REQUIRE(wanted != nullptr);
  CHECK(wanted->page == 3);
  CHECK(wanted->page_size == 200);
  counter.tell(engine::IncidentsShown{{incident}, 3, 200, 401});
  const Json list = said(page, 200);
  CHECK(list["data"]["incidents"] == Json::array({shown}));
  CHECK(list["pagination"] == Json::parse(R"({"page":3,"page_size":200,"total":401})"));
}

TEST_CASE("hostile texts are kept as what they are", "[api][hostile]") {
  const auto text = GENERATE(as<std::string>(), "'; DROP TABLE incidents; --", "=1+1",
                             "<script>alert(1)</script>", "../../etc/passwd", "{{7*7}}", "हिन्दी");
  Counter counter;
  counter.send(Role::staff, Method::post, "/api/staff/incidents/",
               Json{{"kind", "other"}, {"description", text}}.dump());
  const auto* asked = counter.asked<engine::NoteIncident>();
  REQUIRE(asked != nullptr);
  CHECK(asked->description == text);
}

TEST_CASE("a log is read by whole pages only", "[api][hostile]") {
  Counter counter;
  const auto* query = GENERATE("page=0", "page=-1", "page=x", "page_size=0", "page_size=201",
                               "page=1000001", "page=1&page=2", "q=x", "page=1%00");
  const Told told =
      counter.send(Role::staff, Method::get, std::string("/api/staff/incidents/?") + query);
  CHECK(said(told, 400)["code"] == "validation_failed");
}

}  // namespace
}  // namespace gatehouse::api
