#include "edge/domain/ids.hpp"

#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <unordered_set>

#include <catch2/catch.hpp>

using namespace gatehouse;

TEST_CASE("an id is 1 to 64 letters, digits, underscores and hyphens", "[domain][ids]") {
  const auto [text, expected] = GENERATE(table<std::string, std::optional<IdError>>({
      {"A", std::nullopt},
      {"A-001", std::nullopt},
      {"ENTRY_GATE_01", std::nullopt},
      {"0", std::nullopt},
      {"-", std::nullopt},
      {std::string(64, 'x'), std::nullopt},
      {"", IdError::empty},
      {std::string(65, 'x'), IdError::too_long},
      {std::string(100'000, 'x'), IdError::too_long},
      {"A 001", IdError::bad_character},
      {"A/001", IdError::bad_character},
      {"+", IdError::bad_character},
      {"#", IdError::bad_character},
      {"$SYS", IdError::bad_character},
      {"A.001", IdError::bad_character},
      {"É", IdError::bad_character},
      {"A\n", IdError::bad_character},
      {std::string("A\0B", 3), IdError::bad_character},
      {"'; --", IdError::bad_character},
      {"../etc", IdError::bad_character},
  }));
  CAPTURE(text);
  const auto zone = ZoneId::parse(text);
  CHECK(zone.has_value() == !expected.has_value());
  if (expected) {
    CHECK(zone.error() == *expected);
  } else {
    CHECK(zone->text() == text);
  }
}

TEST_CASE("a slot or gate may not take a user name the broker keeps", "[domain][ids]") {
  const auto [text, reserved] = GENERATE(table<std::string, bool>({
      {"gateway", true},
      {"bridge", true},
      {"dashboard-hall", true},
      {"dashboard-", true},
      {"integration-ttn", true},
      {"gateway2", false},
      {"Gateway", false},
      {"dashboard", false},
      {"integration", false},
      {"my-bridge", false},
      {"A-dashboard-1", false},
  }));
  CAPTURE(text);
  CHECK(SlotId::parse(text).has_value() == !reserved);
  CHECK(GateId::parse(text).has_value() == !reserved);
  if (reserved) CHECK(SlotId::parse(text).error() == IdError::reserved);
  // Zones and lots are nobody's user name.
  CHECK(ZoneId::parse(text).has_value());
  CHECK(LotId::parse(text).has_value());
}

TEST_CASE("ids of different things cannot be mixed up", "[domain][ids]") {
  STATIC_REQUIRE_FALSE(std::is_convertible_v<SlotId, ZoneId>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<SlotId, ZoneId>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<SlotId, std::string>);
  STATIC_REQUIRE_FALSE(std::is_default_constructible_v<SlotId>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<SlotIndex, ZoneIndex>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<int, SlotIndex>);
}

TEST_CASE("ids order and hash by their text, capitals and small letters apart", "[domain][ids]") {
  const auto a1 = SlotId::parse("A-001").value();
  const auto a2 = SlotId::parse("A-002").value();
  CHECK(a1 == SlotId::parse("A-001").value());
  CHECK(a1 < a2);
  CHECK(a1 != SlotId::parse("a-001").value());
  std::unordered_set<SlotId> seen{a1, a2, SlotId::parse("A-001").value()};
  CHECK(seen.size() == 2);
}

TEST_CASE("every reason for refusing an id has a sentence of its own", "[domain][ids]") {
  std::unordered_set<std::string_view> sentences;
  for (const auto error :
       {IdError::empty, IdError::too_long, IdError::bad_character, IdError::reserved}) {
    CHECK_FALSE(describe(error).empty());
    sentences.insert(describe(error));
  }
  CHECK(sentences.size() == 4);
}
