// What administrators may change of the lot, by the rules of lot.toml, and what then holds
// (docs/contract/http.md, "Admin"; config-and-cli.md).
#include "edge/gateway/lot_rules.hpp"

#include "edge/gateway/changeable.hpp"
#include "tests/unit/edge/gateway/config_problems.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

using namespace gatehouse;
using namespace gatehouse::gateway;
using api::Member;
using store::Setting;
using store::SettingKind;
using Json = nlohmann::json;

namespace {

Config config_of(const std::string& text) {
  return parse_config("lot = { id = \"demo\" }\n" + text, "lot.toml", broken::empty_environment)
      .value();
}

FileRules rules_of(const std::string& text = "") {
  return {config_of(text), broken::empty_environment};
}

Member text(const char* name, const char* value) { return {name, Member::Kind::text, value}; }
Member number(const char* name, const char* value) { return {name, Member::Kind::number, value}; }
Member null(const char* name) { return {name, Member::Kind::null, ""}; }
Member list(const char* name, std::vector<Member> within) {
  return {name, Member::Kind::structure, "", std::move(within), true};
}
Member object(std::vector<Member> within) {
  return {"", Member::Kind::structure, "", std::move(within), false};
}

std::vector<std::string> names(const api::Wrongs& wrongs) {
  std::vector<std::string> found;
  for (const auto& [name, what] : wrongs) found.push_back(name);
  return found;
}

}  // namespace

TEST_CASE("a zone is read as lot.toml would have it", "[gateway][rules]") {
  const auto zone = rules_of().read_zone(
      {text("name", "Roof"), number("hourly_rate", "20.5"),
       list("rates",
            {object({text("from", "22:00"), text("to", "06:00"), text("hourly_rate", "10.00")})}),
       list("features", {text("", "open air")}), number("slots", "2")},
      "R");
  REQUIRE(zone);
  CHECK(zone->zone.id.text() == "R");
  CHECK(zone->zone.rates.hourly_rate == Paise(2'050));
  CHECK(zone->zone.rates.bands.size() == 1);
  CHECK(zone->zone.features == std::vector<std::string>{"open air"});
  CHECK(zone->slots.size() == 2);
  const auto bare = rules_of().read_zone({}, "R");
  REQUIRE(bare);
  CHECK(bare->slots.empty());
  CHECK(bare->zone.rates.hourly_rate == Paise(5'000));
}

TEST_CASE("what a zone cannot be is named by its member", "[gateway][rules]") {
  const auto [member, wrong] = GENERATE(table<Member, std::string>({
      {text("hourly_rate", "-1"), "hourly_rate"},
      {number("hourly_rate", "1.005"), "hourly_rate"},
      {text("colour", "red"), "colour"},
      {text("name", "a\nb"), "name"},
      {list("name", {}), "name"},
      {number("walk_in", "1"), "walk_in"},
      {text("id", "X"), "id"},
      {list("rates", {object({text("from", "6")})}), "rates[0].from"},
      {list("rates", {text("", "x")}), "rates[0]"},
      {number("slots", "1.5"), "slots"},
      {number("slots", "100001"), "slots"},
  }));
  CAPTURE(member.name);
  const auto zone = rules_of().read_zone({member}, "R");
  REQUIRE_FALSE(zone);
  const auto found = names(zone.error());
  CHECK(std::ranges::find(found, wrong) != found.end());
  CHECK(names(rules_of().read_zone({}, "A B").error()) == std::vector<std::string>{"zone_id"});
  CHECK(names(rules_of().read_zone({text("name", "a"), text("name", "b")}, "R").error()).front() ==
        "name");
}

TEST_CASE("settings are checked as lot.toml is", "[gateway][rules]") {
  const auto good = rules_of().read_settings(
      {number("billing.grace_minutes", "10"), number("billing.booking_fee", "60"),
       text("billing.daily_cap", ""), text("backup.at", "03:30"), null("billing.lost_ticket_fee")});
  REQUIRE(good);
  CHECK(good->set == std::vector<Setting>{{"billing.grace_minutes", SettingKind::number, "10"},
                                          {"billing.booking_fee", SettingKind::text, "60.00"},
                                          {"billing.daily_cap", SettingKind::text, ""},
                                          {"backup.at", SettingKind::text, "03:30"}});
  CHECK(good->reset == std::vector<std::string>{"billing.lost_ticket_fee"});
  const auto bad =
      GENERATE(number("billing.grace_minutes", "-1"), number("billing.grace_minutes", "1.5"),
               text("billing.grace_minutes", "ten"), text("billing.booking_fee", "1.005"),
               text("billing.daily_cap", "0"), number("billing.daily_cap", "0"),
               text("billing.tax.invoice_series", "C1"), number("gates.scan_ttl_s", "100000"),
               text("backup.at", "25:00"), number("backup.at", "3"), text("broker.url", "mqtt://x"),
               text("backup.dir", "/etc"), number("billing.minute_seconds", "1"),
               text("payments.mode", "live"), list("billing.daily_cap", {}),
               Member{"billing.grace_minutes", Member::Kind::boolean, "true"});
  CAPTURE(bad.name, bad.text);
  const auto refused = rules_of().read_settings({bad});
  REQUIRE_FALSE(refused);
  CHECK(names(refused.error()).front() == bad.name);
}

TEST_CASE("every setting is shown as it can be sent back", "[gateway][rules]") {
  const FileRules rules = rules_of("billing = { daily_cap = \"300.00\" }\n");
  const Json shown = Json::parse(rules.settings_json({}));
  api::Members members;
  for (const auto& [key, value] : shown["settings"].items()) {
    members.push_back({key, value.is_number() ? Member::Kind::number : Member::Kind::text,
                       value.is_number() ? value.dump() : value.get<std::string>()});
  }
  CHECK(members.size() == changeable_settings().size());
  const auto changes = rules.read_settings(members);
  REQUIRE(changes);
  CHECK(Json::parse(rules.settings_json(changes->set))["settings"] == shown["settings"]);
  CHECK(setting_differences(config_of("billing = { daily_cap = \"300.00\" }\n"), changes->set) ==
        std::vector<std::string>{});
}

TEST_CASE("what the store says holds in the file's place, what cannot be is left out",
          "[gateway][rules]") {
  const Config file = config_of("[billing]\ngrace_minutes = 7\ntax = { percent = 5 }\n");
  const Effective now = with_settings(file,
                                      {{"billing.grace_minutes", SettingKind::number, "10"},
                                       {"billing.tax.percent", SettingKind::number, "12"},
                                       {"backup.keep_days", SettingKind::number, "3"},
                                       {"billing.stay_max_days", SettingKind::number, "0"},
                                       {"billing.daily_cap", SettingKind::text, "0.00"},
                                       {"billing.gone", SettingKind::number, "1"}},
                                      broken::empty_environment);
  CHECK(now.config.billing.grace == std::chrono::minutes(10));
  CHECK(now.config.billing.tax.percent == 12);
  CHECK(now.config.backup.keep == std::chrono::days(3));
  CHECK(now.config.billing.stay_max == std::chrono::days(30));
  CHECK_FALSE(now.config.billing.daily_cap);
  CHECK(now.left_out.size() == 3);
  CHECK(file.billing.grace == std::chrono::minutes(7));
  CHECK(setting_differences(file, {{"billing.grace_minutes", SettingKind::number, "10"}}) ==
        std::vector<std::string>{"billing.grace_minutes: the store says 10, the file 7"});
}

TEST_CASE("what a reload has read is kept when a setting is changed", "[gateway][rules]") {
  Config file = config_of(
      "[[sensor_profiles]]\nname = \"bare\"\ntopic = \"oldlot/{slot}\"\noccupied = \"\"\n"
      "occupied_values = [1]\nfree_values = [0]\n");
  file.sensor_profiles.front().map = {{"device-2", "A-002"}};
  file.http.listen = "127.0.0.1:40231";
  const Effective now = with_settings(file, {{"billing.grace_minutes", SettingKind::number, "10"}},
                                      broken::empty_environment);
  CHECK(now.config.billing.grace == std::chrono::minutes(10));
  CHECK(now.config.sensor_profiles == file.sensor_profiles);
  CHECK(now.config.http.listen == file.http.listen);
}
