// The JSON that endpoints answer with; shapes of docs/contract/http.md. Any thread.
#pragma once

#include "edge/api/health.hpp"
#include "edge/engine/lot_view.hpp"

#include <cstdint>
#include <string>

namespace gatehouse::api {

/// GET /api/public/zones/
std::string zones_json(const engine::LotView& view);

enum class Overall : std::uint8_t { ok, degraded, failing };

/// Failing: the store cannot commit or the loop stands. Degraded: any other service is down.
Overall overall(const Health& health);

/// GET /api/public/health/
std::string health_json(const Health& health, Instant now);

}  // namespace gatehouse::api
