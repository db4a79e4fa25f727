// [lot], [store] and [[zones]].
#include "edge/domain/limits.hpp"
#include "edge/domain/plan.hpp"
#include "edge/gateway/clock.hpp"
#include "edge/gateway/config/readers.hpp"

#include <fmt/format.h>

namespace gatehouse::gateway {
namespace {

using namespace std::chrono_literals;
using namespace std::string_view_literals;

constexpr std::array<std::pair<std::string_view, Language>, 2> languages = {
    {{"en", Language::en}, {"hi", Language::hi}}};
constexpr std::array<std::pair<std::string_view, std::string_view>, 1> currencies = {
    {{"INR", "INR"}}};

// More bands than quarters of an hour would leave none of them a purpose.
constexpr std::size_t rate_bands_max = 96;

/// Who has which id so far, by the path of the zone.
struct TakenIds {
  std::unordered_map<std::string, std::string> zones;
  std::unordered_map<std::string, std::string> slots;
};

void take_slot(Section& zone, std::string_view key, const std::string& name, store::ZoneSeed& seed,
               TakenIds& taken) {
  const auto slot = SlotId::parse(name);
  if (!slot) {
    zone.problem(key, fmt::format("expected {}; the slot would be called \"{}\"",
                                  rules::device_id.expected, name));
    return;
  }
  const auto [holder, is_new] = taken.slots.emplace(name, zone.path());
  if (!is_new) {
    zone.problem(key,
                 fmt::format("expected slot ids that are unique over the lot; {} has \"{}\" too",
                             holder->second, name));
    return;
  }
  seed.slots.push_back(*slot);
}

void read_numbered_slots(Section& zone, bool has_id, store::ZoneSeed& seed, TakenIds& taken) {
  const auto count = zone.number<std::size_t>("slots", 10, 1, limits::slots_max);
  if (!has_id) return;
  for (std::size_t i = 1; i <= count; ++i) {
    take_slot(zone, "slots", numbered_slot_name(seed.zone.id.text(), i), seed, taken);
    if (seed.slots.size() < i) return;  // one problem says it for all of them
  }
}

void read_slots(Section& zone, bool has_id, store::ZoneSeed& seed, TakenIds& taken) {
  const TomlNode* node = zone.node("slots");
  const auto* list = node == nullptr ? nullptr : std::get_if<TomlList>(&node->value);
  const bool is_count = node == nullptr || std::holds_alternative<std::int64_t>(node->value);
  if (is_count) return read_numbered_slots(zone, has_id, seed, taken);
  if (list == nullptr || list->empty()) {
    return zone.wrong("slots", *node, "a number of slots, or a list of their names");
  }
  const auto names = zone.texts("slots", {}, rules::device_id);
  for (const std::string& name : names) take_slot(zone, "slots", name, seed, taken);
}

std::vector<RateBand> read_rates(std::vector<Section> rates, Section& zone, Paise hourly_rate) {
  std::vector<std::pair<RateBand, std::string>> bands_read;
  if (rates.size() > rate_bands_max) {
    zone.problem("rates", fmt::format("expected at most {} bands", rate_bands_max));
    rates.clear();
  }
  for (Section& rate : rates) {
    const std::size_t problems_before = zone.problem_count();
    for (const std::string_view key : {"from"sv, "to"sv, "hourly_rate"sv}) {
      if (rate.node(key) == nullptr) rate.wrong(key, "from, to and hourly_rate");
    }
    const RateBand band{.from = rate.time_of_day("from", 0min),
                        .to = rate.time_of_day("to", 24h, true),
                        .hourly_rate = rate.money("hourly_rate", hourly_rate)};
    if (zone.problem_count() != problems_before) continue;
    if (band.from == band.to) {
      rate.wrong("to", "another time than `from`; for the whole day use hourly_rate of the zone");
      continue;
    }
    for (const auto& [other, path] : bands_read) {
      if (!overlap(other, band)) continue;
      rate.problem("from", fmt::format("expected bands that do not overlap; {} holds some of the "
                                       "same time",
                                       path));
    }
    bands_read.emplace_back(band, rate.path());
  }
  std::vector<RateBand> bands;
  for (const auto& [band, path] : bands_read) bands.push_back(band);
  return bands;
}

store::ZoneSeed read_zone(Section& zone, TakenIds& taken) {
  const std::size_t problems_before = zone.problem_count();
  store::ZoneSeed seed{.zone = {.id = read_id<ZoneId>(zone, "id"), .name = {}, .rates = {}},
                       .slots = {}};
  const bool has_id = zone.problem_count() == problems_before;
  if (has_id) {
    const auto [holder, is_new] = taken.zones.emplace(seed.zone.id.text(), zone.path());
    if (!is_new) zone.wrong("id", fmt::format("an id that {} does not have", holder->second));
  }
  seed.zone.name = zone.text("name", "Zone " + seed.zone.id.text(), rules::name);
  seed.zone.rates.hourly_rate = zone.money("hourly_rate", Paise(5000));
  seed.zone.walk_in = zone.flag("walk_in", true);
  seed.zone.operating_hours = zone.text("operating_hours", "00:00-24:00", rules::opening_hours);
  seed.zone.contact = zone.text("contact", "", rules::short_text);
  seed.zone.location = zone.text("location", "", rules::short_text);
  seed.zone.features = zone.texts("features", {}, rules::name);
  seed.zone.rates.bands = read_rates(zone.tables("rates"), zone, seed.zone.rates.hourly_rate);
  read_slots(zone, has_id, seed, taken);
  return seed;
}

}  // namespace

LotSettings read_lot(Section lot) {
  LotSettings settings{.id = read_id<LotId>(lot, "id")};
  settings.name = lot.text("name", "Demo lot", rules::name);
  settings.timezone = lot.text("timezone", "Asia/Kolkata");
  if (!is_time_zone(settings.timezone))
    lot.wrong("timezone", "an IANA time zone, like \"Asia/Kolkata\"");
  settings.currency = lot.choice("currency", "INR"sv, currencies);
  settings.language = lot.choice("language", Language::en, languages);
  settings.address = lot.text("address", "", rules::short_text);
  settings.latitude = lot.coordinate("latitude", 90);
  settings.longitude = lot.coordinate("longitude", 180);
  return settings;
}

StoreSettings read_store(Section store, const Surroundings& around) {
  StoreSettings settings{
      .path = around.resolve(store.text("path", "gatehouse.db", rules::file_name)),
      .keys_path = around.resolve(store.text("keys_path", "gatehouse.keys", rules::file_name))};
  if (settings.path == settings.keys_path) store.wrong("keys_path", "another file than store.path");
  return settings;
}

std::vector<store::ZoneSeed> read_zones(std::vector<Section> zones) {
  std::vector<store::ZoneSeed> seeds;
  TakenIds taken;
  for (Section& zone : zones) seeds.push_back(read_zone(zone, taken));
  if (seeds.size() > limits::zones_max) {
    zones.back().problem("id", fmt::format("expected at most {} zones", limits::zones_max));
  }
  if (taken.slots.size() > limits::slots_max) {
    zones.back().problem("slots", fmt::format("expected at most {} slots in the lot; found {}",
                                              limits::slots_max, taken.slots.size()));
  }
  return seeds;
}

}  // namespace gatehouse::gateway
