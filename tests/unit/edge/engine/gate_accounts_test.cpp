// Accounts and their tokens: signed in, refreshed, signed out, changed, erased
// (docs/contract/http.md, "Accounts", "Admin").
#include "tests/unit/edge/engine/account_lot.hpp"

using namespace gatehouse;
using namespace gatehouse::engine;
using namespace gatehouse::engine::tests;

TEST_CASE("tokens open until their bearer signs out", "[engine][gate][accounts]") {
  AccountLot at;
  const Token one = at.sign_in(at.staff);
  const Token other = at.sign_in(at.staff);
  CHECK(at.opens(one));
  CHECK(is<SignedOut>(at.lot.ask(SignOut{one.issued.family})));
  CHECK_FALSE(at.opens(one));
  CHECK(at.opens(other));
  CHECK_FALSE(at.refresh(one));
  at.lot.restart();
  CHECK_FALSE(at.opens(one));
  CHECK(at.opens(other));
}

TEST_CASE("a refresh token is good once; used twice it ends its whole family",
          "[engine][gate][accounts]") {
  AccountLot at;
  const Token first = at.sign_in(at.staff);
  const Token bystander = at.sign_in(at.staff);
  const Token second = at.refresh(first).value();
  CHECK(at.opens(second));
  CHECK(at.opens(first));  // its access token is of the same family
  CHECK_FALSE(at.refresh(first));
  CHECK_FALSE(at.opens(first));
  CHECK_FALSE(at.opens(second));
  CHECK_FALSE(at.refresh(second));
  CHECK(at.opens(bystander));
  CHECK(at.lot.books().families.find(first.issued.family)->end == store::FamilyEnd::reused);
}

TEST_CASE("whose password was changed meanwhile does not come in by the old one",
          "[engine][gate][accounts]") {
  AccountLot at;
  const Token before = at.sign_in(at.staff);
  const std::uint32_t version = at.user(at.staff).version;
  const TokenIssued anew = at.next();
  CHECK(is<TokensIssued>(at.lot.ask(ChangePassword{at.staff, version, "new hash", anew})));
  CHECK(at.user(at.staff).password_hash == "new hash");
  CHECK_FALSE(at.opens(before));
  CHECK(at.opens({at.staff, version + 1, anew}));
  // What was checked before the change is of no use after it.
  CHECK(is<TokensRefused>(at.lot.ask(SignIn{at.staff, version, at.next()})));
  CHECK(is<TokensRefused>(at.lot.ask(ChangePassword{at.staff, version, "late hash", at.next()})));
  CHECK(at.user(at.staff).password_hash == "new hash");
}

TEST_CASE("nobody signs in without end", "[engine][gate][accounts]") {
  AccountLot at;
  const Token first = at.sign_in(at.staff);
  for (int i = 0; i < 49; ++i) at.sign_in(at.staff);
  CHECK(at.opens(first));
  at.sign_in(at.staff);
  CHECK_FALSE(at.opens(first));
}

TEST_CASE("families are forgotten a week after their last token expired",
          "[engine][gate][accounts]") {
  AccountLot at;
  const Token token = at.sign_in(at.staff);
  at.lot.advance(std::chrono::days(14));
  CHECK(at.lot.books().families.find(token.issued.family));
  at.lot.advance(2s);
  at.lot.advance(2s);
  CHECK_FALSE(at.lot.books().families.find(token.issued.family));
}

TEST_CASE("the last administrator who can sign in stays one", "[engine][gate][accounts]") {
  AccountLot at;
  const store::UserKey admin = at.add("admin", store::Role::admin);
  const auto refuses = [&](const Said& said) {
    return at.lot.is_refused(said, Refusal::last_administrator);
  };
  CHECK(refuses(at.edit(admin, {.disabled = true})));
  CHECK(refuses(at.edit(admin, {.role = store::Role::staff})));
  CHECK(refuses(at.lot.ask(RemoveAccount{admin})));
  CHECK(refuses(at.lot.ask(Erase{admin, "asked"})));
  CHECK(is<AccountShown>(at.edit(admin, {.email = "admin@example.org"})));
  const store::UserKey second = at.add("second", store::Role::admin);
  CHECK(is<AccountShown>(at.edit(admin, {.disabled = true})));
  CHECK(refuses(at.edit(second, {.disabled = true})));
  CHECK(is<AccountRemoved>(at.lot.ask(RemoveAccount{admin})));
}

TEST_CASE("an account is changed as asked, and loses its tokens where it is another then",
          "[engine][gate][accounts]") {
  AccountLot at;
  const Token token = at.sign_in(at.staff);
  SECTION("rights, addresses and numbers are read at every request") {
    const Said said = at.edit(at.staff, {.may_refund = true, .phone_number = "+91 11"});
    CHECK(std::get<AccountShown>(said.value()).user.may_refund);
    CHECK(at.user(at.staff).phone_number == "+91 11");
    CHECK(at.opens(token));
  }
  SECTION("another role") {
    at.edit(at.staff, {.may_refund = true});
    CHECK(is<AccountShown>(at.edit(at.staff, {.role = store::Role::user})));
    CHECK_FALSE(at.opens(token));
    CHECK_FALSE(at.user(at.staff).may_refund);
  }
  SECTION("disabled, and enabled again") {
    at.edit(at.staff, {.disabled = true});
    CHECK_FALSE(at.opens(token));
    at.edit(at.staff, {.disabled = false});
    CHECK_FALSE(at.opens(token));
  }
  SECTION("a new password") {
    at.edit(at.staff, {.password_hash = "another"});
    CHECK_FALSE(at.opens(token));
  }
  SECTION("what cannot be") {
    CHECK(at.lot.is_refused(at.edit(at.staff, {.gate = "ENTRY_GATE_01"}), Refusal::gate_mismatch));
    CHECK(at.lot.is_refused(at.edit(at.staff, {.role = store::Role::device}),
                            Refusal::gate_mismatch));
    const store::UserKey user = at.add("priya");
    CHECK(at.lot.is_refused(at.edit(user, {.may_refund = true}), Refusal::not_staff));
    CHECK(at.lot.is_refused(at.edit(store::UserKey{99}, {}), Refusal::not_found));
    CHECK(at.opens(token));
  }
  SECTION("a name that is taken") {
    CHECK(at.lot.is_refused(at.lot.ask(AddAccount{{.username = "staff1", .password_hash = "x"}}),
                            Refusal::name_taken));
  }
}

TEST_CASE("an account with a history is disabled, one without is deleted",
          "[engine][gate][accounts]") {
  AccountLot at;
  at.lot.ask(OpenShift{Paise(0)});
  const auto removed = std::get<AccountRemoved>(at.lot.ask(RemoveAccount{at.staff}).value());
  CHECK_FALSE(removed.was_deleted);
  CHECK(at.user(at.staff).disabled);
  const store::UserKey user = at.add("priya");
  at.sign_in(user);
  CHECK(std::get<AccountRemoved>(at.ask_as({}, RemoveAccount{user}).value()).was_deleted);
  CHECK_FALSE(at.lot.books().accounts.find(user));
  CHECK(at.lot.is_refused(at.ask_as({}, RemoveAccount{user}), Refusal::not_found));
}

TEST_CASE("whose account went, or was disabled, before their call's turn does nothing",
          "[engine][gate][accounts]") {
  AccountLot at;
  const store::UserKey user = at.add("priya");
  const bool is_deleted = GENERATE(true, false);
  if (is_deleted) {
    REQUIRE(std::get<AccountRemoved>(at.ask_as({}, RemoveAccount{user}).value()).was_deleted);
  } else {
    REQUIRE(at.edit(user, {.disabled = true}));
  }
  const VehicleNumber plate = VehicleNumber::parse("DL-01-AB-1234").value();
  CHECK(is<TokensRefused>(at.ask_as(user, KeepVehicle{plate, "red"})));
  CHECK(is<TokensRefused>(at.ask_as(user, OpenShift{Paise(0)})));
  CHECK(is<TokensRefused>(at.ask_as(user, IssueTicket{.vehicle = plate,
                                                      .owner_name = {},
                                                      .phone_number = {},
                                                      .zone = at.lot.zone("A"),
                                                      .gate = {}})));
  CHECK(at.lot.number("SELECT count(*) FROM sessions") == 0);
  CHECK(at.lot.ask(OpenShift{Paise(0)}));
  CHECK(at.lot.violations() == "");
}

TEST_CASE("a user keeps vehicles, each once", "[engine][gate][accounts]") {
  AccountLot at;
  const VehicleNumber plate = VehicleNumber::parse("DL-01-AB-1234").value();
  CHECK(std::get<VehicleKept>(at.lot.ask(KeepVehicle{plate, "red"}).value()).is_new);
  const auto again = std::get<VehicleKept>(at.lot.ask(KeepVehicle{plate, "blue"}).value());
  CHECK_FALSE(again.is_new);
  CHECK(again.kept.name == "blue");
  for (int i = 1; i < 20; ++i) {
    const auto number = VehicleNumber::parse("KA05MM" + std::to_string(1000 + i)).value();
    CHECK(at.lot.ask(KeepVehicle{number, ""}));
  }
  const VehicleNumber one_more = VehicleNumber::parse("KA05MM0001").value();
  CHECK(at.lot.is_refused(at.lot.ask(KeepVehicle{one_more, ""}), Refusal::too_many_vehicles));
  CHECK(at.lot.ask(DropVehicle{plate}));
  CHECK(at.lot.is_refused(at.lot.ask(DropVehicle{plate}), Refusal::not_found));
  CHECK(at.lot.ask(KeepVehicle{one_more, ""}));
}

TEST_CASE("a booking's vehicle and telephone change until it has entered",
          "[engine][gate][accounts]") {
  AccountLot at;
  const std::string code = at.lot.ticket("A", "DL01AB1234");
  at.lot.ticket("A", "DL01AB9999");
  const std::string id = at.lot.session(code).id;
  const auto plate = [](const char* text) { return VehicleNumber::parse(text).value(); };
  const auto edited =
      std::get<BookingEdited>(at.lot.ask(EditBooking{{id}, plate("KA05MM0007"), "+91 98"}).value());
  CHECK(edited.vehicle_number == "KA05MM0007");
  CHECK(at.lot.session(code).phone_number == "+91 98");
  CHECK(at.lot.is_refused(at.lot.ask(EditBooking{{id}, plate("DL01AB9999"), {}}),
                          Refusal::vehicle_inside));
  CHECK(at.lot.ask(EditBooking{{id}, plate("KA05MM0007"), {}}));  // it is its own
  const std::string unknown = "00000000-0000-4000-8000-000000000000";
  CHECK(at.lot.is_refused(at.lot.ask(EditBooking{{unknown}, {}, "1"}), Refusal::invalid_qr));
  const std::string pressed = at.lot.booking({});  // nobody's account made it
  const std::string others = at.lot.session(pressed).id;
  CHECK(at.lot.is_refused(at.lot.ask(EditBooking{{others}, {}, "1"}), Refusal::invalid_qr));
  at.lot.is_administrator = true;
  CHECK(at.lot.ask(EditBooking{{others}, {}, "+91 99"}));
  at.lot.scan("ENTRY_GATE_01", pressed);
  CHECK(at.lot.is_refused(at.lot.ask(EditBooking{{others}, {}, "1"}), Refusal::already_entered));
}

TEST_CASE("a person's data is erased an hour after their last stay at the earliest",
          "[engine][gate][accounts]") {
  AccountLot at;
  const std::string code = at.lot.parked();
  const store::Session session = at.lot.session(code);
  const Erase asked{ById{session.id}, "asked in writing"};
  CHECK(at.lot.is_refused(at.lot.ask(asked), Refusal::session_open));
  at.lot.advance(50min);
  REQUIRE(at.lot.leave(code));
  at.lot.advance(59min);
  CHECK(at.lot.is_refused(at.lot.ask(asked), Refusal::session_open));
  at.lot.advance(1min);
  const auto erased = std::get<DataErased>(at.lot.ask(asked).value()).erasure;
  CHECK(erased.sessions == 1);
  CHECK(erased.by_name == "staff1");
  CHECK_FALSE(at.lot.session(code).vehicle);
  CHECK(at.lot.session(code).owner_name.empty());
  CHECK(at.lot.payments(code).size() == 1);
  CHECK(at.lot.violations() == "");
  CHECK(at.lot.is_refused(at.lot.ask(Erase{store::UserKey{99}, "x"}), Refusal::not_found));
  CHECK(at.lot.is_refused(at.lot.ask(Erase{ById{"4711"}, "x"}), Refusal::invalid_qr));
}

TEST_CASE("nor are tickets of the counter, once who issued them is no member of staff any more",
          "[engine][gate][accounts]") {
  AccountLot at;
  const std::string code = at.lot.ticket();
  REQUIRE(at.edit(at.staff, {.role = store::Role::user}));
  const store::UserKey admin = at.add("admin", store::Role::admin);
  at.lot.advance(std::chrono::hours(24));
  const Said said = at.ask_as(admin, Erase{at.staff, "left"});
  CHECK(std::get<DataErased>(said.value()).erasure.sessions == 0);
  CHECK(at.lot.session(code).owner_name == "A driver");
}

TEST_CASE("what staff made for others is not erased with their account",
          "[engine][gate][accounts]") {
  AccountLot at;
  const std::string code = at.lot.ticket();
  at.lot.advance(std::chrono::hours(24));
  const auto erased = std::get<DataErased>(at.lot.ask(Erase{at.staff, "left"}).value()).erasure;
  CHECK(erased.sessions == 0);
  CHECK(at.lot.session(code).owner_name == "A driver");
  CHECK(at.user(at.staff).username.starts_with("erased:"));
}
