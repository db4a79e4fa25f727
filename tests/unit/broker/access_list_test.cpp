#include "broker/access_list.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::broker;

namespace {

ServerLot demo_lot() {
  return {LotId::parse("demo").value(),
          {SlotId::parse("A-001").value(), SlotId::parse("A-002").value()},
          {GateId::parse("EXIT_GATE_01").value()},
          {"v3/+/devices/+/up"},
          "gateway"};
}

ServerSettings demo_settings() {
  ServerSettings settings;
  settings.dashboards = {"hall"};
  settings.integrations = {{"ttn", {"v3/#"}}};
  return settings;
}

}  // namespace

TEST_CASE("the access list says what each account may do", "[broker][access]") {
  CHECK(access_list(demo_settings(), demo_lot()).value() ==
        R"(# Who may do what on the broker of lot "demo". Written by `gatehouse broker`;
# what is changed here by hand is lost with its next call.
# What no line allows is denied.

# A slot's sensor, whose user name is its slot's id, writes its own state. A
# device, sensor or reader, writes its own status. These two lines spare one
# block a slot, which the broker would take a minute to read in a large lot;
# they hold for every account, so that those of no sensor are denied below.
pattern write parking/v1/demo/slots/%u/state
pattern write parking/v1/demo/devices/%u/status

user gateway
topic readwrite parking/v1/demo/#
topic read v3/+/devices/+/up

user bridge
topic deny parking/v1/demo/slots/bridge/state
topic deny parking/v1/demo/devices/bridge/status
topic read parking/v1/demo/availability
topic read parking/v1/demo/zones/+/availability
topic read parking/v1/demo/slots/+/status
topic read parking/v1/demo/gateway/status

user dashboard-hall
topic deny parking/v1/demo/slots/dashboard-hall/state
topic deny parking/v1/demo/devices/dashboard-hall/status
topic read parking/v1/demo/availability
topic read parking/v1/demo/zones/+/availability
topic read parking/v1/demo/slots/+/status
topic read parking/v1/demo/gateway/status

user integration-ttn
topic deny parking/v1/demo/slots/integration-ttn/state
topic deny parking/v1/demo/devices/integration-ttn/status
topic write v3/#

user EXIT_GATE_01
topic deny parking/v1/demo/slots/EXIT_GATE_01/state
topic write parking/v1/demo/gates/EXIT_GATE_01/scan
topic write parking/v1/demo/gates/EXIT_GATE_01/frame
topic write parking/v1/demo/gates/EXIT_GATE_01/button
topic read parking/v1/demo/gates/EXIT_GATE_01/decision
topic read parking/v1/demo/gates/EXIT_GATE_01/barrier
)");
}

TEST_CASE("every slot, gate, dashboard and integration has an account of its own",
          "[broker][access]") {
  CHECK(account_names(demo_settings(), demo_lot()).value() ==
        std::vector<std::string>{"gateway", "bridge", "dashboard-hall", "integration-ttn",
                                 "EXIT_GATE_01", "A-001", "A-002"});
}

TEST_CASE("a name that cannot be a user name is refused", "[broker][access]") {
  ServerSettings settings = demo_settings();
  settings.dashboards = {
      GENERATE(as<std::string>{}, "a b", "a+", "a#", "a/b", "a:b", "a\nuser x", "a%u", "\xc3\xa4")};
  CHECK(account_names(settings, demo_lot())
            .error()
            .ends_with("the name may hold letters, digits, '_' and '-' only"));
  settings.dashboards = {std::string(60, 'a')};
  CHECK(account_names(settings, demo_lot())
            .error()
            .ends_with("the name is longer than 64 characters"));
}

TEST_CASE("the gateway's account is the one that lot.toml names", "[broker][access]") {
  ServerLot lot = demo_lot();
  lot.gateway = "lot-1";
  CHECK(account_names(demo_settings(), lot).value().front() == "lot-1");
  const std::string text = access_list(demo_settings(), lot).value();
  CHECK(text.contains("\nuser lot-1\ntopic readwrite parking/v1/demo/#\n"));
  CHECK_FALSE(text.contains("user gateway"));
}

TEST_CASE("the gateway is not called like another account", "[broker][access]") {
  const auto [name, why] = GENERATE(table<std::string, std::string>({
      {"", "is empty"},
      {"lot:1", "may hold letters, digits, '_' and '-' only"},
      {"lot\nuser x", "may hold letters, digits, '_' and '-' only"},
      {"bridge", "is a name the broker keeps for another account"},
      {"dashboard-hall", "is a name the broker keeps for another account"},
      {"integration-ttn", "is a name the broker keeps for another account"},
      {"EXIT_GATE_01", "is the account of a gate's reader"},
      {"A-002", "is the account of a slot's sensor"},
  }));
  ServerLot lot = demo_lot();
  lot.gateway = name;
  CHECK(account_names(demo_settings(), lot).error() ==
        "broker.username \"" + name + "\": the name " + why);
}

TEST_CASE("a slot with the name of a gate is refused: it would be one account",
          "[broker][access]") {
  ServerLot lot = demo_lot();
  lot.slots.push_back(SlotId::parse("EXIT_GATE_01").value());
  CHECK(account_names(demo_settings(), lot).error() ==
        "account \"EXIT_GATE_01\": the name comes twice");
  ServerSettings settings = demo_settings();
  settings.dashboards = {"hall", "hall"};
  CHECK(account_names(settings, demo_lot()).error() ==
        "account \"dashboard-hall\": the name comes twice");
}

TEST_CASE("an integration may not be given what only the gateway may say", "[broker][access]") {
  ServerSettings settings = demo_settings();
  settings.integrations[0].write = {
      GENERATE(as<std::string>{}, "#", "parking/#", "parking/v1/#", "parking/v1/demo/#",
               "+/+/+/gateway/status", "parking/v1/demo/gates/EXIT_GATE_01/decision",
               "parking/v1/demo/gates/+/barrier", "parking/v1/demo/slots/A-001/status",
               "parking/v1/demo/slots/A-001/+", "parking/v1/demo/availability",
               "parking/v1/+/zones/A/#", "parking/v1/demo/events/#", "parking/v1/demo/alerts/x")};
  CAPTURE(settings.integrations[0].write[0]);
  const auto refused = access_list(settings, demo_lot());
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().contains(" would let it write parking/v1/demo/"));
}

TEST_CASE("an integration speaks for no device of the lot", "[broker][access]") {
  ServerSettings settings = demo_settings();
  settings.integrations[0].write = {
      "v3/#",
      GENERATE(as<std::string>{}, "+/v1/demo/slots/A-001/state", "parking/v1/demo/slots/+/state",
               "parking/+/+/slots/A-001/#", "parking/v1/demo/devices/+/status", "+/+/+/+/GATE/scan",
               "parking/v1/demo/gates/EXIT_GATE_01/button")};
  CAPTURE(settings.integrations[0].write[1]);
  const auto refused = access_list(settings, demo_lot());
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().contains("which only the lot's own devices may"));
}

TEST_CASE("an integration may speak on topics of its own", "[broker][access]") {
  ServerSettings settings = demo_settings();
  settings.integrations[0].write = {GENERATE(as<std::string>{}, "v3/#", "zigbee2mqtt/+",
                                             "parking/v1/other/#", "+/up", "+/v1/demo")};
  CHECK(access_list(settings, demo_lot()).has_value());
}

TEST_CASE("what is not a topic filter never reaches the access list", "[broker][access]") {
  const std::string filter = GENERATE(values<std::string>(
      {"", " v3/#", "v3/# ", "v3/#/x", "v3#", "v3+/x", "a/+b", "$SYS/#", "$share/g/v3/#",
       "v3/x\ntopic readwrite #", "v3/\x7f", std::string("v3\0x", 4), std::string(257, 'a')}));
  CAPTURE(filter);
  CHECK_FALSE(is_topic_filter(filter));
  ServerSettings settings = demo_settings();
  settings.integrations[0].write = {filter};
  CHECK_FALSE(access_list(settings, demo_lot()).has_value());
  ServerLot lot = demo_lot();
  lot.gateway_reads = {filter};
  CHECK_FALSE(access_list(demo_settings(), lot).has_value());
}

TEST_CASE("two filters overlap when a topic matches both", "[broker][access]") {
  const auto [left, right, overlap] = GENERATE(table<std::string, std::string, bool>({
      {"a/b", "a/b", true},
      {"a/b", "a/c", false},
      {"a/b", "a", false},
      {"a/+", "a/b", true},
      {"a/+", "+/b", true},
      {"a/+", "a", false},
      {"#", "a/b", true},
      {"a/#", "a", true},
      {"a/#", "b/#", false},
      {"+/b", "a/#", true},
      {"a/+/c", "a/b/+", true},
      {"a/+/c", "a/b/d", false},
      {"a/b", "a/b/c", false},
      {"a//c", "a/+/c", true},
      {"+", "", true},
  }));
  CAPTURE(left, right);
  CHECK(filters_overlap(left, right) == overlap);
  CHECK(filters_overlap(right, left) == overlap);
}
