#include "devices/sensors/decoders/decoder.hpp"

#include "devices/sensors/decoders/bosch_tps110.hpp"
#include "devices/sensors/decoders/libelium_v2.hpp"
#include "devices/sensors/decoders/nwave_nps405.hpp"
#include "devices/sensors/decoders/pni_placepod.hpp"

#include <algorithm>
#include <array>

namespace gatehouse::devices {
namespace {

constexpr std::array<Decoder, 4> table{{
    {"bosch_tps110", bosch_tps110::decode, true},
    {"libelium_v2", libelium_v2::decode, false},
    {"nwave_nps405", nwave_nps405::decode, true},
    {"pni_placepod", pni_placepod::decode, false},
}};

}  // namespace

std::span<const Decoder> decoders() { return table; }

const Decoder* find_decoder(std::string_view name) {
  const auto* found = std::ranges::find(table, name, &Decoder::name);
  return found == table.end() ? nullptr : found;
}

}  // namespace gatehouse::devices
