// Stays that are longer than the lot calls usual (`billing.long_stay_hours`): an alert each, raised
// once and cleared when the session ends. The engine's thread.
#pragma once

#include "edge/engine/turn.hpp"

#include <string_view>

namespace gatehouse::engine {

/// Its subject is the session's id.
inline constexpr std::string_view long_stay_alert = "long_stay";

/// Now and then: those that have become so.
void look_for_long_stays(Turn& turn);

}  // namespace gatehouse::engine
