#include "broker/topics.hpp"

#include <catch2/catch.hpp>
#include <rapidcheck.h>

using namespace gatehouse;
using namespace gatehouse::broker;

namespace {

const std::string id_characters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

rc::Gen<std::string> id_text() {
  return rc::gen::suchThat(
      rc::gen::mapcat(rc::gen::inRange<std::size_t>(1, 65),
                      [](std::size_t length) {
                        return rc::gen::container<std::string>(length,
                                                               rc::gen::elementOf(id_characters));
                      }),
      [](const std::string& text) { return check_device_id(text).has_value(); });
}

TopicKind kind_at(int index) { return static_cast<TopicKind>(index); }

bool has_a_name(TopicKind kind) {
  return kind != TopicKind::gateway_status && kind != TopicKind::lot_availability;
}

Topics demo() { return Topics(LotId::parse("demo").value()); }

}  // namespace

TEST_CASE("every topic is spelled as the contract's tables do", "[broker][topics]") {
  const Topics topics = demo();
  const SlotId slot = SlotId::parse("A-001").value();
  const GateId gate = GateId::parse("EXIT_GATE_01").value();
  const ZoneId zone = ZoneId::parse("A").value();
  CHECK(topics.slot_state(slot) == "parking/v1/demo/slots/A-001/state");
  CHECK(topics.device_status(slot) == "parking/v1/demo/devices/A-001/status");
  CHECK(topics.device_status(gate) == "parking/v1/demo/devices/EXIT_GATE_01/status");
  CHECK(topics.gate_scan(gate) == "parking/v1/demo/gates/EXIT_GATE_01/scan");
  CHECK(topics.gate_frame(gate) == "parking/v1/demo/gates/EXIT_GATE_01/frame");
  CHECK(topics.gate_button(gate) == "parking/v1/demo/gates/EXIT_GATE_01/button");
  CHECK(topics.gateway_status() == "parking/v1/demo/gateway/status");
  CHECK(topics.lot_availability() == "parking/v1/demo/availability");
  CHECK(topics.zone_availability(zone) == "parking/v1/demo/zones/A/availability");
  CHECK(topics.slot_status(slot) == "parking/v1/demo/slots/A-001/status");
  CHECK(topics.gate_decision(gate) == "parking/v1/demo/gates/EXIT_GATE_01/decision");
  CHECK(topics.gate_barrier(gate) == "parking/v1/demo/gates/EXIT_GATE_01/barrier");
  CHECK(topics.event("parking.session.closed.v1") ==
        "parking/v1/demo/events/parking.session.closed.v1");
  CHECK(topics.alert("clock_skew") == "parking/v1/demo/alerts/clock_skew");
  CHECK(topics.everything() == "parking/v1/demo/#");
}

TEST_CASE("the gateway hears whether a device is there before it hears a slot's state",
          "[broker][topics]") {
  const Topics topics = demo();
  CHECK(topics.device_filters() == std::vector<std::string>{
                                       "parking/v1/demo/devices/+/status",
                                       "parking/v1/demo/slots/+/state",
                                       "parking/v1/demo/gates/+/scan",
                                       "parking/v1/demo/gates/+/frame",
                                       "parking/v1/demo/gates/+/button",
                                   });
  CHECK(topics.retained_filters() == std::vector<std::string>{
                                         "parking/v1/demo/zones/+/availability",
                                         "parking/v1/demo/slots/+/status",
                                         "parking/v1/demo/gates/+/barrier",
                                     });
}

TEST_CASE("a topic that was spelled is read back as what it was", "[broker][topics]") {
  REQUIRE(rc::check([] {
    const auto lot = *id_text();
    const Topics topics(LotId::parse(lot).value());
    const TopicKind kind = kind_at(*rc::gen::inRange(0, static_cast<int>(topic_kind_count)));
    const std::string name = has_a_name(kind) ? *id_text() : std::string();
    const std::string topic = topics.spell(kind, name);
    RC_ASSERT(topics.parse(topic) == (ParsedTopic{kind, name}));
  }));
}

TEST_CASE("a topic with one character too many or changed is not read as what it was",
          "[broker][topics]") {
  REQUIRE(rc::check([] {
    const Topics topics = demo();
    const TopicKind kind = kind_at(*rc::gen::inRange(0, static_cast<int>(topic_kind_count)));
    const std::string name = has_a_name(kind) ? *id_text() : std::string();
    const std::string original = topics.spell(kind, name);
    std::string topic = original;
    const auto place = *rc::gen::inRange<std::size_t>(0, topic.size());
    const char intruder =
        *rc::gen::element('+', '#', '/', ' ', '$', '%', '\0', '\n', '\x7f', '\xff');
    if (*rc::gen::arbitrary<bool>())
      topic[place] = intruder;
    else
      topic.insert(place, 1, intruder);
    RC_PRE(topic != original);
    RC_ASSERT(topics.parse(topic) != (ParsedTopic{kind, name}));
  }));
}

TEST_CASE("whatever is read as a topic of the lot spells back to the same text",
          "[broker][topics]") {
  REQUIRE(rc::check([] {
    const Topics topics = demo();
    const std::vector<std::string> levels{"slots", "devices",      "gates",  "zones",  "gateway",
                                          "state", "availability", "status", "events", "alerts",
                                          "scan",  "A-001",        "",       "+",      "#",
                                          "a.b",   "barrier",      ".",      "demo"};
    std::string topic = "parking/v1/demo";
    for (int i = *rc::gen::inRange(0, 5); i > 0; --i) topic += '/' + *rc::gen::elementOf(levels);
    if (const auto parsed = topics.parse(topic))
      RC_ASSERT(topics.spell(parsed->kind, parsed->name) == topic);
  }));
}

TEST_CASE("topics that are not the lot's, or not exactly the contract's, are nobody's",
          "[broker][topics]") {
  const std::string long_name(65, 'a');
  const std::string topic = GENERATE_COPY(values<std::string>({
      "",
      "/",
      "parking",
      "parking/v1/demo",
      "parking/v1/demo/",
      "$SYS/broker/version",
      "parking/v1/other/slots/A-001/state",
      "parking/v2/demo/slots/A-001/state",
      "parking/v1/demo2/slots/A-001/state",
      "Parking/v1/demo/slots/A-001/state",
      "/parking/v1/demo/slots/A-001/state",
      "parking/v1/demo//slots/A-001/state",
      "parking/v1/demo/slots/A-001/state/",
      "parking/v1/demo/slots/A-001/states",
      "parking/v1/demo/slots/A-001/xstate",
      "parking/v1/demo/slots/A-001",
      "parking/v1/demo/slots//state",
      "parking/v1/demo/slots/state",
      "parking/v1/demo/slotsstate",
      "parking/v1/demo/slots/a/b/state",
      "parking/v1/demo/slots/+/state",
      "parking/v1/demo/slots/A 001/state",
      "parking/v1/demo/slots/A.001/state",
      "parking/v1/demo/slots/\xc3\xa4/state",
      std::string("parking/v1/demo/slots/A\0B/state", 31),
      "parking/v1/demo/slots/" + long_name + "/state",
      "parking/v1/demo/slots/gateway/state",
      "parking/v1/demo/devices/bridge/status",
      "parking/v1/demo/devices/dashboard-hall/status",
      "parking/v1/demo/gates/integration-ttn/scan",
      "parking/v1/demo/gateway/status/x",
      "parking/v1/demo/gateway",
      "parking/v1/demo/availability/x",
      "parking/v1/demo/availabilityx",
      "parking/v1/demo/events/",
      "parking/v1/demo/events/.",
      "parking/v1/demo/events/a..b",
      "parking/v1/demo/events/a.",
      "parking/v1/demo/events/a/b",
      "parking/v1/demo/alerts/a.b",
      "parking/v1/demo/zones/A/status",
  }));
  CAPTURE(topic);
  CHECK(demo().parse(topic) == std::nullopt);
}

TEST_CASE("only what the gateway owns is called the gateway's", "[broker][topics]") {
  CHECK_FALSE(is_from_gateway(TopicKind::slot_state));
  CHECK_FALSE(is_from_gateway(TopicKind::gate_button));
  CHECK(is_from_gateway(TopicKind::gateway_status));
  CHECK(is_from_gateway(TopicKind::slot_status));
  CHECK(is_from_gateway(TopicKind::alert));
}
