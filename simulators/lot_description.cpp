#include "simulators/lot_description.hpp"

#include "edge/domain/ids.hpp"
#include "edge/domain/limits.hpp"
#include "edge/domain/plan.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <unordered_set>

#include <fmt/format.h>
#include <toml++/toml.h>

namespace gatehouse::simulators {
namespace {

using Refusal = std::unexpected<std::string>;

/// The slot ids of one [[zones]] entry: a list of names, or a number of numbered ones.
std::expected<std::vector<std::string>, std::string> zone_slots(const toml::table& zone,
                                                                std::string_view id) {
  std::vector<std::string> slots;
  if (const auto count = zone["slots"].value<std::int64_t>()) {
    if (*count < 0 || static_cast<std::uint64_t>(*count) > limits::slots_max)
      return Refusal(fmt::format("slots of zone {}: 0 to {}", id, limits::slots_max));
    for (std::size_t number = 1; number <= static_cast<std::size_t>(*count); ++number)
      slots.push_back(numbered_slot_name(id, number));
    return slots;
  }
  const auto* names = zone["slots"].as_array();
  if (names == nullptr)
    return Refusal(fmt::format("slots of zone {}: expected a number or a list of names", id));
  for (const auto& entry : *names) {
    const auto name = entry.value<std::string>();
    if (!name) return Refusal(fmt::format("slots of zone {}: a name is a text", id));
    slots.push_back(*name);
  }
  return slots;
}

/// Adds one zone; a sentence when it cannot be.
std::optional<std::string> add_zone(LotDescription& lot, const toml::table* zone) {
  const auto id = zone == nullptr ? std::nullopt : (*zone)["id"].value<std::string>();
  if (!id || !check_id(*id)) return "[[zones]] needs an id of 1 to 64 characters [A-Za-z0-9_-]";
  const auto slots = zone_slots(*zone, *id);
  if (!slots) return slots.error();
  lot.zones.push_back(*id);
  lot.zone_slots.push_back(static_cast<std::uint32_t>(slots->size()));
  lot.slots.insert(lot.slots.end(), slots->begin(), slots->end());
  return std::nullopt;
}

std::optional<std::string> add_barrier(LotDescription& lot, const toml::table* barrier) {
  const auto id = barrier == nullptr ? std::nullopt : (*barrier)["id"].value<std::string>();
  if (!id || !check_id(*id)) return "[[barriers]] needs an id";
  constexpr std::int64_t unit_max = 255;
  const auto unit = (*barrier)["unit"].value_or(std::int64_t{1});
  if (unit < 0 || unit > unit_max) return fmt::format("unit of barrier {}: 0 to {}", *id, unit_max);
  lot.barriers.push_back({.id = *id,
                          .url = (*barrier)["url"].value_or(std::string("tcp://127.0.0.1:1502")),
                          .unit = static_cast<std::uint8_t>(unit),
                          .profile = (*barrier)["profile"].value_or(std::string("generic"))});
  return std::nullopt;
}

std::optional<LaneUse> parse_use(std::string_view text) {
  if (text == "entry") return LaneUse::entry;
  if (text == "exit") return LaneUse::exit;
  if (text == "both") return LaneUse::both;
  return std::nullopt;
}

/// Barriers and zones come first: a lane names them.
std::optional<std::string> add_lane(LotDescription& lot, const toml::table* lane) {
  const auto id = lane == nullptr ? std::nullopt : (*lane)["id"].value<std::string>();
  if (!id || !check_device_id(*id)) return "[[gates.lanes]] needs an id";
  const auto use = parse_use((*lane)["direction"].value_or(std::string("entry")));
  if (!use) return fmt::format("direction of lane {}: entry, exit or both", *id);
  LaneDescription described{.gate = *id, .use = *use, .barrier = {}, .zones = {}};
  if (const auto barrier = (*lane)["barrier"].value_or(std::string()); !barrier.empty()) {
    const auto found = std::ranges::find(lot.barriers, barrier, &BarrierDescription::id);
    if (found == lot.barriers.end())
      return fmt::format("lane {}: there is no barrier {}", *id, barrier);
    described.barrier = static_cast<std::size_t>(found - lot.barriers.begin());
  }
  if (const auto* zones = (*lane)["zones"].as_array()) {
    for (const auto& zone : *zones) {
      const auto found = std::ranges::find(lot.zones, zone.value_or(std::string()));
      if (found == lot.zones.end()) return fmt::format("lane {}: a zone that is none", *id);
      described.zones.push_back(static_cast<std::size_t>(found - lot.zones.begin()));
    }
  }
  if (described.zones.empty()) {
    described.zones.resize(lot.zones.size());
    std::iota(described.zones.begin(), described.zones.end(), std::size_t{0});
  }
  lot.lanes.push_back(std::move(described));
  return std::nullopt;
}

/// Adds each table of a list; a sentence when one cannot be.
template <class Add>
std::optional<std::string> add_each(LotDescription& lot, const toml::array* tables, Add add) {
  if (tables == nullptr) return std::nullopt;
  for (const auto& table : *tables) {
    if (auto wrong = add(lot, table.as_table())) return wrong;
  }
  return std::nullopt;
}

/// What must hold of every lot, wherever it came from.
std::expected<LotDescription, std::string> checked(LotDescription lot) {
  if (!check_id(lot.lot)) return Refusal("the lot's id: 1 to 64 characters of [A-Za-z0-9_-]");
  if (lot.slots.size() > limits::slots_max)
    return Refusal(fmt::format("at most {} slots", limits::slots_max));
  std::unordered_set<std::string_view> seen;
  for (const auto& slot : lot.slots) {
    if (const auto id = check_device_id(slot); !id)
      return Refusal(fmt::format("a slot's id: {}", describe(id.error())));
    if (!seen.insert(slot).second) return Refusal(fmt::format("slot {} is there twice", slot));
  }
  return lot;
}

std::string zone_name(std::uint32_t zone) {
  constexpr std::uint32_t letters = 26;
  return zone < letters ? std::string(1, static_cast<char>('A' + zone)) : fmt::format("Z{}", zone);
}

}  // namespace

std::expected<LotDescription, std::string> read_lot_file(std::string_view text,
                                                         std::string_view path) {
  try {
    const auto file = toml::parse(text, path);
    LotDescription lot;
    const auto id = file["lot"]["id"].value<std::string>();
    if (!id) return Refusal(fmt::format("{}: [lot] id is missing", path));
    lot.lot = *id;
    lot.broker_url = file["broker"]["url"].value_or(lot.broker_url);
    lot.ca_file = file["broker"]["ca_file"].value_or(lot.ca_file);
    const bool has_tls = !file["http"]["tls_cert_file"].value_or(std::string()).empty();
    if (const auto listen = file["http"]["listen"].value<std::string>())
      lot.http_url = fmt::format("{}://{}", has_tls ? "https" : "http", *listen);
    lot.minute_seconds = file["billing"]["minute_seconds"].value_or(lot.minute_seconds);
    if (lot.minute_seconds == 0) return Refusal(fmt::format("{}: minute_seconds is 0", path));
    auto wrong = add_each(lot, file["zones"].as_array(), add_zone);
    if (!wrong) wrong = add_each(lot, file["barriers"].as_array(), add_barrier);
    if (!wrong) wrong = add_each(lot, file["gates"]["lanes"].as_array(), add_lane);
    if (wrong) return Refusal(fmt::format("{}: {}", path, *wrong));
    auto result = checked(std::move(lot));
    if (!result) return Refusal(fmt::format("{}: {}", path, result.error()));
    return result;
  } catch (const toml::parse_error& error) {
    return Refusal(fmt::format("{}:{}: {}", path, error.source().begin.line, error.description()));
  }
}

std::expected<LotDescription, std::string> numbered_lot(std::string_view lot, std::uint32_t zones,
                                                        std::uint32_t slots) {
  if (zones == 0 || zones > limits::zones_max)
    return Refusal(fmt::format("1 to {} zones", limits::zones_max));
  if (slots > limits::slots_max) return Refusal(fmt::format("at most {} slots", limits::slots_max));
  LotDescription result;
  result.lot = lot;
  for (std::uint32_t zone = 0; zone < zones; ++zone) {
    const auto here = slots / zones + (zone < slots % zones ? 1 : 0);
    result.zones.push_back(zone_name(zone));
    result.zone_slots.push_back(here);
    for (std::uint32_t number = 1; number <= here; ++number)
      result.slots.push_back(numbered_slot_name(zone_name(zone), number));
  }
  return checked(std::move(result));
}

void keep_first(LotDescription& lot, std::uint32_t slots) {
  if (lot.slots.size() <= slots) return;
  lot.slots.resize(slots);
  auto left = slots;
  for (auto& here : lot.zone_slots) {
    here = std::min(here, left);
    left -= here;
  }
}

}  // namespace gatehouse::simulators
