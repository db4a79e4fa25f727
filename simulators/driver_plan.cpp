#include "simulators/driver_plan.hpp"

#include <array>
#include <string_view>

namespace gatehouse::simulators {
namespace {

constexpr std::uint32_t counter_per_million = 300'000;
constexpr std::uint32_t short_visit_per_million = 80'000;
constexpr std::uint32_t overstay_factor = 4;

std::uint32_t below(Random& chance, std::uint32_t bound) {
  return static_cast<std::uint32_t>(chance.below(bound));
}

/// DL01AB1234
std::string draw_number(Random& chance) {
  constexpr std::array<std::string_view, 6> districts = {"DL01", "DL08", "KA05",
                                                         "MH12", "TN09", "HR26"};
  // Neither I nor O: they read as digits.
  constexpr std::string_view letters = "ABCDEFGHJKLMNPQRSTUVWXYZ";
  std::string number(districts.at(chance.below(districts.size())));
  for (int i = 0; i < 2; ++i) number += letters[chance.below(letters.size())];
  for (int i = 0; i < 4; ++i) number += static_cast<char>('0' + chance.below(10));
  return number;
}

std::uint32_t draw_stay(Random& chance, const DriverHabits& habits, std::uint32_t mean_minutes) {
  const auto usual = mean_minutes / 10 + below(chance, mean_minutes * 9 / 5 + 1);
  const auto brief = 1 + below(chance, 4);
  const bool is_brief = chance.chance(short_visit_per_million);
  const bool is_long = chance.chance(habits.overstays);
  if (is_long) return usual * overstay_factor;
  return is_brief ? brief : usual;
}

}  // namespace

DriverPlan draw_plan(Random& chance, const DriverHabits& habits, std::uint32_t mean_stay_minutes) {
  DriverPlan plan{.vehicle_number = draw_number(chance),
                  .stay_minutes = draw_stay(chance, habits, mean_stay_minutes)};
  plan.taste = below(chance, 1'000'000);
  plan.asks_at_counter = chance.chance(counter_per_million);
  plan.scans_twice = chance.chance(habits.scans_twice);
  plan.parks_wrongly = chance.chance(habits.parks_wrongly);
  plan.loses_ticket = chance.chance(habits.loses_ticket);
  plan.tailgates = chance.chance(habits.tailgates);
  plan.hurries = chance.chance(habits.hurries);
  return plan;
}

}  // namespace gatehouse::simulators
