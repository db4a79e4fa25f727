// [gates] of lot.toml: how long a scan is worth something (docs/contract/config-and-cli.md).
// A value; any thread.
#pragma once

#include <chrono>
#include <cstdint>

namespace gatehouse::engine {

struct GateRules {
  std::chrono::seconds scan_ttl{15};
  std::chrono::milliseconds debounce{3000};
  std::chrono::seconds reopen_window{120};
  std::chrono::seconds pay_wait{600};
  std::uint32_t bad_codes_per_minute = 10;
  bool operator==(const GateRules&) const = default;
};

}  // namespace gatehouse::engine
