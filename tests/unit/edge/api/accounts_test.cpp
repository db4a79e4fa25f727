// Registering, refreshing, signing out, passwords; users for administrators; a user's own.
#include "edge/api/account_form.hpp"
#include "tests/unit/edge/api/counter.hpp"

#include <nlohmann/json.hpp>

namespace gatehouse::api {
namespace {

using Json = nlohmann::json;
using store::Role;

Request as(Counter& counter, Role role, Method method, const std::string& target,
           const Json& body) {
  Request request = Counter::request(method, target, body.dump());
  request.headers.push_back({"Authorization", "Bearer " + counter.token(role)});
  return request;
}

/// What the engine was asked; nullptr: something else.
template <class Wanted>
const Wanted* asked_by_worker(const Counter& counter) {
  return std::get_if<Wanted>(&counter.told_to_engine);
}

engine::CallRefused refusal(engine::Refusal why) { return {.why = why, .bill = {}}; }

const store::User priya{.key = store::UserKey{9},
                        .username = "priya",
                        .role = Role::user,
                        .password_hash = "secret",
                        .email = "p@example.org",
                        .created_at = ten_o_clock};

TEST_CASE("anybody registers as a user, with a password that nobody guesses", "[api][accounts]") {
  Counter counter;
  const Response made = counter.send_and_wait(
      Counter::request(
          Method::post, "/api/auth/register/",
          R"({"username":"priya","password":"nine lives left","email":"p@example.org","phone":""})"),
      engine::AccountShown{priya});
  CHECK(made.status == 201);
  const Json data = Json::parse(made.body)["data"];
  CHECK(data["user_id"] == 9);
  CHECK(data["role"] == "USER");
  CHECK_FALSE(made.body.contains("secret"));
  const auto* const asked = asked_by_worker<engine::AddAccount>(counter);
  REQUIRE(asked != nullptr);
  CHECK(asked->user.role == Role::user);
  CHECK(asked->user.username == "priya");
  CHECK(is_password("nine lives left", asked->user.password_hash));

  const Response taken = counter.send_and_wait(
      Counter::request(Method::post, "/api/auth/register/",
                       R"({"username":"priya","password":"nine lives left"})"),
      std::unexpected(refusal(engine::Refusal::name_taken)));
  CHECK(taken.status == 409);
  CHECK(Json::parse(taken.body)["code"] == "name_taken");
}

TEST_CASE("a registration that cannot be is told what is wrong", "[api][accounts]") {
  Counter counter;
  const auto [body, member] = GENERATE(table<std::string, const char*>({
      {R"({"password":"nine lives left"})", "username"},
      {R"({"username":"two words","password":"nine lives left"})", "username"},
      {R"({"username":"erased:7","password":"nine lives left"})", "username"},
      {R"({"username":"priya","password":"short"})", "password"},
      {R"({"username":"priya","password":"Password123"})", "password"},
      {R"({"username":"priya.k.singh","password":"Priya.K.Singh"})", "password"},
      {R"({"username":"priya","password":1234567890123})", "password"},
      {R"({"username":"priya","password":"nine lives left","email":"nobody"})", "email"},
      {R"({"username":"priya","password":"nine lives left","email":"a b@c"})", "email"},
      {R"({"username":"priya","password":"nine lives left","phone":"call me"})", "phone"},
      {R"({"username":"priya","password":"nine lives left","role":"ADMIN"})", "role"},
  }));
  CAPTURE(body);
  const Response answer =
      counter.send_and_wait(Counter::request(Method::post, "/api/auth/register/", body));
  CHECK(answer.status == 400);
  CHECK(Json::parse(answer.body)["fields"].contains(member));
}

TEST_CASE("a refresh token is renewed once the engine has taken it", "[api][accounts]") {
  Counter counter;
  const TokenPair pair = counter.tokens.issue(counter.accounts.at(Role::staff));
  const std::string body = Json{{"refresh", pair.refresh}}.dump();
  const Request request = Counter::request(Method::post, "/api/auth/refresh/", body);
  const Response answer = counter.send_and_wait(request);
  CHECK(answer.status == 200);
  const auto* const asked = asked_by_worker<engine::Refresh>(counter);
  REQUIRE(asked != nullptr);
  CHECK(asked->user == store::UserKey{2});
  CHECK(asked->version == 3);
  CHECK(asked->presented_id == pair.refresh_id);
  CHECK(asked->issued.family == pair.family);
  const Json said = Json::parse(answer.body);
  CHECK(counter.tokens.read_refresh(said["refresh"].get<std::string>())->id ==
        asked->issued.refresh_id);
  CHECK(counter.tokens.read_access(said["access"].get<std::string>())->family == pair.family);

  const Response refused = counter.send_and_wait(request, engine::TokensRefused{});
  CHECK(refused.status == 401);
  CHECK(Json::parse(refused.body)["code"] == "bad_token");
  CHECK(find_header(refused.headers, "WWW-Authenticate") == "Bearer");
}

TEST_CASE("what is no refresh token of ours never reaches the engine", "[api][accounts]") {
  Counter counter;
  const std::string token = GENERATE_REF(
      std::string("forged"), counter.tokens.issue(counter.accounts.at(Role::user)).access,
      counter.tokens.issue({.key = store::UserKey{77}}).refresh);
  counter.told_to_engine = engine::AskShift{};
  const Response answer = counter.send_and_wait(
      Counter::request(Method::post, "/api/auth/refresh/", Json{{"refresh", token}}.dump()));
  CHECK(answer.status == 401);
  CHECK(asked_by_worker<engine::AskShift>(counter) != nullptr);
}

TEST_CASE("whoever signed in signs out, of the family of the token they show", "[api][accounts]") {
  Counter counter;
  const auto role = GENERATE(Role::user, Role::staff, Role::admin, Role::device);
  const Told told = counter.send(role, Method::post, "/api/auth/logout/");
  const auto* const asked = counter.asked<engine::SignOut>();
  REQUIRE(asked != nullptr);
  CHECK(counter.accounts.families.contains(asked->family));
  counter.tell(engine::SignedOut{});
  CHECK(told->at(0).status == 200);
}

TEST_CASE("a password is changed by whoever knows the old one", "[api][accounts]") {
  Counter counter;
  const auto change = [&](const std::string& before, const std::string& after) {
    return counter.send_and_wait(as(counter, Role::staff, Method::post, "/api/auth/password/",
                                    {{"old_password", before}, {"new_password", after}}));
  };
  const Response changed = change(right_password, "nine lives left");
  CHECK(changed.status == 200);
  const auto* const asked = asked_by_worker<engine::ChangePassword>(counter);
  REQUIRE(asked != nullptr);
  CHECK(asked->user == store::UserKey{2});
  CHECK(asked->version == 3);
  CHECK(is_password("nine lives left", asked->password_hash));
  const Json said = Json::parse(changed.body);
  const auto claims = counter.tokens.read_access(said["access"].get<std::string>()).value();
  CHECK(claims.version == 4);
  CHECK(claims.family == asked->issued.family);

  CHECK(change(right_password, "short").status == 400);
  CHECK(change(right_password, "password123").status == 400);
  for (int i = 0; i < 5; ++i) CHECK(change("not the password", "nine lives left").status == 401);
  CHECK(change(right_password, "nine lives left").status == 429);
}

TEST_CASE("administrators make accounts of every role", "[api][accounts]") {
  Counter counter;
  const Response made =
      counter.send_and_wait(as(counter, Role::admin, Method::post, "/api/admin/users/",
                               {{"username", "reader2"},
                                {"password", "nine lives left"},
                                {"role", "device"},
                                {"gate", "EXIT_GATE_01"}}),
                            engine::AccountShown{{.key = store::UserKey{9},
                                                  .username = "reader2",
                                                  .role = Role::device,
                                                  .gate = "EXIT_GATE_01"}});
  CHECK(made.status == 201);
  CHECK(Json::parse(made.body)["data"]["gate"] == "EXIT_GATE_01");
  const auto* const asked = asked_by_worker<engine::AddAccount>(counter);
  REQUIRE(asked != nullptr);
  CHECK(asked->user.role == Role::device);
  CHECK(asked->user.gate == "EXIT_GATE_01");

  const auto [body, member] = GENERATE(table<Json, const char*>({
      {{{"username", "x"}, {"password", "nine lives left"}}, "role"},
      {{{"username", "x"}, {"password", "nine lives left"}, {"role", "BOSS"}}, "role"},
      {{{"username", "x"}, {"role", "STAFF"}}, "password"},
      {{{"username", "x"}, {"password", "nine lives left"}, {"role", "STAFF"}, {"may_refund", 1}},
       "may_refund"},
  }));
  CAPTURE(body.dump());
  const Response refused =
      counter.send_and_wait(as(counter, Role::admin, Method::post, "/api/admin/users/", body));
  CHECK(refused.status == 400);
  CHECK(Json::parse(refused.body)["fields"].contains(member));
}

TEST_CASE("a device stands at a gate that is there", "[api][accounts]") {
  Counter counter;
  const Json body = {
      {"username", "x"}, {"password", "nine lives left"}, {"role", "DEVICE"}, {"gate", "NOWHERE"}};
  const Response refused =
      counter.send_and_wait(as(counter, Role::admin, Method::post, "/api/admin/users/", body));
  CHECK(refused.status == 404);
  CHECK(Json::parse(refused.body)["code"] == "gate_not_found");
}

TEST_CASE("administrators change what they name and nothing else", "[api][accounts]") {
  Counter counter;
  const Response saved =
      counter.send_and_wait(as(counter, Role::admin, Method::patch, "/api/admin/users/9/",
                               {{"disabled", true}, {"email", ""}, {"may_terminate", false}}),
                            engine::AccountShown{priya});
  CHECK(saved.status == 200);
  const auto* const asked = asked_by_worker<engine::EditAccount>(counter);
  REQUIRE(asked != nullptr);
  CHECK(asked->user == store::UserKey{9});
  CHECK(asked->edit.disabled == true);
  CHECK(asked->edit.email == "");
  CHECK(asked->edit.may_terminate == false);
  CHECK_FALSE(asked->edit.may_refund);
  CHECK_FALSE(asked->edit.role);
  CHECK_FALSE(asked->edit.phone_number);
  CHECK_FALSE(asked->edit.password_hash);

  const Response last = counter.send_and_wait(
      as(counter, Role::admin, Method::patch, "/api/admin/users/1/", {{"disabled", true}}),
      std::unexpected(refusal(engine::Refusal::last_administrator)));
  CHECK(last.status == 409);
  CHECK(Json::parse(last.body)["code"] == "last_administrator");
  for (const char* id : {"x", "0", "-1", "9x", "99999999999999999999"}) {
    CHECK(counter
              .send_and_wait(as(counter, Role::admin, Method::patch,
                                std::string("/api/admin/users/") + id + "/", Json::object()))
              .status == 404);
  }
}

TEST_CASE("a password that an administrator sets is not the name either", "[api][accounts]") {
  Counter counter;
  counter.accounts.at(Role::staff).username = "forecourt-desk";
  const auto set = [&](const std::string& password, const std::string& user) {
    return counter
        .send_and_wait(as(counter, Role::admin, Method::patch, "/api/admin/users/" + user + "/",
                          {{"password", password}}),
                       engine::AccountShown{})
        .status;
  };
  CHECK(set("Forecourt-Desk", "2") == 400);
  CHECK(set("forecourt-desk", "3") == 200);
}

TEST_CASE("a deleted account is told from a disabled one", "[api][accounts]") {
  Counter counter;
  const bool was_deleted = GENERATE(true, false);
  const Told told = counter.send(Role::admin, Method::delete_, "/api/admin/users/9/");
  REQUIRE(counter.asked<engine::RemoveAccount>() != nullptr);
  counter.tell(engine::AccountRemoved{priya, was_deleted});
  CHECK(told->at(0).status == 200);
  CHECK(Json::parse(told->at(0).body)["data"]["deleted"] == was_deleted);
}

TEST_CASE("users change their own address, vehicles and bookings", "[api][accounts]") {
  Counter counter;
  Told told =
      counter.send(Role::user, Method::patch, "/api/user/profile/", R"({"email":"p@example.org"})");
  const auto* const edit = counter.asked<engine::EditAccount>();
  REQUIRE(edit != nullptr);
  CHECK(edit->user == store::UserKey{3});
  CHECK(edit->edit.email == "p@example.org");
  CHECK_FALSE(edit->edit.phone_number);
  counter.tell(engine::AccountShown{priya});
  CHECK_FALSE(Json::parse(told->at(0).body)["data"].contains("disabled"));
  CHECK(counter.send(Role::user, Method::patch, "/api/user/profile/", R"({"role":"ADMIN"})")
            ->at(0)
            .status == 400);

  told = counter.send(Role::user, Method::post, "/api/user/vehicles/",
                      R"({"vehicle_number":"dl-01-ab-1234","name":"red"})");
  const auto* const kept = counter.asked<engine::KeepVehicle>();
  REQUIRE(kept != nullptr);
  CHECK(kept->vehicle.text() == "DL01AB1234");
  counter.tell(engine::VehicleKept{{.vehicle = kept->vehicle, .name = "red"}, true});
  CHECK(told->at(0).status == 201);

  told =
      counter.send(Role::user, Method::delete_, "/api/user/vehicles/?vehicle_number=DL-01-AB-1234");
  REQUIRE(counter.asked<engine::DropVehicle>() != nullptr);
  counter.tell(engine::VehicleDropped{});
  CHECK(told->at(0).status == 200);

  const std::string session = "/api/user/sessions/00000000-0000-4000-8000-000000000001/";
  told = counter.send(Role::user, Method::patch, session, R"({"phone_number":"+91 98100"})");
  const auto* const booking = counter.asked<engine::EditBooking>();
  REQUIRE(booking != nullptr);
  CHECK(booking->phone_number == "+91 98100");
  CHECK_FALSE(booking->vehicle);
  counter.tell(engine::BookingEdited{.session_id = "s", .phone_number = "+91 98100"});
  CHECK(told->at(0).status == 200);
  CHECK(counter.send(Role::user, Method::patch, session, "{}")->at(0).status == 400);
  CHECK(counter.send(Role::user, Method::patch, "/api/user/sessions/17/", "{}")->at(0).status ==
        404);
}

TEST_CASE("an erasure names one person and a reason", "[api][accounts]") {
  Counter counter;
  const Told told = counter.send(Role::admin, Method::post, "/api/admin/erasures/",
                                 R"({"vehicle_number":"DL01AB1234","reason":"asked"})");
  const auto* const asked = counter.asked<engine::Erase>();
  REQUIRE(asked != nullptr);
  CHECK(std::holds_alternative<VehicleNumber>(asked->whose));
  counter.tell(engine::DataErased{{.id = "e", .by_name = "admin", .sessions = 3}});
  CHECK(told->at(0).status == 201);
  CHECK(Json::parse(told->at(0).body)["data"]["sessions"] == 3);

  const auto* const body = GENERATE(
      R"({"reason":"asked"})", R"({"user_id":7})", R"({"user_id":7,"vehicle_number":"DL01AB1234",
      "reason":"asked"})",
      R"({"session_id":"nonsense","reason":"asked"})", R"({"user_id":"x","reason":"asked"})");
  CAPTURE(body);
  CHECK(counter.send(Role::admin, Method::post, "/api/admin/erasures/", body)->at(0).status == 400);
}

TEST_CASE("a role is read in whatever letters", "[api][accounts]") {
  CHECK(parse_role_word("STAFF") == Role::staff);
  CHECK(parse_role_word("device") == Role::device);
  CHECK_FALSE(parse_role_word("PUBLIC"));
}

}  // namespace
}  // namespace gatehouse::api
