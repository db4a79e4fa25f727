// What the lot's MQTT says, and which event, or which reason to drop it, it becomes.
#include "edge/gateway/intake.hpp"

#include "edge/domain/limits.hpp"
#include "tests/support/manual_clock.hpp"

#include <map>

#include <catch2/catch.hpp>
#include <spdlog/spdlog.h>

using namespace gatehouse;
using namespace gatehouse::gateway;

namespace {

constexpr const char* state_of_a1 = "parking/v1/demo/slots/A-001/state";
constexpr const char* status_of_a1 = "parking/v1/demo/devices/A-001/status";

/// What is dropped is logged; a test's own output is not the place for it.
class QuietLog {
 public:
  QuietLog() : before_(spdlog::get_level()) { spdlog::set_level(spdlog::level::off); }
  QuietLog(const QuietLog&) = delete;
  QuietLog& operator=(const QuietLog&) = delete;
  ~QuietLog() { spdlog::set_level(before_); }

 private:
  spdlog::level::level_enum before_;
};

/// Wired as the gateway does it, but that the link is never started.
class Listening {
 public:
  Listening() {
    publisher_.use(pump_);
    pump_.use(link_);
  }

  void hears(std::string_view topic, std::string_view payload, bool retained = false) {
    intake.received(topic, payload, retained, {});
  }
  std::vector<engine::SensorEvent> events() {
    engine::Batch batch;
    inbox_.take(batch);
    return batch.sensors;
  }
  /// What gates and their readers said.
  std::vector<engine::UrgentEvent> urgent() {
    engine::Batch batch;
    inbox_.take(batch);
    return batch.urgent;
  }
  /// The only event there is, which must be of a gate.
  engine::GateScanned scanned() {
    const auto all = urgent();
    REQUIRE(all.size() == 1);
    return std::get<engine::GateScanned>(all[0]);
  }
  /// The only event there is, which must be a slot's state.
  engine::SlotReported state() {
    const auto all = events();
    REQUIRE(all.size() == 1);
    return std::get<engine::SlotReported>(all[0]);
  }
  /// How often something was dropped for each reason that there was.
  std::map<std::string, int> rejections() const {
    std::map<std::string, int> reasons;
    for (const engine::Sample& sample : samples()) {
      if (sample.name != "gatehouse_mqtt_rejected_total" || sample.value == 0) continue;
      reasons[sample.labels.at(0).second] = static_cast<int>(sample.value);
    }
    return reasons;
  }
  double received() const { return samples().at(0).value; }

  gatehouse::tests::ManualClock clock;

 private:
  std::vector<engine::Sample> samples() const {
    std::vector<engine::Sample> all;
    intake.collect(all);
    return all;
  }

  const QuietLog quiet_;
  const std::shared_ptr<const LotPlan> plan_ = std::make_shared<const LotPlan>(
      LotId::parse("demo").value(), "Demo lot",
      std::vector<ZonePlan>{{.id = ZoneId::parse("A").value()}},
      std::vector<SlotPlan>{{SlotId::parse("A-001").value(), ZoneIndex(0)},
                            {SlotId::parse("A-002").value(), ZoneIndex(0)}});
  const broker::Topics topics_{plan_->lot()};
  engine::Inbox inbox_{plan_->slots().size()};
  engine::LotView view_{plan_};
  const GatePlan gates_{{{.id = GateId::parse("G1").value(), .zones = {ZoneIndex(0)}},
                         {.id = GateId::parse("G2").value(), .zones = {ZoneIndex(0)}}},
                        {}};
  broker::LotPublisher publisher_{view_, gates_, topics_, {"5f0c", "1.2.3", {}}, clock};
  broker::Pump pump_{{&publisher_}};

 public:
  Intake intake{*plan_, gates_, topics_, inbox_, clock, publisher_, pump_};

 private:
  broker::Link link_{{}, {topics_.gateway_status(), "{}"}, intake};
};

devices::ProfileReader things_network() {
  auto reader = devices::ProfileReader::make(
      {.name = "ttn-parking",
       .topic = "v3/+/devices/{device}/up",
       .occupied = "/uplink_message/decoded_payload/occupied",
       .occupied_values = {true},
       .free_values = {false},
       .map = {{"eui-70b3d5", "A-001"}, {"eui-of-another-lot", "Z-001"}}});
  if (!reader) FAIL(reader.error());
  return std::move(*reader);
}

std::string uplink(const std::string& occupied) {
  return R"({"uplink_message":{"decoded_payload":{"occupied":)" + occupied + "}}}";
}

}  // namespace

TEST_CASE("a sensor's state becomes an event of its slot", "[gateway][intake]") {
  Listening lot;
  lot.clock.pass(std::chrono::seconds(7));
  lot.hears("parking/v1/demo/slots/A-002/state",
            R"({"occupied":true,"ts":"2026-11-20T12:00:05.000Z","seq":17,"battery":0.87})");
  const auto event = lot.state();
  CHECK(event.slot == SlotIndex(1));
  CHECK(event.reading.occupied == true);
  CHECK(event.reading.seq == 17);
  CHECK(event.reading.ts == gatehouse::tests::ManualClock::start + std::chrono::seconds(5));
  CHECK(event.reading.battery_percent == 87);
  CHECK(event.received.utc == lot.clock.now().utc);
  CHECK(event.received.steady == lot.clock.now().steady);
  CHECK(lot.rejections().empty());
  CHECK(lot.received() == 1);
}

TEST_CASE("what comes out of the broker's memory is marked so", "[gateway][intake]") {
  const bool retained = GENERATE(true, false);
  Listening lot;
  lot.hears(state_of_a1, R"({"occupied":true})", retained);
  CHECK(lot.state().retained == retained);
}

TEST_CASE("a sensor's status becomes an event of its slot", "[gateway][intake]") {
  Listening lot;
  lot.hears(status_of_a1, R"({"online":true,"firmware":"1.4.2"})", true);
  lot.hears(status_of_a1, R"({"online":false})");
  const auto events = lot.events();
  REQUIRE(events.size() == 2);
  const auto& online = std::get<engine::SensorReported>(events[0]);
  CHECK(online.slot == SlotIndex(0));
  CHECK(online.online);
  CHECK(online.firmware == "1.4.2");
  CHECK(online.received.utc == lot.clock.now().utc);
  CHECK_FALSE(std::get<engine::SensorReported>(events[1]).online);
}

TEST_CASE("a scan becomes an event of its gate", "[gateway][intake]") {
  Listening lot;
  lot.hears("parking/v1/demo/gates/G2/scan",
            R"({"scan_id":"9f0c","code":"PARK-1","ts":"2026-11-20T12:00:05.000Z",)"
            R"("payment_method":"CASH","more":1})");
  const auto scanned = lot.scanned();
  CHECK(scanned.gate == GateIndex(1));
  CHECK(scanned.kind == engine::ScanKind::scan);
  CHECK(scanned.scan_id == "9f0c");
  CHECK(scanned.code == "PARK-1");
  CHECK(scanned.payment_method == PaymentMethod::cash);
  CHECK(scanned.device_ts == gatehouse::tests::ManualClock::start + std::chrono::seconds(5));
  CHECK(scanned.received.utc == lot.clock.now().utc);
}

TEST_CASE("a press becomes an event of its gate, with or without a number plate",
          "[gateway][intake]") {
  const auto [vehicle, number] = GENERATE(table<std::string, std::string>({
      {R"(,"vehicle_number":"dl-01-ab-1234")", "DL01AB1234"},
      {R"(,"vehicle_number":"?")", ""},  // a misread plate keeps nobody out
      {"", ""},
  }));
  Listening lot;
  lot.hears("parking/v1/demo/gates/G1/button", R"({"press_id":"7")" + vehicle + "}");
  const auto pressed = lot.scanned();
  CHECK(pressed.kind == engine::ScanKind::press);
  CHECK(pressed.scan_id == "7");
  CHECK((pressed.vehicle ? pressed.vehicle->text() : "") == number);
}

TEST_CASE("a scan or a press out of the broker's memory is nobody's", "[gateway][intake]") {
  Listening lot;
  lot.hears("parking/v1/demo/gates/G1/scan", R"({"scan_id":"1","code":"PARK-1"})", true);
  lot.hears("parking/v1/demo/gates/G1/button", R"({"press_id":"1"})", true);
  CHECK(lot.urgent().empty());
  CHECK(lot.rejections() == std::map<std::string, int>{{"retained_command", 2}});
}

TEST_CASE("a reader's status becomes an event of its gate", "[gateway][intake]") {
  Listening lot;
  lot.hears("parking/v1/demo/devices/G2/status", R"({"online":false})");
  const auto all = lot.urgent();
  REQUIRE(all.size() == 1);
  const auto& reported = std::get<engine::ReaderReported>(all[0]);
  CHECK(reported.gate == GateIndex(1));
  CHECK_FALSE(reported.online);
}

TEST_CASE("a message that cannot be used is dropped and counted by its reason",
          "[gateway][intake]") {
  struct Unusable {
    std::string sentence;
    std::string topic;
    std::string payload;
    std::string reason;
  };
  const std::string large =
      R"({"occupied":true,"note":")" + std::string(limits::json_bytes_max, 'x') + R"("})";
  const auto [sentence, topic, payload, reason] = GENERATE_COPY(values<Unusable>({
      {"no JSON", state_of_a1, "occupied", "bad_json"},
      {"nothing", state_of_a1, "", "empty"},
      {"no object", state_of_a1, "[true]", "not_an_object"},
      {"occupied is missing", state_of_a1, R"({"seq":1})", "missing_member"},
      {"occupied is no truth", state_of_a1, R"({"occupied":"yes"})", "wrong_type"},
      {"a time that is none", state_of_a1, R"({"occupied":true,"ts":"noon"})", "bad_time"},
      {"another slot's id", state_of_a1, R"({"occupied":true,"slot":"A-002"})", "contradicting_id"},
      {"another lot's id", state_of_a1, R"({"occupied":true,"lot":"other"})", "contradicting_id"},
      {"too large to be parsed", state_of_a1, large, "oversize"},
      {"a status too large", status_of_a1, large, "oversize"},
      {"a status without online", status_of_a1, "{}", "missing_member"},
      {"a slot the lot does not have", "parking/v1/demo/slots/Z-001/state", R"({"occupied":true})",
       "unknown_slot"},
      {"a device the lot does not have", "parking/v1/demo/devices/Z-001/status",
       R"({"online":true})", "unknown_slot"},
      {"a topic of nobody's", "v3/demo/devices/eui-70b3d5/up", "{}", "unknown_topic"},
      {"another lot's sensor", "parking/v1/other/slots/A-001/state", R"({"occupied":true})",
       "unknown_topic"},
      {"something large on a topic of nobody's", "v3/demo", large, "oversize"},
      {"a scan at a gate the lot does not have", "parking/v1/demo/gates/G9/scan",
       R"({"scan_id":"1","code":"PARK-1"})", "unknown_gate"},
      {"a scan without its id", "parking/v1/demo/gates/G1/scan", R"({"code":"PARK-1"})",
       "missing_member"},
      {"a scan without a code", "parking/v1/demo/gates/G1/scan", R"({"scan_id":"1"})",
       "missing_member"},
      {"a scan of another gate", "parking/v1/demo/gates/G1/scan",
       R"({"scan_id":"1","code":"PARK-1","gate":"G2"})", "contradicting_id"},
      {"an id that could not be repeated", "parking/v1/demo/gates/G1/scan",
       R"({"scan_id":"a b","code":"PARK-1"})", "wrong_type"},
      {"a way of paying that is none", "parking/v1/demo/gates/G1/scan",
       R"({"scan_id":"1","code":"PARK-1","payment_method":"CARD"})", "wrong_type"},
      {"a press without its id", "parking/v1/demo/gates/G1/button", "{}", "missing_member"},
  }));
  CAPTURE(sentence);
  Listening lot;
  lot.hears(topic, payload);
  CHECK(lot.events().empty());
  CHECK(lot.rejections() == std::map<std::string, int>{{reason, 1}});
  CHECK(lot.received() == 1);
}

TEST_CASE("after anything unusable the next message is read as ever", "[gateway][intake]") {
  Listening lot;
  for (int i = 0; i < 1'000; ++i) lot.hears(state_of_a1, "{");
  lot.hears(state_of_a1, R"({"occupied":false})");
  CHECK(lot.state().reading.occupied == false);
  CHECK(lot.rejections() == std::map<std::string, int>{{"bad_json", 1'000}});
}

TEST_CASE("the largest payload that the contract allows is read", "[gateway][intake]") {
  Listening lot;
  std::string payload = R"({"occupied":true,"note":"")";
  payload.insert(payload.size() - 1, limits::json_bytes_max - payload.size() - 1, 'x');
  payload += "}";
  REQUIRE(payload.size() == limits::json_bytes_max);
  lot.hears(state_of_a1, payload);
  CHECK(lot.state().reading.occupied == true);
}

TEST_CASE("another maker's message is read by its profile", "[gateway][intake]") {
  Listening lot;
  std::vector<devices::ProfileReader> profiles;
  profiles.push_back(things_network());
  lot.intake.use_profiles(std::move(profiles));
  const bool retained = GENERATE(true, false);
  lot.hears("v3/demo/devices/eui-70b3d5/up", uplink("true"), retained);
  const auto event = lot.state();
  CHECK(event.slot == SlotIndex(0));
  CHECK(event.reading.occupied == true);
  CHECK(event.retained == retained);
  CHECK(event.received.utc == lot.clock.now().utc);
}

TEST_CASE("a device whose name is its slot's needs no map", "[gateway][intake]") {
  Listening lot;
  std::vector<devices::ProfileReader> profiles;
  profiles.push_back(things_network());
  lot.intake.use_profiles(std::move(profiles));
  lot.hears("v3/demo/devices/A-002/up", uplink("false"));
  const auto event = lot.state();
  CHECK(event.slot == SlotIndex(1));
  CHECK(event.reading.occupied == false);
}

TEST_CASE("another maker's unusable message is dropped and counted", "[gateway][intake]") {
  const auto [device, payload, reason] = GENERATE(table<std::string, std::string, std::string>({
      {"eui-70b3d5", "{}", "missing_member"},
      {"eui-70b3d5", uplink("\"maybe\""), "unknown_value"},
      {"eui-of-another-lot", uplink("true"), "unknown_slot"},
      {"eui-of-nobody", uplink("true"), "unknown_slot"},
      {"eui-70b3d5", std::string(limits::json_bytes_max + 1, ' '), "oversize"},
  }));
  Listening lot;
  std::vector<devices::ProfileReader> profiles;
  profiles.push_back(things_network());
  lot.intake.use_profiles(std::move(profiles));
  lot.hears("v3/demo/devices/" + device + "/up", payload);
  CHECK(lot.events().empty());
  CHECK(lot.rejections() == std::map<std::string, int>{{reason, 1}});
}

TEST_CASE("new profiles take the place of those before", "[gateway][intake]") {
  Listening lot;
  std::vector<devices::ProfileReader> profiles;
  profiles.push_back(things_network());
  lot.intake.use_profiles(std::move(profiles));
  lot.intake.use_profiles({});
  lot.hears("v3/demo/devices/eui-70b3d5/up", uplink("true"));
  CHECK(lot.events().empty());
  CHECK(lot.rejections() == std::map<std::string, int>{{"unknown_topic", 1}});
}

TEST_CASE("statuses are subscribed to before states, and each profile after them",
          "[gateway][intake]") {
  Listening lot;
  std::vector<devices::ProfileReader> profiles;
  profiles.push_back(things_network());
  lot.intake.use_profiles(std::move(profiles));
  const auto all = lot.intake.subscriptions();
  REQUIRE(all.size() >= 3);
  CHECK(all[0].filter == "parking/v1/demo/devices/+/status");
  CHECK(all[1].filter == "parking/v1/demo/slots/+/state");
  CHECK(all.back().filter == "v3/+/devices/+/up");
  for (const broker::Subscription& subscription : all) CHECK(subscription.qos == 1);
}

TEST_CASE("the gateway's own topics are neither events nor mistakes", "[gateway][intake]") {
  const auto [topic, payload] = GENERATE(table<std::string, std::string>({
      {"parking/v1/demo/slots/A-001/status", R"({"status":"free"})"},
      {"parking/v1/demo/slots/Z-001/status", R"({"status":"free"})"},  // of a slot that is gone
      {"parking/v1/demo/slots/Z-001/status", ""},                      // cleared just now
      {"parking/v1/demo/zones/A/availability", "{}"},
      {"parking/v1/demo/gateway/status", R"({"online":false})"},
  }));
  Listening lot;
  lot.hears(topic, payload, true);
  CHECK(lot.events().empty());
  CHECK(lot.rejections().empty());
}
