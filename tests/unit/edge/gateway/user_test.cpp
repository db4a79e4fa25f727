// Accounts: what `init` makes and `user` does.
#include "edge/api/passwords.hpp"
#include "edge/engine/tickets.hpp"
#include "edge/gateway/clock.hpp"
#include "edge/gateway/commands/commands.hpp"
#include "edge/gateway/keys.hpp"
#include "edge/gateway/outside.hpp"
#include "edge/store/accounts.hpp"
#include "edge/store/alerts.hpp"
#include "edge/store/audit_head.hpp"
#include "edge/store/audit_rows.hpp"
#include "edge/store/lock.hpp"
#include "edge/store/lot.hpp"
#include "edge/store/outbox.hpp"
#include "edge/store/sessions.hpp"
#include "tests/support/temp_dir.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <catch2/catch.hpp>
#include <spdlog/spdlog.h>

using namespace gatehouse;
using namespace gatehouse::gateway;
using gatehouse::tests::TempDir;
using What = UserOptions::What;

namespace {

struct Done {
  int code;
  std::string out;
};

Config config_in(const TempDir& directory) {
  auto parsed = parse_config(
      "lot = { id = \"demo\" }\n[[zones]]\nid = \"A\"\nslots = 3\n"
      "[[gates.lanes]]\nid = \"ENTRY_GATE_01\"\ndirection = \"entry\"\nbarrier = \"\"\n",
      directory / "lot.toml", [](const std::string&) { return std::optional<std::string>("x"); });
  REQUIRE(parsed);
  return std::move(*parsed);
}

/// A lot with a gate, and its commands.
struct Desk {
  Desk() : config(config_in(directory)) { spdlog::set_level(spdlog::level::off); }
  TempDir directory;
  Config config;

  [[nodiscard]] Done make(bool is_demo = false) const {
    std::ostringstream out;
    const int code = init(config, is_demo, out);
    return {code, out.str()};
  }
  [[nodiscard]] Done tell(const UserOptions& options, const std::string& input = {}) const {
    std::istringstream in(input);
    std::ostringstream out;
    const int code = user(config, options, in, out);
    return {code, out.str()};
  }
  /// Without a name: there is none.
  [[nodiscard]] store::User find(std::string_view name) const {
    auto database = store::Database::open({.path = config.store.path});
    return store::Accounts(database).find(name).value_or(store::User{});
  }
};

/// What stands behind `name: ` in what was printed.
std::string password_of(const std::string& name, const std::string& out) {
  const std::string begin = "\n" + name + ": ";
  const auto found = out.find(begin);
  if (found == std::string::npos) return {};
  const auto at = found + begin.size();
  return out.substr(at, out.find('\n', at) - at);
}

}  // namespace

TEST_CASE("init makes the administrator and keys, and prints the password once",
          "[gateway][init]") {
  const Desk desk;
  const Done made = desk.make();
  REQUIRE(made.code == 0);
  const auto admin = desk.find("admin");
  REQUIRE(admin.username == "admin");
  CHECK(admin.role == store::Role::admin);
  CHECK(api::is_password(password_of("admin", made.out), admin.password_hash));
  CHECK(desk.find("staff1").username.empty());
  const auto keys = load_keys(desk.config.store.keys_path);
  REQUIRE(keys);

  const Done again = desk.make(true);
  CHECK(again.code == 0);
  CHECK(again.out == desk.config.store.path.string() + ": nothing to add\n");
  CHECK(desk.find("admin") == admin);
  CHECK(desk.find("staff1").username.empty());
  CHECK(load_keys(desk.config.store.keys_path) == keys);
}

TEST_CASE("a demo lot has a member of staff and a user as well", "[gateway][init]") {
  const Desk desk;
  const Done made = desk.make(true);
  const auto [name, role] = GENERATE(table<std::string, store::Role>({
      {"admin", store::Role::admin},
      {"staff1", store::Role::staff},
      {"user123", store::Role::user},
  }));
  const auto account = desk.find(name);
  REQUIRE_FALSE(account.username.empty());
  CHECK(account.role == role);
  CHECK(api::is_password(password_of(name, made.out), account.password_hash));
}

TEST_CASE("lost keys are not replaced by others that make every ticket a forgery",
          "[gateway][init]") {
  const Desk desk;
  REQUIRE(desk.make().code == 0);
  std::filesystem::remove(desk.config.store.keys_path);
  CHECK(desk.make().code == 1);
  CHECK_FALSE(std::filesystem::exists(desk.config.store.keys_path));
}

TEST_CASE("a store whose making was cut short is finished", "[gateway][init]") {
  const Desk desk;
  {
    auto database = store::Database::open({.path = desk.config.store.path, .create = true});
  }
  REQUIRE(make_keys(desk.config.store.keys_path));
  const auto keys = load_keys(desk.config.store.keys_path);
  CHECK(desk.make().code == 0);
  CHECK(desk.find("admin").username == "admin");
  CHECK(load_keys(desk.config.store.keys_path) == keys);
}

TEST_CASE("an account is added with the password of the first line", "[gateway][user]") {
  const Desk desk;
  REQUIRE(desk.make().code == 0);
  CHECK(desk.tell({What::add, "priya@lot", "staff", ""}, "a long password\r\nmore").code == 0);
  const auto account = desk.find("priya@lot");
  REQUIRE_FALSE(account.username.empty());
  CHECK(account.role == store::Role::staff);
  CHECK(account.version == 1);
  CHECK_FALSE(account.disabled);
  CHECK(api::is_password("a long password", account.password_hash));
  CHECK(desk.tell({What::add, "priya@lot", "staff", ""}, "a long password").code == 1);
  CHECK(desk.tell({What::add, "reader", "device", "ENTRY_GATE_01"}, "a long password").code == 0);
  CHECK(desk.find("reader").gate == "ENTRY_GATE_01");
}

TEST_CASE("an account that cannot be is not made", "[gateway][user]") {
  const Desk desk;
  REQUIRE(desk.make().code == 0);
  const auto [name, role, gate, password] =
      GENERATE(table<std::string, std::string, std::string, std::string>({
          {"", "staff", "", "a long password"},
          {"two words", "staff", "", "a long password"},
          {"colon:", "staff", "", "a long password"},
          {std::string(101, 'x'), "staff", "", "a long password"},
          {"priya", "boss", "", "a long password"},
          {"priya", "staff", "", "short"},
          {"priya", "staff", "", ""},
          {"bobbobbobb", "staff", "", "bobbobbobb"},
          {"bobbobbobb", "staff", "", "BobBobBobb\r"},
          {"priya", "staff", "ENTRY_GATE_01", "a long password"},
          {"priya", "device", "", "a long password"},
          {"priya", "device", "NO_GATE", "a long password"},
      }));
  CAPTURE(name, role, gate, password);
  CHECK(desk.tell({What::add, name, role, gate}, password).code == 2);
  CHECK(desk.tell({.what = What::list}).out == "admin admin\n");
}

TEST_CASE("a new password and a disabled account end the tokens of before", "[gateway][user]") {
  const Desk desk;
  REQUIRE(desk.make().code == 0);
  CHECK(desk.tell({.what = What::passwd, .name = "admin"}, "another password").code == 0);
  CHECK(desk.find("admin").version == 2);
  CHECK(api::is_password("another password", desk.find("admin").password_hash));
  CHECK(desk.tell({.what = What::disable, .name = "admin"}).code == 1);  // the last one
  CHECK_FALSE(desk.find("admin").disabled);
  REQUIRE(desk.tell({What::add, "second", "admin", ""}, "a long password").code == 0);
  CHECK(desk.tell({.what = What::disable, .name = "admin"}).code == 0);
  CHECK(desk.find("admin").version == 3);
  CHECK(desk.find("admin").disabled);
  CHECK(desk.tell({.what = What::list}).out == "admin admin disabled\nsecond admin\n");
  CHECK(desk.tell({.what = What::passwd, .name = "nobody"}, "another password").code == 1);
  CHECK(desk.tell({.what = What::disable, .name = "nobody"}).code == 1);
  CHECK(desk.tell({.what = What::passwd, .name = "admin"}, "short").code == 2);
  CHECK(desk.find("admin").version == 3);
  REQUIRE(desk.tell({What::add, "bobbobbobb", "user", ""}, "a long password").code == 0);
  CHECK(desk.tell({.what = What::passwd, .name = "bobbobbobb"}, "bobbobbobb").code == 2);
  CHECK(desk.find("bobbobbobb").version == 1);
}

TEST_CASE("an account of staff has the rights that it was given last", "[gateway][user]") {
  const Desk desk;
  REQUIRE(desk.make(true).code == 0);
  const auto give = [&](const char* name, bool refund, bool terminate) {
    return desk
        .tell(
            {.what = What::rights, .name = name, .may_refund = refund, .may_terminate = terminate})
        .code;
  };
  CHECK_FALSE(desk.find("staff1").may_refund);
  CHECK_FALSE(desk.find("staff1").may_terminate);
  CHECK(give("staff1", true, false) == 0);
  CHECK(desk.find("staff1").may_refund);
  CHECK_FALSE(desk.find("staff1").may_terminate);
  CHECK(give("staff1", true, true) == 0);
  CHECK(desk.tell({.what = What::list}).out ==
        "admin admin\nstaff1 staff may_refund may_terminate\nuser123 user\n");
  CHECK(give("staff1", false, false) == 0);
  CHECK(desk.tell({.what = What::list}).out == "admin admin\nstaff1 staff\nuser123 user\n");
  CHECK(desk.find("staff1").version == 1);
  CHECK(give("nobody", true, true) == 1);
  CHECK(give("user123", true, true) == 1);
  CHECK(give("admin", true, true) == 1);
}

TEST_CASE("accounts wait for a process that does not answer, and for a store", "[gateway][user]") {
  const Desk desk;
  CHECK(desk.tell({.what = What::list}).code == 1);
  REQUIRE(desk.make().code == 0);
  const auto running = store::ProcessLock::take(desk.config.store.path);
  CHECK(desk.tell({.what = What::list}).code == exit_code::unreachable);
  CHECK(desk.tell({What::add, "priya", "staff", ""}, "a long password").code ==
        exit_code::unreachable);
}

TEST_CASE("what commands change stands in the audit log, without a password", "[gateway][user]") {
  const Desk desk;
  const Done made = desk.make(true);
  REQUIRE(made.code == 0);
  CHECK(desk.tell({What::add, "priya", "staff", ""}, "a long password").code == 0);
  CHECK(desk.tell({.what = What::rights, .name = "priya", .may_refund = true}).code == 0);
  CHECK(desk.tell({.what = What::passwd, .name = "priya"}, "another password").code == 0);
  CHECK(desk.tell({.what = What::disable, .name = "priya"}).code == 0);
  CHECK(desk.tell({.what = What::disable, .name = "nobody"}).code == 1);
  std::ostringstream out;
  REQUIRE(rotate_keys(desk.config, out) == 0);
  CHECK(out.str() == "made ticket key 2, token key 2, audit key 2\n");

  auto database = store::Database::open({.path = desk.config.store.path});
  std::vector<std::string> told;
  store::AuditRows(database).each([&](const store::AuditRow& row) {
    const store::AuditEntry& entry = row.entry;
    told.push_back(entry.action + ": " + entry.targets + ": " + entry.detail);
    return true;
  });
  CHECK(told == std::vector<std::string>{
                    "gatehouse init: user admin: role admin",
                    "gatehouse init: user staff1: role staff",
                    "gatehouse init: user user123: role user",
                    "gatehouse user add: user priya account 4: role staff",
                    "gatehouse user rights: account 4 user priya: may_refund false → true; "
                    "may_terminate false as before",
                    "gatehouse user passwd: account 4 user priya: password",
                    "gatehouse user disable: account 4 user priya: disabled false → true",
                    "gatehouse keys rotate: : ticket key 2, token key 2, audit key 2",
                });
  std::ostringstream proof;
  CHECK(audit(desk.config, proof) == 0);
  CHECK(proof.str().find("audit rows: 8") != std::string::npos);
}

TEST_CASE("a command that finds the audit log cut off says so before it goes on",
          "[gateway][user]") {
  const Desk desk;
  REQUIRE(desk.make(true).code == 0);
  // Somebody cut off rows 4 to 9 and the store's own head; they forgot the one beside it.
  const Key key = load_keys(desk.config.store.keys_path).value().audit.current;
  store::AuditHead beside{
      .sequence = 9, .hash = std::string(64, 'a'), .key_id = key.id, .seal = {}};
  beside.seal = store::seal_of({key.id, key.value}, beside);
  store::write_audit_head(desk.config.store.path, beside);
  CHECK(desk.tell({.what = What::disable, .name = "staff1"}).code == 0);
  CHECK(desk.tell({.what = What::disable, .name = "user123"}).code == 0);

  auto database = store::Database::open({.path = desk.config.store.path});
  std::vector<std::string> told;
  store::AuditRows(database).each([&](const store::AuditRow& row) {
    if (row.sequence > 3)
      told.push_back(std::to_string(row.sequence) + " " + row.entry.action + " " +
                     row.entry.outcome + " " + row.entry.targets);
    return true;
  });
  // A customer's name is not written down.
  CHECK(told == std::vector<std::string>{"10 gatehouse user disable cut_off ",
                                         "11 gatehouse user disable done account 2 user staff1",
                                         "12 gatehouse user disable done account 3"});
  CHECK(store::Alerts(database).find_open("audit_cut_off", "audit"));
  const auto events = store::Outbox(database).read_after({}, 100);
  CHECK(std::ranges::count(events, "parking.alert.raised.v1", &store::StoredOutboxRow::type) == 1);
}

TEST_CASE("keys are rotated only where no ticket in a driver's hand becomes worthless",
          "[gateway][keys]") {
  const Desk desk;
  REQUIRE(desk.make().code == 0);
  std::ostringstream out;
  {
    const auto running = store::ProcessLock::take(desk.config.store.path);
    CHECK(rotate_keys(desk.config, out) == 1);
  }
  const Keys keys = load_keys(desk.config.store.keys_path).value();
  {
    auto database = store::Database::open({.path = desk.config.store.path});
    const auto plan = store::load_plan(database);
    SystemRandom random;
    engine::Tickets tickets(keys.ticket.current.value, {}, random);
    store::Session session{.id = tickets.make_id()};
    session.created_at = SystemClock().now().utc;
    session.expires_at = session.created_at + std::chrono::minutes(15);
    session.zone = plan->slot(SlotIndex(0)).zone;
    session.state = SessionState::booked;
    session.slot = SlotIndex(0);
    session.code = tickets.make();
    session.rates = {Paise(5'000), {}};
    store::Transaction transaction = database.begin();
    store::Sessions(database, *plan).insert(transaction, session);
    static_cast<void>(std::move(transaction).commit(0));
  }
  CHECK(rotate_keys(desk.config, out) == 0);
  CHECK(rotate_keys(desk.config, out) == 1);
  CHECK(load_keys(desk.config.store.keys_path)->ticket.previous == keys.ticket.current);
}
