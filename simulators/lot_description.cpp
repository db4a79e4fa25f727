#include "simulators/lot_description.hpp"

#include "edge/domain/ids.hpp"
#include "edge/domain/limits.hpp"
#include "edge/domain/plan.hpp"

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
  lot.zone_slots.push_back(static_cast<std::uint32_t>(slots->size()));
  lot.slots.insert(lot.slots.end(), slots->begin(), slots->end());
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
    if (const auto* zones = file["zones"].as_array()) {
      for (const auto& zone : *zones) {
        if (auto wrong = add_zone(lot, zone.as_table()))
          return Refusal(fmt::format("{}: {}", path, *wrong));
      }
    }
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
