// What a barrier tells the engine, in one type.
#pragma once

#include "edge/engine/barriers.hpp"

#include <functional>
#include <variant>
#include <vector>

namespace gatehouse::devices {

using BarrierReport =
    std::variant<engine::BarrierReported, engine::OpeningReported, engine::IntrusionReported>;
using BarrierReports = std::vector<BarrierReport>;
/// Called on the thread of the barrier's bus; returns at once and does not throw.
using TellBarrierReport = std::function<void(const BarrierReport&)>;

}  // namespace gatehouse::devices
