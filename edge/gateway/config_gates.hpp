// What [gates], [[gates.lanes]], [[barriers]] and [[barrier_profiles]] of lot.toml say
// (docs/contract/config-and-cli.md, modbus.md). What barriers are made of is devices' own.
// Values; any thread.
#pragma once

#include "devices/barriers/settings.hpp"
#include "edge/domain/gates.hpp"
#include "edge/domain/ids.hpp"
#include "edge/engine/gate_rules.hpp"

#include <string>
#include <vector>

namespace gatehouse::gateway {

struct LaneSettings {
  GateId id;
  LaneDirection direction = LaneDirection::entry;
  std::string barrier;        // "": none, staff wave cars through
  std::vector<ZoneId> zones;  // empty: all
  bool operator==(const LaneSettings&) const = default;
};

struct GateSettings : engine::GateRules {
  std::vector<LaneSettings> lanes;
  bool operator==(const GateSettings&) const = default;
};

using devices::BarrierCommand;
using devices::BarrierInput;
using devices::BarrierProfile;
using devices::BarrierSettings;
using devices::CycleCounter;
using devices::ModbusAddress;

}  // namespace gatehouse::gateway
