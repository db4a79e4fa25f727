// The lot's devices and how they feel: each slot's sensor, and each lane's barrier
// (docs/contract/http.md, `/api/admin/devices/`).
//
// A connection's thread; failure is a StoreError.
#pragma once

#include "edge/api/reading.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::api {

enum class DeviceKind : std::uint8_t { sensor, barrier };
std::optional<DeviceKind> parse_device_kind(std::string_view text);

enum class DeviceState : std::uint8_t {
  ok,
  low_battery,  // a fifth of it is left, or less
  fault,        // of a barrier
  offline,
  silent,  // of a sensor that was not heard for too long
  never,   // of a slot without a sensor so far
};
std::optional<DeviceState> parse_device_state(std::string_view text);
std::string_view name(DeviceState state);

struct DeviceFilter {
  std::optional<DeviceKind> kind;
  std::optional<DeviceState> state;
  std::string zone;
};

/// How many devices feel how, by DeviceState.
using DeviceCounts = std::array<std::int64_t, 6>;
DeviceCounts count_devices(const ReadingRoom& room, store::Reader& reader);

Listed page_of_devices(const ReadingRoom& room, store::Reader& reader, const DeviceFilter& filter,
                       const Paging& paging);

Fields alert_fields(const store::Alert& alert);

}  // namespace gatehouse::api
