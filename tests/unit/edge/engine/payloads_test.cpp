#include "edge/engine/payloads.hpp"

#include <memory>

#include <catch2/catch.hpp>

namespace gatehouse::engine {
namespace {

constexpr Instant ten_o_clock{std::chrono::sys_days(std::chrono::year(2026) / 11 / 20) +
                              std::chrono::hours(10) + std::chrono::milliseconds(123)};

std::unique_ptr<const LotPlan> plan_with_names(std::string lot_name, std::string zone_name) {
  std::vector<ZonePlan> zones{{.id = ZoneId::parse("A").value(), .name = std::move(zone_name)}};
  std::vector<SlotPlan> slots{{SlotId::parse("A-001").value(), ZoneIndex(0)}};
  return std::make_unique<const LotPlan>(LotId::parse("demo").value(), std::move(lot_name),
                                         std::move(zones), std::move(slots));
}

Availability the_contracts_example() {
  Availability availability;
  for (int i = 0; i < 3; ++i) availability.counts.add(SlotStatus::occupied);
  availability.counts.add(SlotStatus::reserved);
  for (int i = 0; i < 6; ++i) availability.counts.add(SlotStatus::free);
  availability.available = 6;
  availability.hourly_rate = Paise(5000);
  availability.seq = 42;
  availability.at = ten_o_clock;
  return availability;
}

TEST_CASE("a zone's availability reads as the contract shows it", "[engine][payloads]") {
  const auto plan = plan_with_names("Demo lot", "Zone A");
  CHECK(availability_json(*plan, ZoneIndex(0), the_contracts_example()) ==
        R"({"zone":"A","name":"Zone A","total":10,"occupied":3,"reserved":1,"unknown":0,)"
        R"("out_of_service":0,"available":6,"occupancy_percent":30.0,"hourly_rate_paise":5000,)"
        R"("active":true,"seq":42,"ts":"2026-11-20T10:00:00.123Z"})");
}

TEST_CASE("the lot's totals carry the lot's name and no zone", "[engine][payloads]") {
  const auto plan = plan_with_names("Demo lot", "Zone A");
  const std::string json = availability_json(*plan, std::nullopt, the_contracts_example());
  CHECK(json.starts_with(R"({"name":"Demo lot","total":10,)"));
}

TEST_CASE("occupancy has one decimal, rounded half up", "[engine][payloads]") {
  const auto plan = plan_with_names("Demo lot", "Zone A");
  const auto [occupied, others, text] = GENERATE(table<int, int, const char*>({
      {0, 0, "0.0"},
      {0, 7, "0.0"},
      {1, 2, "33.3"},
      {2, 1, "66.7"},
      {1, 1999, "0.1"},
      {5, 0, "100.0"},
  }));
  Availability availability;
  for (int i = 0; i < occupied; ++i) availability.counts.add(SlotStatus::occupied);
  for (int i = 0; i < others; ++i) availability.counts.add(SlotStatus::free);
  CHECK(availability_json(*plan, ZoneIndex(0), availability)
            .contains(std::string(R"("occupancy_percent":)") + text + ","));
}

TEST_CASE("whatever stands in a name, the JSON holds", "[engine][payloads]") {
  const auto [name, text] = GENERATE(table<std::string, std::string>({
      {R"(the "east" wing)", R"(the \"east\" wing)"},
      {R"(a\b)", R"(a\\b)"},
      {"two\nlines\tand a tab", R"(two\u000alines\u0009and a tab)"},
      {std::string("nul\0!", 5), R"(nul\u0000!)"},
      {"पार्किंग ₹", "पार्किंग ₹"},
  }));
  const auto plan = plan_with_names("Demo lot", name);
  CHECK(availability_json(*plan, ZoneIndex(0), {})
            .starts_with(R"({"zone":"A","name":")" + text + R"(","total":0,)"));
}

TEST_CASE("a closed zone says so", "[engine][payloads]") {
  const auto plan = plan_with_names("Demo lot", "Zone A");
  CHECK(availability_json(*plan, ZoneIndex(0), {.counts = {}, .active = false})
            .contains(R"("active":false,)"));
}

TEST_CASE("a slot's status reads as the contract shows it", "[engine][payloads]") {
  const auto plan = plan_with_names("Demo lot", "Zone A");
  const auto [status, word, occupied] = GENERATE(table<SlotStatus, const char*, const char*>({
      {SlotStatus::free, "free", "false"},
      {SlotStatus::reserved, "reserved", "false"},
      {SlotStatus::occupied, "occupied", "true"},
      {SlotStatus::unknown, "unknown", "null"},
      {SlotStatus::out_of_service, "out_of_service", "false"},
  }));
  const Instant since = ten_o_clock - std::chrono::hours(1);
  CHECK(slot_status_json(*plan, SlotIndex(0), {status, since}, ten_o_clock) ==
        std::string(R"({"slot":"A-001","zone":"A","status":")") + word + R"(","occupied":)" +
            occupied + R"(,"since":"2026-11-20T09:00:00.123Z","ts":"2026-11-20T10:00:00.123Z"})");
}

}  // namespace
}  // namespace gatehouse::engine
