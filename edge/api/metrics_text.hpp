// Samples in the Prometheus text format (version 0.0.4).
#pragma once

#include "edge/engine/metrics.hpp"

#include <string>
#include <vector>

namespace gatehouse::api {

/// Samples of one name stand together, in the order in which names first came. Any thread.
std::string metrics_text(const std::vector<engine::Sample>& samples);

}  // namespace gatehouse::api
