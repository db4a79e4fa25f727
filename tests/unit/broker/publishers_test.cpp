// What waits to be said to gates and of events, while a broker comes and goes.
#include "broker/event_publisher.hpp"
#include "broker/gate_publisher.hpp"
#include "edge/engine/gate_payloads.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/unit/edge/store/stores.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::broker;
using namespace std::chrono_literals;

namespace {

class Deaf final : public LinkListener {
 public:
  void connected() noexcept override {}
  void disconnected() noexcept override {}
  void received(std::string_view /*topic*/, std::string_view /*payload*/, bool /*retained*/,
                std::span<const UserProperty> /*properties*/) noexcept override {}
  void window_open() noexcept override {}
};

const LotId demo = LotId::parse("demo").value();

GatePlan two_gates() {
  return {{{.id = GateId::parse("IN").value(), .barrier = BarrierIndex(0), .zones = {ZoneIndex(0)}},
           {.id = GateId::parse("OUT").value(), .zones = {ZoneIndex(0)}}},
          {BarrierId::parse("b1").value()}};
}

/// A source whose link never connects: what it would send is taken from it by hand.
template <class Publisher>
class Waiting {
 public:
  template <class... Arguments>
  explicit Waiting(Arguments&&... arguments)
      : publisher(std::forward<Arguments>(arguments)...), pump_({&publisher}) {
    pump_.use(link_);
    publisher.use(pump_);
  }
  void commits(engine::Effects effects) {
    publisher.act(store_->begin().commit(std::move(effects)));
  }
  std::vector<std::string> says() {
    std::vector<std::string> all;
    while (auto message = publisher.next()) all.push_back(message->topic + " " + message->payload);
    return all;
  }

 private:
  store::tests::TestStore store_;
  Deaf deaf_;
  Link link_{{}, {"will", "{}"}, deaf_};

 public:
  Publisher publisher;

 private:
  Pump pump_;
};

engine::Effects decision(std::string payload, bool is_later = false) {
  engine::Effects effects;
  effects.decisions.push_back({GateIndex(1), std::move(payload), is_later});
  return effects;
}

engine::Effects alert(std::string payload) {
  engine::Effects effects;
  effects.alerts.push_back({"tailgate", std::move(payload), "a1", false});
  return effects;
}

engine::Effects barrier(engine::BarrierState state) {
  engine::Effects effects;
  effects.barriers.push_back({GateIndex(0), {.state = state, .cycles = {}}});
  return effects;
}

store::StoredOutboxRow row(std::uint64_t sequence) {
  return {.epoch = 1, .sequence = sequence, .type = "parking.x.v1", .subject = "s", .data = "{}"};
}

using Place = std::optional<store::OutboxPlace>;

engine::Effects events(Place after, std::uint64_t first, std::uint64_t last) {
  engine::Effects effects;
  effects.events = engine::EventsHandedOut{after, {}};
  for (std::uint64_t i = first; i <= last; ++i) effects.events->rows.push_back(row(i));
  return effects;
}

engine::Effects growth() {
  engine::Effects effects;
  effects.outbox_grew = true;
  return effects;
}

/// What the engine was asked for, if it was.
std::optional<engine::EventsAsked> asked(engine::Inbox& inbox) {
  engine::Batch batch;
  inbox.take(batch);
  return batch.asked;
}

}  // namespace

TEST_CASE("decisions are said once, in their order, before the barrier's newest state",
          "[broker][publisher]") {
  const gatehouse::tests::ManualClock clock;
  const GatePlan gates = two_gates();
  const Topics topics(demo);
  Waiting<GatePublisher> lot(gates, topics, clock);
  lot.publisher.connected();
  lot.commits(barrier(engine::BarrierState::opening));
  lot.commits(decision("one"));
  lot.commits(barrier(engine::BarrierState::open));
  lot.commits(decision("two"));
  const auto said = lot.says();
  REQUIRE(said.size() == 3);
  CHECK(said[0] == "parking/v1/demo/gates/OUT/decision one");
  CHECK(said[1] == "parking/v1/demo/gates/OUT/decision two");
  CHECK_THAT(said[2], Catch::StartsWith("parking/v1/demo/gates/IN/barrier "));
  CHECK_THAT(said[2], Catch::Contains(R"("state":"open")"));
  CHECK(lot.says().empty());
}

TEST_CASE("a broker that comes back is shown every barrier, and no answer that is asked for again",
          "[broker][publisher]") {
  const gatehouse::tests::ManualClock clock;
  const GatePlan gates = two_gates();
  const Topics topics(demo);
  Waiting<GatePublisher> lot(gates, topics, clock);
  lot.publisher.connected();
  lot.commits(barrier(engine::BarrierState::closed));
  lot.commits(decision("before"));
  lot.publisher.disconnected();
  lot.commits(decision("while away"));
  CHECK(lot.says().empty());
  lot.publisher.connected();
  const auto said = lot.says();
  REQUIRE(said.size() == 1);
  CHECK_THAT(said[0], Catch::Contains("IN/barrier"));
}

TEST_CASE("what nobody asks for again waits for a broker that was away", "[broker][publisher]") {
  gatehouse::tests::ManualClock clock;
  const GatePlan gates = two_gates();
  const Topics topics(demo);
  Waiting<GatePublisher> lot(gates, topics, clock);
  // Also what is decided before there is a connection at all.
  if (GENERATE(true, false)) lot.publisher.connected(), lot.publisher.disconnected();
  lot.commits(alert("raised"));
  lot.commits(decision("scan again", true));
  CHECK(lot.says().empty());
  SECTION("for a moment") {
    clock.pass(59s);
    lot.publisher.connected();
    CHECK(lot.says() == std::vector<std::string>{"parking/v1/demo/alerts/tailgate raised",
                                                 "parking/v1/demo/gates/OUT/decision scan again"});
  }
  SECTION("but not until other cars stand there") {
    clock.pass(60s);
    lot.publisher.connected();
    CHECK(lot.says() == std::vector<std::string>{"parking/v1/demo/alerts/tailgate raised"});
  }
}

TEST_CASE("events go out in order, and the next are asked for when they are out",
          "[broker][events]") {
  engine::Inbox inbox(1);
  const Topics topics(demo);
  Waiting<EventPublisher> lot(demo, topics, inbox);
  lot.publisher.connected();
  const auto first = asked(inbox);
  REQUIRE(first);
  CHECK_FALSE(first->after);
  lot.commits(events(std::nullopt, 8, 9));
  const auto said = lot.says();
  REQUIRE(said.size() == 2);
  CHECK_THAT(said[0], Catch::StartsWith("parking/v1/demo/events/parking.x.v1 "));
  CHECK_THAT(said[0], Catch::Contains(R"("id":"demo-1-8")"));
  CHECK_THAT(said[1], Catch::Contains(R"("sequence":"0000000000000009")"));
  const auto next = asked(inbox);
  REQUIRE(next);
  CHECK(next->after == store::OutboxPlace{1, 9});
  CHECK_FALSE(next->taken);  // the window may hold both
}

TEST_CASE("with nothing more to publish nobody asks until the outbox grows", "[broker][events]") {
  engine::Inbox inbox(1);
  const Topics topics(demo);
  Waiting<EventPublisher> lot(demo, topics, inbox);
  lot.publisher.connected();
  REQUIRE(asked(inbox));
  lot.commits(events(std::nullopt, 1, 0));
  CHECK_FALSE(asked(inbox));
  lot.commits(growth());
  CHECK(asked(inbox));
}

TEST_CASE("what tells the cloud of the outbox itself is passed over", "[broker][events]") {
  engine::Inbox inbox(1);
  const Topics topics(demo);
  Waiting<EventPublisher> lot(demo, topics, inbox);
  lot.publisher.connected();
  REQUIRE(asked(inbox));
  auto some = events(std::nullopt, 1, 3);
  some.events->rows[0].type = "parking.lot.restored.v1";
  some.events->rows[2].type = "parking.outbox.thinned.v1";
  lot.commits(std::move(some));
  const auto said = lot.says();
  REQUIRE(said.size() == 1);
  CHECK_THAT(said[0], Catch::Contains(R"("id":"demo-1-2")"));
  const auto next = asked(inbox);
  REQUIRE(next);
  // Nothing but that: the next are asked for all the same.
  auto none = events(next->after, 4, 4);
  none.events->rows[0].type = "parking.outbox.thinned.v1";
  lot.commits(std::move(none));
  CHECK(lot.says().empty());
  const auto last = asked(inbox);
  REQUIRE(last);
  CHECK(last->after == store::OutboxPlace{1, 4});
}

TEST_CASE("what was lost with a connection is asked for again", "[broker][events]") {
  engine::Inbox inbox(1);
  const Topics topics(demo);
  Waiting<EventPublisher> lot(demo, topics, inbox);
  lot.publisher.connected();
  REQUIRE(asked(inbox));
  lot.commits(events(std::nullopt, 1, 40));
  CHECK(lot.says().size() == 40);
  const auto before = asked(inbox);
  REQUIRE(before);
  // More than the window can hold were handed over since.
  const store::OutboxPlace surely_taken{1, 40 - Link::window_max};
  CHECK(before->taken == surely_taken);
  CHECK(before->after == store::OutboxPlace{1, 40});
  lot.publisher.disconnected();
  lot.publisher.connected();
  // The answer to the question of before: it leaves out what was lost.
  lot.commits(events(store::OutboxPlace{1, 40}, 41, 42));
  CHECK(lot.says().empty());
  const auto again = asked(inbox);
  REQUIRE(again);
  CHECK(again->after == surely_taken);
}
