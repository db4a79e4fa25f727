// The older forms of a counter: what is asked of the engine, and how its answer looks
// (docs/contract/http.md).
#include "tests/unit/edge/api/bills.hpp"
#include "tests/unit/edge/api/said.hpp"

#include <nlohmann/json.hpp>

namespace gatehouse::api {
namespace {

using Json = nlohmann::json;
using store::Role;

const engine::TicketIssued ticket{.session_id = uuid,
                                  .code = code,
                                  .vehicle_number = "DL01AB1234",
                                  .slot = "A-001",
                                  .zone_name = "Zone A"};

TEST_CASE("a ticket at the counter is asked for and shown, at all its addresses",
          "[api][older-forms]") {
  Counter counter;
  const auto* address =
      GENERATE("/parking/entry/", "/parking/entry", "/api/parking/book/", "/api/parking/book-old/");
  const Told told = counter.send(
      Role::staff, Method::post, address,
      R"({"vehicle_number":"dl-01-ab-1234","owner_name":" John Doe ","zone_id":"B","hours":2})");
  CHECK(told->empty());
  const auto* asked = counter.asked<engine::IssueTicket>();
  REQUIRE(asked != nullptr);
  CHECK(asked->vehicle.text() == "DL01AB1234");
  CHECK(asked->owner_name == "John Doe");
  CHECK(asked->zone == ZoneIndex(1));
  CHECK_FALSE(asked->gate);
  CHECK(counter.call->actor.user == store::UserKey{2});
  CHECK(counter.call->actor.name == "staff1");
  counter.tell(ticket);
  CHECK(said(told, 200) == Json::parse(R"({"success":true,"message":"Slot allocated: A-001","data":{
      "session_id":")" + uuid + R"(","qr_code":")" +
                                       code + R"(","slot_number":"A-001",
      "zone_name":"Zone A","vehicle_number":"DL01AB1234"}})"));
}

TEST_CASE("a ticket may be asked for with a form", "[api][older-forms]") {
  Counter counter;
  Request request = Counter::request(Method::post, "/parking/entry/");
  request.headers.push_back({"Authorization", "Bearer " + counter.token(Role::staff)});
  request.headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
  request.body = "vehicle_number=MH-02-CD-5678&owner_name=Priya+Singh&zone_id=A&csrf=x";
  counter.send(std::move(request));
  const auto* asked = counter.asked<engine::IssueTicket>();
  REQUIRE(asked != nullptr);
  CHECK(asked->vehicle.text() == "MH02CD5678");
  CHECK(asked->owner_name == "Priya Singh");
}

TEST_CASE("a zone that the lot does not have is not found", "[api][older-forms]") {
  Counter counter;
  const Told told = counter.send(Role::staff, Method::post, "/parking/entry/",
                                 R"({"vehicle_number":"DL01AB1234","owner_name":"x","zone_id":9})");
  const Json body = said(told, 404);
  CHECK(body["code"] == "zone_not_found");
  CHECK(body["error"] == "Zone not found");
}

Request form_of_staff(Counter& counter, const char* address, std::string body) {
  Request request = Counter::request(Method::post, address);
  request.headers.push_back({"Authorization", "Bearer " + counter.token(Role::staff)});
  request.headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
  request.body = std::move(body);
  return request;
}

TEST_CASE("a ticket is scanned in with a form, at all its addresses", "[api][older-forms]") {
  Counter counter;
  const auto* address = GENERATE("/parking/entry-qr-scan/", "/entry-qr-scan/",
                                 "/api/parking/scan-entry/", "/api/parking/scan-entry-old/");
  const Told told = counter.send(form_of_staff(counter, address, "qr_code=PARK-1&other=x"));
  const auto* asked = counter.asked<engine::Enter>();
  REQUIRE(asked != nullptr);
  CHECK(asked->ticket.code == "PARK-1");
  CHECK_FALSE(asked->vehicle);
  CHECK_FALSE(asked->gate);
  counter.tell(engine::Entered{uuid, "DL01AB1234", ten_o_clock, "A-001", "Zone A"});
  CHECK(said(told, 200)["message"] == "Entry QR scanned successfully");
}

TEST_CASE("a ticket is scanned out with a form, at all its addresses", "[api][older-forms]") {
  Counter counter;
  const auto* address = GENERATE("/parking/exit-qr-scan/", "/exit-qr-scan/",
                                 "/api/parking/scan-exit/", "/api/parking/scan-exit-old/");
  const Told told =
      counter.send(form_of_staff(counter, address, "qr_code=PARK-1&payment_method=CASH"));
  const auto* asked = counter.asked<engine::Leave>();
  REQUIRE(asked != nullptr);
  CHECK(std::get<engine::ByCode>(asked->which).code == "PARK-1");
  CHECK(asked->method == PaymentMethod::cash);
  CHECK_FALSE(asked->gate);
  counter.tell(three_hours());
  CHECK(said(told, 200)["data"]["session_id"] == three_hours().session_id);
}

TEST_CASE("an older form names what is missing, and how to pay", "[api][older-forms]") {
  Counter counter;
  const auto [body, word] = GENERATE(table<std::string, std::string>({
      {"payment_method=CASH", "validation_failed"},
      {"qr_code=PARK-1", "validation_failed"},
      {"qr_code=PARK-1&payment_method=CARD", "invalid_payment_method"},
      {"qr_code=PARK-1&qr_code=PARK-2&payment_method=CASH", "validation_failed"},
  }));
  const Told told = counter.send(form_of_staff(counter, "/parking/exit-qr-scan/", body));
  CHECK(said(told, 400)["code"] == word);
  CHECK(counter.asked<engine::Leave>() == nullptr);
}

TEST_CASE("the older forms know no conflict", "[api][older-forms]") {
  Counter counter;
  const auto why = GENERATE(engine::Refusal::zone_full, engine::Refusal::vehicle_inside);
  const Told told =
      counter.send(Role::staff, Method::post, "/parking/entry/",
                   R"({"vehicle_number":"DL01AB1234","owner_name":"x","zone_id":"A"})");
  REQUIRE(counter.asked<engine::IssueTicket>() != nullptr);
  counter.tell(std::unexpected(engine::CallRefused{why, {}}));
  CHECK(said(told, 400)["code"] == std::string(name(why)));
}

}  // namespace
}  // namespace gatehouse::api
