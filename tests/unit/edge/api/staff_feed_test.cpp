#include "edge/api/staff_feed.hpp"

#include "edge/api/limits.hpp"
#include "edge/engine/gate_payloads.hpp"
#include "tests/unit/edge/api/counter.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace gatehouse::api {
namespace {

struct Heard {
  std::string event;
  nlohmann::json data;
};

std::vector<Heard> heard_in(const std::vector<Chunk>& chunks) {
  std::string text;
  for (const Chunk& chunk : chunks) text += *chunk;
  std::vector<Heard> heard;
  std::istringstream lines(text);
  std::string event;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("event: ")) event = line.substr(7);
    if (line.starts_with("data: ")) heard.push_back({event, nlohmann::json::parse(line.substr(6))});
  }
  return heard;
}

struct Office {
  GatePlan gates = three_gates();
  StaffFeed feed{gates, 64 * 1024};

  std::vector<Heard> hear(StaffFeed::Reader& reader) {
    std::vector<Heard> all;
    for (auto chunks = feed.next(reader, ten_o_clock); !chunks.empty();
         chunks = feed.next(reader, ten_o_clock)) {
      for (Heard& heard : heard_in(chunks)) all.push_back(std::move(heard));
    }
    return all;
  }
  bool note(const engine::Effects& effects) {
    const bool soon = feed.mark(effects);
    feed.publish(ten_o_clock);
    return soon;
  }
};

store::Alert alert_of(const std::string& id) {
  return {.id = id,
          .kind = "tailgate",
          .severity = store::Severity::warning,
          .subject = "EXIT_GATE_01",
          .message = "Two cars went out",
          .raised_at = ten_o_clock,
          .cleared_at = {}};
}

engine::Effects told_of(const store::Alert& alert) {
  engine::Effects effects;
  effects.alerts.push_back(
      {alert.kind, engine::alert_json(alert), alert.id, alert.cleared_at.has_value()});
  return effects;
}

TEST_CASE("staff hear the barriers first, then what happens, in order", "[api][stream]") {
  Office office;
  office.feed.listen(true);
  StaffFeed::Reader reader = office.feed.begin(ten_o_clock);
  const auto first = office.hear(reader);
  REQUIRE(first.size() == 2);  // HAND_GATE has none
  CHECK(first[0].event == "barrier");
  CHECK(first[0].data["gate"] == "ENTRY_GATE_01");
  CHECK(first[0].data["barrier"] == "b1");
  CHECK(first[0].data["state"] == "unreachable");
  CHECK(first[0].data["ts"] == "2026-11-20T10:00:00.123Z");

  engine::Effects effects;
  effects.barriers.push_back({GateIndex(1), {.state = engine::BarrierState::opening}});
  effects.decisions.push_back({GateIndex(1), R"({"scan_id":"s1","decision":"open"})"});
  effects.scans.push_back({GateIndex(1), R"({"scan_id":"s1"})"});
  CHECK(office.feed.mark(effects));
  CHECK_FALSE(office.feed.mark(effects));
  CHECK(office.hear(reader).empty());  // gathered until published
  office.feed.publish(ten_o_clock);
  const auto heard = office.hear(reader);
  REQUIRE(heard.size() == 5);
  CHECK(heard[0].event == "scan");
  CHECK(heard[1].event == "decision");
  CHECK(heard[1].data["decision"] == "open");
  CHECK(heard[4].event == "barrier");
  CHECK(heard[4].data["state"] == "opening");
  // Who comes later is told how it is, not how it came to be.
  StaffFeed::Reader later = office.feed.begin(ten_o_clock);
  const auto state = office.hear(later);
  REQUIRE(state.size() == 2);
  CHECK(state[1].data["state"] == "opening");
}

TEST_CASE("staff hear of the alerts that are open", "[api][stream]") {
  Office office;
  store::Alert cleared = alert_of("a1");
  office.note(told_of(cleared));
  cleared.cleared_at = ten_o_clock;
  office.note(told_of(cleared));
  office.note(told_of(alert_of("a2")));
  // Read from the store before a1 was cleared, told after it.
  office.feed.remember({alert_of("a1"), alert_of("a2"), alert_of("a3")});
  office.feed.listen(true);
  StaffFeed::Reader reader = office.feed.begin(ten_o_clock);
  const auto state = office.hear(reader);
  REQUIRE(state.size() == 4);
  CHECK(state[2].event == "alert");
  CHECK(state[2].data["id"] == "a2");
  CHECK(state[3].data["id"] == "a3");
  store::Alert over = alert_of("a3");
  over.cleared_at = ten_o_clock;
  CHECK(office.note(told_of(over)));
  const auto heard = office.hear(reader);
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].data["cleared"] == true);
  StaffFeed::Reader later = office.feed.begin(ten_o_clock);
  CHECK(office.hear(later).size() == 3);
}

TEST_CASE("who is too slow gets the state anew, and nothing grows without bound", "[api][stream]") {
  Office office;
  office.feed.listen(true);
  StaffFeed::Reader slow = office.feed.begin(ten_o_clock);
  office.hear(slow);
  for (int i = 0; i < 200; ++i) {
    engine::Effects effects;
    effects.decisions.push_back({GateIndex(0), R"({"pad":")" + std::string(1000, 'x') + "\"}"});
    office.note(effects);
    CHECK(office.feed.kept_bytes() <= 64 * 1024 + limits::chunk_bytes_max);
  }
  const auto heard = heard_in(office.feed.next(slow, ten_o_clock));
  REQUIRE_FALSE(heard.empty());
  CHECK(heard.front().event == "barrier");
  CHECK(office.hear(slow).empty());

  engine::Effects flood;
  for (std::size_t i = 0; i < 2 * limits::staff_events_waiting_max; ++i)
    flood.scans.push_back({GateIndex(0), std::to_string(i)});
  office.feed.mark(flood);
  office.feed.publish(ten_o_clock);
  const auto last = office.hear(slow);
  CHECK(last.size() == limits::staff_events_waiting_max);
  CHECK(last.back().data == 2 * limits::staff_events_waiting_max - 1);
}

}  // namespace
}  // namespace gatehouse::api
