#include "devices/barriers/profile.hpp"

#include "edge/domain/invariant.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace gatehouse::devices {
namespace {

using Space = ModbusAddress::Space;
using Pulse = BarrierCommand::Pulse;

BarrierInput discrete_input(std::uint16_t address) {
  return {.read = {Space::discrete_input, address}, .values = {}, .not_value = {}};
}

BarrierProfile generic() {
  return {.name = "generic",
          .open = {.coil = 0, .pulse = Pulse::gateway},
          .close = {.coil = 1, .pulse = Pulse::gateway},
          .arm_open = discrete_input(0),
          .arm_closed = discrete_input(1),
          .presence = discrete_input(2),
          .safety = discrete_input(3),
          .fault = discrete_input(4),
          .cycles = CycleCounter{
              .read = {Space::input_register, 0}, .words = 2, .high_word_first = true}};
}

/// Waveshare Modbus RTU Relay: function 5 at 0x0200 + relay is "flash on", which the module times
/// itself, so that nothing stays energised when the line or the gateway goes away.
BarrierProfile relay8() {
  return {.name = "relay8",
          .open = {.coil = 0x0200, .pulse = Pulse::flash},
          .close = {.coil = 0x0201, .pulse = Pulse::flash},
          .arm_open = discrete_input(0),
          .arm_closed = discrete_input(1),
          .presence = discrete_input(2),
          .safety = discrete_input(3),
          .fault = std::nullopt,
          .cycles = std::nullopt};
}

/// CAME GARD PTX (ZLB30B) with the module 803XC-0020; its manual counts registers from 40001.
BarrierProfile came() {
  const ModbusAddress gate_status{Space::holding_register, 100};
  const ModbusAddress last_error{Space::holding_register, 103};
  return {.name = "came",
          .open = {.coil = 1, .pulse = Pulse::once},
          .close = {.coil = 3, .pulse = Pulse::once},
          .arm_open = BarrierInput{.read = gate_status, .values = {16}, .not_value = {}},
          .arm_closed = BarrierInput{.read = gate_status, .values = {17}, .not_value = {}},
          .presence = std::nullopt,
          .safety = std::nullopt,
          .fault = BarrierInput{.read = last_error, .values = {}, .not_value = 0},
          .cycles = CycleCounter{
              .read = {Space::holding_register, 104}, .words = 2, .high_word_first = false}};
}

}  // namespace

std::span<const BarrierProfile> built_in_profiles() {
  static const std::array<BarrierProfile, 3> profiles = {generic(), relay8(), came()};
  return profiles;
}

BarrierProfile profile_of(const BarrierSettings& settings, std::span<const BarrierProfile> own) {
  const BarrierProfile* found = nullptr;
  for (const auto& profiles : {built_in_profiles(), own}) {
    const auto place = std::ranges::find(profiles, settings.profile, &BarrierProfile::name);
    if (found == nullptr && place != profiles.end()) found = &*place;
  }
  require(found != nullptr, "a barrier's profile exists");
  BarrierProfile profile = *found;
  const std::array<std::pair<const char*, std::optional<BarrierInput>*>, 5> signals = {
      {{"arm_open", &profile.arm_open},
       {"arm_closed", &profile.arm_closed},
       {"presence", &profile.presence},
       {"safety", &profile.safety},
       {"fault", &profile.fault}}};
  for (const auto& [name, signal] : signals) {
    if (const auto over = settings.inputs.find(name); over != settings.inputs.end()) {
      *signal = over->second;
    }
  }
  return profile;
}

}  // namespace gatehouse::devices
