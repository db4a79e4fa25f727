// What the audit's chain says that somebody did: to what, with which sums, what was there before;
// and that nobody fills it.
#include "tests/unit/edge/engine/account_lot.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::engine;
using namespace gatehouse::engine::tests;

namespace {

const Origin by_admin{.action = "POST /api/admin/x/", .role = "ADMIN", .address = "203.0.113.9"};
const Origin by_user{.action = "POST /api/user/x/", .role = "USER", .address = "203.0.113.9"};
const Origin by_device{.action = "POST /x/", .role = "DEVICE", .address = "203.0.113.9"};

struct Row {
  std::string targets;
  std::string detail;
  bool operator==(const Row&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.targets << " | " << row.detail;
}

struct AuditLot : AccountLot {
  Said ask(decltype(Call::what) what, const Origin& from = by_admin) {
    static std::uint64_t ids = 2'000'000;
    REQUIRE(lot.inbox().put(CallMade{std::make_shared<const Call>(Call{.id = ++ids,
                                                                       .actor = who,
                                                                       .what = std::move(what),
                                                                       .received = lot.clock.now(),
                                                                       .from = from})}));
    lot.turn();
    return lot.answers.back()->result;
  }
  /// The newest row of a call.
  Row row() {
    const std::string of =
        " FROM audit_log WHERE action NOT LIKE 'gatehouse%' "
        "ORDER BY sequence DESC LIMIT 1";
    return {lot.text("SELECT targets" + of), lot.text("SELECT detail" + of)};
  }
  Row told(decltype(Call::what) what, const Origin& from = by_admin) {
    const Said said = ask(std::move(what), from);
    CAPTURE(said ? std::string("done") : std::string(name(said.error().why)));
    CHECK(said);
    return row();
  }
  std::int64_t rows(const std::string& outcome) {
    return lot.number("SELECT count(*) FROM audit_log WHERE outcome = '" + outcome + "'");
  }
  std::int64_t times(const std::string& outcome) {
    return lot.number("SELECT coalesce(sum(times), 0) FROM audit_log WHERE outcome = '" + outcome +
                      "' AND action NOT LIKE 'gatehouse%'");
  }

  Actor who{staff, "staff1", true};
};

std::string key_text(store::UserKey key) { return std::to_string(std::to_underlying(key)); }

}  // namespace

TEST_CASE("a refund is told with its payment and its sum", "[gates][audit]") {
  AuditLot audit;
  GateLot& lot = audit.lot;
  const std::string code = lot.parked();
  lot.advance(50min);
  REQUIRE(lot.leave(code, {.amount = Paise(5'000)}));
  audit.ask(OpenShift{Paise(100'000)});
  const store::Payment payment = lot.payments(code).front();
  const std::string session = lot.session(code).id;
  const Row row = audit.told(MakeRefund{payment.id, Paise(2'000), "The lift was broken"});
  CHECK(row.targets == "payment " + payment.id + " refund " + lot.text("SELECT id FROM refunds") +
                           " session " + session);
  CHECK(row.detail.starts_with("asked 20.00; because: The lift was broken; CASH; refund 20.00"));
  // What was refused names what is there, and nothing that was only typed.
  audit.ask(MakeRefund{"whatever I like", Paise(2'000), "x"});
  CHECK(audit.row() == Row{"", "asked 20.00; because: x"});
}

TEST_CASE("an exception is told with its sum and what was done about it", "[gates][audit]") {
  AuditLot audit;
  GateLot& lot = audit.lot;
  const std::string now = std::to_string(lot.clock.now().utc.time_since_epoch().count());
  lot.run(
      "INSERT INTO payments (id, method, provider, amount_paise, status, provider_payment_id, "
      "  created_at, paid_at) VALUES ('00000000-0000-4000-8000-00000000a001', 'ONLINE', "
      "  'razorpay', 7500, 'SUCCESS', 'pay_lost', " +
      now + ", " + now +
      ");"
      "INSERT INTO ledger (at, debit, credit, amount_paise, cause, payment) SELECT " +
      now +
      ", 'provider_razorpay', 'customer', amount_paise, 'payment_captured', key FROM payments;"
      "INSERT INTO exceptions (id, kind, payment, amount_paise, reason, created_at) "
      "SELECT '00000000-0000-4000-8000-00000000e001', 'unmatched', key, 7500, 'Nobody asked', " +
      now + " FROM payments");
  const std::string exception = "00000000-0000-4000-8000-00000000e001";
  Origin from = by_admin;
  from.target = "id " + exception;
  const Row row = audit.told(
      ResolveException{exception, store::ExceptionAction::write_off, {}, "Nobody came"}, from);
  CHECK(row.targets == "exception " + exception + " payment 00000000-0000-4000-8000-00000000a001");
  CHECK(row.detail == "unmatched of 75.00; write_off; because: Nobody came");
}

TEST_CASE("an account that is made or changed is told, and no customer's name", "[gates][audit]") {
  AuditLot audit;
  const Row made = audit.told(
      AddAccount{{.username = "priya", .role = store::Role::staff, .password_hash = "secret"}});
  const store::UserKey priya = audit.user_named("priya");
  CHECK(made == Row{"user priya account " + key_text(priya), "role staff"});
  CHECK(audit.told(EditAccount{
            priya, {.disabled = true, .may_refund = true, .password_hash = "secret2"}}) ==
        Row{"account " + key_text(priya) + " user priya",
            "disabled false → true; may_refund false → true; password"});
  CHECK(audit.told(EditAccount{priya, {.role = store::Role::admin}}).detail ==
        "role staff → admin");
  CHECK(audit.told(RemoveAccount{priya}).detail == "deleted");

  const Row customer = audit.told(AddAccount{{.username = "asha", .password_hash = "secret"}});
  const store::UserKey asha = audit.user_named("asha");
  CHECK(customer == Row{"account " + key_text(asha), "role user"});
  CHECK(audit.told(EditAccount{asha, {.email = "asha@example.org"}}).detail == "email");
  const Row erased = audit.told(Erase{asha, "She asked"});
  CHECK(erased.targets ==
        "account " + key_text(asha) + " erasure " + audit.lot.text("SELECT id FROM erasures"));
  CHECK(erased.detail == "because: She asked; of 0 sessions, 0 incidents, 0 scans");
  CHECK(audit.lot.number("SELECT count(*) FROM audit_log WHERE instr(targets || detail, 'asha') "
                         "OR instr(targets || detail, 'secret')") == 0);
}

TEST_CASE("settings and rates are told as they were and as they are", "[gates][audit]") {
  AuditLot audit;
  const store::Setting ten{"billing.grace_minutes", store::SettingKind::number, "10"};
  const store::Setting five{"billing.grace_minutes", store::SettingKind::number, "5"};
  CHECK(audit.told(ChangeSettings{{ten}, {}}).detail ==
        "billing.grace_minutes as in lot.toml → \"10\"");
  CHECK(audit.told(ChangeSettings{{five}, {}}).detail == "billing.grace_minutes \"10\" → \"5\"");
  CHECK(audit.told(ChangeSettings{{}, {five.key}}).detail ==
        "billing.grace_minutes \"5\" → as in lot.toml");

  ChangeZone change{.id = "A"};
  const std::string before = audit.lot.plan().zones().front().rates.hourly_rate.rupees();
  change.hourly_rate = Paise(9'000);
  change.walk_in = false;
  change.contact = "9876543210";
  CHECK(audit.told(change) ==
        Row{"zone A", "rates " + before + " → 90.00; walk_in true → false; contact"});
  ChangeZone bands{.id = "A"};
  bands.bands = std::vector{RateBand{8h, 20h, Paise(12'050)}};
  CHECK(audit.told(bands).detail == "rates 90.00 → 90.00, 08:00–20:00 120.50");
  ZonePlan zone{.id = ZoneId::parse("C").value(), .name = "C", .rates = {Paise(5'000), {}}};
  CHECK(audit.told(AddZone{zone, {SlotId::parse("C-001").value()}}) ==
        Row{"zone C", "rates 50.00; 1 slots"});
  CHECK(audit.told(ChangeSlot{.id = "A-003", .closed = true}) ==
        Row{"slot A-003", "closed false → true"});
}

TEST_CASE("a target is told once, by the kind that is known, and each of them", "[gates][audit]") {
  About about("id 6ba7 gate EXIT_GATE_01");
  about.target("session", "6ba7");
  about.target("gate", "EXIT_GATE_01");
  // A part of another's text is another target.
  about.target("zone", "E");
  about.target("shift", "6");
  CHECK(about.targets() == "session 6ba7 gate EXIT_GATE_01 zone E shift 6");
}

TEST_CASE("a refused token is a refusal, and counted", "[gates][audit]") {
  AuditLot audit;
  const Token token = audit.sign_in(audit.staff);
  Origin from{.action = "POST /api/auth/refresh/", .role = "STAFF", .address = "203.0.113.9"};
  for (int i = 0; i < 50; ++i) {
    REQUIRE(is<TokensRefused>(
        audit.ask(Refresh{audit.staff, token.version, next_id(), audit.next(next_id())}, from)));
  }
  audit.lot.advance(2min);
  CHECK(audit.times("bad_token") == 50);
  CHECK(audit.rows("bad_token") <= 2);
  CHECK(audit.lot.number("SELECT count(*) FROM audit_log WHERE outcome = 'bad_token' AND user = " +
                         key_text(audit.staff)) == audit.rows("bad_token"));
  CHECK(audit.times("done") == 0);
}

TEST_CASE("refusals of customers and devices are counted, those of staff are rows",
          "[gates][audit]") {
  AuditLot audit;
  const auto refused_of = [&](const Origin& from) {
    for (int i = 0; i < 40; ++i) audit.ask(CloseShift{Paise(0)}, from);
    audit.lot.advance(2min);
  };
  refused_of(by_user);
  CHECK(audit.times("no_shift") == 40);
  CHECK(audit.rows("no_shift") <= 2);
  refused_of(by_device);
  CHECK(audit.times("no_shift") == 80);
  CHECK(audit.rows("no_shift") <= 4);
  const auto before = audit.rows("no_shift");
  refused_of(by_admin);
  CHECK(audit.rows("no_shift") == before + 40);
}

TEST_CASE("a customer who does a thousand things a minute is one counted row beyond some",
          "[gates][audit]") {
  AuditLot audit;
  const store::UserKey asha = audit.add("asha");
  audit.who = {asha, "asha"};
  const VehicleNumber vehicle = VehicleNumber::parse("DL01AB1234").value();
  for (int i = 0; i < 1'000; ++i) audit.ask(KeepVehicle{vehicle, "Mine"}, by_user);
  audit.lot.advance(2min);
  CHECK(audit.times("done") == 1'000);
  CHECK(audit.rows("done") - audit.lot.number("SELECT count(*) FROM audit_log WHERE outcome = "
                                              "'done' AND action LIKE 'gatehouse%'") <=
        CallTrail::done_rows_max + 2);
  // What staff do is never counted together.
  audit.who = {audit.staff, "staff1", true};
  for (int i = 0; i < 100; ++i) audit.ask(ChangeSettings{}, by_admin);
  CHECK(audit.lot.number("SELECT count(*) FROM audit_log WHERE role = 'ADMIN'") == 100);
}
