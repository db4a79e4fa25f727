// The gateway's own status, and a publisher whose broker is away. What reaches a broker, and in
// which order, is seen where there is one: tests/integration.
#include "broker/lot_publisher.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::broker;

namespace {

constexpr Instant ten_o_clock{std::chrono::sys_days(std::chrono::year(2026) / 11 / 20) +
                              std::chrono::hours(10) + std::chrono::milliseconds(123)};

class Deaf final : public LinkListener {
 public:
  void connected() noexcept override {}
  void disconnected() noexcept override {}
  void received(std::string_view /*topic*/, std::string_view /*payload*/, bool /*retained*/,
                std::span<const UserProperty> /*properties*/) noexcept override {}
  void window_open() noexcept override {}
};

class StoppedClock final : public engine::Clock {
 public:
  [[nodiscard]] Moment now() const override { return {ten_o_clock, Steady{}}; }
};

}  // namespace

TEST_CASE("the gateway's status reads as the contract shows it", "[broker][publisher]") {
  const auto [online, word] =
      GENERATE(table<bool, std::string>({{true, "true"}, {false, "false"}}));
  const Identity identity{"5f0c", "1.2.3", ten_o_clock - std::chrono::hours(1)};
  CHECK(gateway_status_json(identity, online, ten_o_clock) ==
        R"({"online":)" + word +
            R"(,"instance":"5f0c","version":"1.2.3","started":"2026-11-20T09:00:00.123Z",)"
            R"("ts":"2026-11-20T10:00:00.123Z"})");
}

TEST_CASE("while the broker is away the publisher waits, and nothing else does",
          "[broker][publisher]") {
  const auto plan = std::make_shared<const LotPlan>(
      LotId::parse("demo").value(), "Demo lot",
      std::vector<ZonePlan>{{.id = ZoneId::parse("A").value()}},
      std::vector<SlotPlan>{{SlotId::parse("A-001").value(), ZoneIndex(0)}});
  const engine::LotView view(plan);
  const Topics topics(plan->lot());
  const StoppedClock clock;
  Deaf deaf;
  const GatePlan gates;
  LotPublisher publisher(view, gates, topics, {"5f0c", "1.2.3", ten_o_clock}, clock);
  Link link({}, {topics.gateway_status(), "{}"}, deaf);
  Pump pump({&publisher});
  pump.use(link);
  publisher.use(pump);
  CHECK_FALSE(link.has_room());
  pump.on_connected();
  publisher.on_own_topic({TopicKind::slot_status, "A-999"});
  CHECK(publisher.next()->topic == topics.gateway_status());
  pump.on_disconnected();
  pump.run();
  CHECK_FALSE(publisher.next().has_value());
  CHECK_FALSE(link.publish({topics.gateway_status(), "{}"}));
}
