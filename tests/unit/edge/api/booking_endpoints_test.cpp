// Booking a slot over HTTP: who may, what is checked, how the answer looks (docs/contract/http.md,
// "User", "Booking by guests").
#include "tests/unit/edge/api/said.hpp"

#include <nlohmann/json.hpp>

namespace gatehouse::api {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;
using store::Role;

const std::string uuid = "0b9f3a52-6a0e-4f0e-9d55-0123456789ab";
const std::string user_path = "/api/user/book-slot/";
const std::string guest_path = "/parking/api/booking/create/";

engine::BookingMade unpaid() {
  return {.session_id = uuid,
          .code = "PARK-0123456789ABCDEFGHJKMNPQRS-TVWXYZ01",
          .qr_svg = "<svg/>",
          .slot = "A-001",
          .zone_name = "Zone A",
          .vehicle_number = "DL01AB1234",
          .state = SessionState::pending_payment,
          .amount = Paise(5'050),
          .expires_at = ten_o_clock + 5min,
          .payment = engine::PaymentAsked{.payment_id = uuid,
                                          .provider = "razorpay",
                                          .state = PaymentState::creating,
                                          .order_id = "",
                                          .amount = Paise(5'050),
                                          .expires_at = ten_o_clock + 5min}};
}

TEST_CASE("a user books a slot and is told what to pay", "[api][booking]") {
  Counter counter;
  const Told told = counter.send(
      Role::user, Method::post, user_path,
      R"({"zone_id":"A","vehicle_number":"dl-01-ab-1234","owner_name":"Priya Singh","hours":3,"provider":"phonepe"})");
  const auto* asked = counter.asked<engine::BookSlot>();
  REQUIRE(asked != nullptr);
  CHECK(asked->vehicle.text() == "DL01AB1234");
  CHECK(asked->hours == 3h);
  CHECK(asked->provider == "phonepe");
  CHECK(asked->booker);
  CHECK(asked->source.empty());
  counter.tell(unpaid());
  const Json body = said(told, 201);
  CHECK(body["message"] == "Slot allocated: A-001");
  const Json& data = body["data"];
  CHECK(data["booking_id"] == uuid);
  CHECK(data["session_id"] == uuid);
  CHECK(data["status"] == "PENDING_PAYMENT");
  CHECK(data["amount"] == 50.5);
  CHECK(data["payment"]["status"] == "CREATING");
  CHECK(data["payment"]["amount_paise"] == 5'050);
  CHECK_FALSE(data["payment"].contains("order_id"));
}

TEST_CASE("a guest books without an account, for the network they ask from", "[api][booking]") {
  Counter counter;
  const Told told = counter.send(Counter::request(
      Method::post, guest_path,
      R"({"zone_id":"A","vehicle_number":"DL01AB1234","owner_name":"A guest","phone_number":"+91 99999 99999"})"));
  const auto* asked = counter.asked<engine::BookSlot>();
  REQUIRE(asked != nullptr);
  CHECK_FALSE(asked->booker);
  CHECK(asked->source == "203.0.113.9");
  CHECK_FALSE(asked->hours);
  engine::BookingMade booked = unpaid();
  booked.state = SessionState::booked;
  booked.payment.reset();
  counter.tell(booked);
  CHECK_FALSE(said(told, 201)["data"].contains("payment"));
}

TEST_CASE("too many unpaid bookings are told when to come again", "[api][booking]") {
  Counter counter;
  const Told told =
      counter.send(Role::user, Method::post, user_path,
                   R"({"zone_id":"A","vehicle_number":"DL01AB1234","owner_name":"Priya Singh"})");
  REQUIRE(counter.asked<engine::BookSlot>() != nullptr);
  counter.tell(std::unexpected(engine::CallRefused{engine::Refusal::too_many_holds, {}}));
  CHECK(said(told, 429)["code"] == "too_many_holds");
  CHECK(find_header(told->front().headers, "Retry-After"));
}

TEST_CASE("a booking names what is wrong with it", "[api][booking]") {
  const auto [member, body] = GENERATE(table<std::string, std::string>({
      {"vehicle_number", R"({"zone_id":"A","owner_name":"x"})"},
      {"owner_name", R"({"zone_id":"A","vehicle_number":"DL01AB1234"})"},
      {"hours", R"({"zone_id":"A","vehicle_number":"DL01AB1234","owner_name":"x","hours":0})"},
      {"hours", R"({"zone_id":"A","vehicle_number":"DL01AB1234","owner_name":"x","hours":73})"},
      {"hours", R"({"zone_id":"A","vehicle_number":"DL01AB1234","owner_name":"x","hours":1.5})"},
      {"provider",
       R"({"zone_id":"A","vehicle_number":"DL01AB1234","owner_name":"x","provider":"bank"})"},
      {"phone_number",
       R"({"zone_id":"A","vehicle_number":"DL01AB1234","owner_name":"x","phone_number":"=1+1"})"},
      {"phone_number",
       R"({"zone_id":"A","vehicle_number":"DL01AB1234","owner_name":"x","phone_number":"+91 2"})"},
      {"user", R"({"zone_id":"A","vehicle_number":"DL01AB1234","owner_name":"x","user":1})"},
  }));
  CAPTURE(body);
  Counter counter;
  const Told told = counter.send(Role::user, Method::post, user_path, body);
  CHECK(said(told, 400)["fields"].contains(member));
  CHECK(counter.asked<engine::BookSlot>() == nullptr);
}

TEST_CASE("a zone that is not there is not found", "[api][booking]") {
  Counter counter;
  const Told told =
      counter.send(Role::user, Method::post, user_path,
                   R"({"zone_id":"Z","vehicle_number":"DL01AB1234","owner_name":"x"})");
  CHECK(said(told, 404)["code"] == "zone_not_found");
}

}  // namespace
}  // namespace gatehouse::api
