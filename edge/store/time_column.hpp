// How an Instant stands in a row: milliseconds since 1970 UTC. For the files of edge/store.
#pragma once

#include "edge/domain/time.hpp"

#include <cstdint>

namespace gatehouse::store {

inline std::int64_t to_column(Instant instant) { return instant.time_since_epoch().count(); }
inline Instant from_column(std::int64_t milliseconds) {
  return Instant(std::chrono::milliseconds(milliseconds));
}

}  // namespace gatehouse::store
