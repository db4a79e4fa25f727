// What lot.toml and the store say of the lot, put together for the engine.
#pragma once

#include "edge/engine/premises.hpp"
#include "edge/gateway/clock.hpp"
#include "edge/gateway/config.hpp"

namespace gatehouse::gateway {

/// `plan` and `calendar` outlive what is made. Throws std::runtime_error when a lane leads to a
/// zone that the store does not have.
engine::Premises make_premises(const Config& config, const LotPlan& plan,
                               const ZonedCalendar& calendar);

}  // namespace gatehouse::gateway
