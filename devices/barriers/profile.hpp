// The register profiles of barriers, as data: which signal is where, how it is pulsed, how states
// are read (docs/contract/modbus.md).
//
//   const BarrierProfile profile = profile_of(settings, profiles_of_the_lot);
//
// Values; any thread.
#pragma once

#include "devices/barriers/settings.hpp"

#include <span>

namespace gatehouse::devices {

/// `generic`, `relay8` and `came`.
std::span<const BarrierProfile> built_in_profiles();

/// The profile that `settings` names, built in or one of `own`, with its `inputs` laid over.
/// The name is one that exists: the configuration was read.
BarrierProfile profile_of(const BarrierSettings& settings, std::span<const BarrierProfile> own);

}  // namespace gatehouse::devices
