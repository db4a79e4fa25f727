#include "simulators/lot_figures.hpp"

#include "simulators/lot_wire.hpp"

#include <fmt/format.h>

namespace gatehouse::simulators {
namespace {

// Ids and words are checked where they come in: none needs escaping.
std::string barrier_json(const std::string& id, const BarrierView& view) {
  return fmt::format(
      R"("{}":{{"arm":"{}","cycles":{},"closed_over_vehicle":{},"forced":{},"requests":{}}})", id,
      name(view.arm), view.cycles, view.closed_over_vehicle, view.forced, view.requests);
}

/// Joins what `write` makes of each, with commas.
template <class Range, class Write>
std::string joined(const Range& range, const char* between, Write write) {
  std::string text;
  for (const auto& each : range) {
    if (!text.empty()) text += between;
    text += write(each);
  }
  return text;
}

}  // namespace

std::string figures_line(const DriverFigures& drivers) {
  std::uint64_t refused = 0;
  for (const auto& [reason, count] : drivers.refusals) refused += count;
  auto line = fmt::format("inside {:<4} entries {:<5} exits {:<5} takings ₹{}", drivers.inside,
                          drivers.entries, drivers.exits, rupees(drivers.takings_paise));
  if (refused > 0)
    line += fmt::format("   refused {}: {}", refused,
                        joined(drivers.refusals, ", ", [](const auto& each) {
                          return fmt::format("{} {}", each.first, each.second);
                        }));
  if (drivers.stranded > 0) line += fmt::format("   stranded {}", drivers.stranded);
  return line;
}

std::string summary_json(const LotFigures& figures) {
  const auto& drivers = figures.drivers;
  auto json = fmt::format(
      R"({{"lot":"{}","seed":{},"took_ms":{},"arrived":{},"drove_past":{},"went_away":{},)"
      R"("entries":{},"exits":{},"inside":{},"payments":{},"takings_paise":{},"tailgated":{},)"
      R"("turned_back":{},"stranded":{},"unanswered":{},)",
      figures.lot, figures.seed, figures.took.count(), drivers.arrived, drivers.drove_past,
      drivers.went_away, drivers.entries, drivers.exits, drivers.inside, drivers.payments,
      drivers.takings_paise, drivers.tailgated, drivers.turned_back, drivers.stranded,
      drivers.unanswered);
  json += fmt::format(R"("refusals":{{{}}},)", joined(drivers.refusals, ",", [](const auto& each) {
                        return fmt::format(R"("{}":{})", each.first, each.second);
                      }));
  json += fmt::format(R"("readers":{{"asked":{},"repeated":{},"answered":{}}},)",
                      figures.readers.asked, figures.readers.repeated, figures.readers.answered);
  json += fmt::format(R"("barriers":{{{}}}}})", joined(figures.barriers, ",", [](const auto& each) {
                        return barrier_json(each.first, each.second);
                      }));
  return json;
}

}  // namespace gatehouse::simulators
