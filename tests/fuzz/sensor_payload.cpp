// Whatever a sensor, or whoever took its place, sends: a reading or a reason, never a crash.
//
// The first byte of an input chooses the reader, the second is the port for raw frames; the rest
// is the payload.
#include "devices/sensors/base64.hpp"
#include "devices/sensors/decoders/decoder.hpp"
#include "devices/sensors/native.hpp"
#include "devices/sensors/profile_reader.hpp"
#include "edge/domain/invariant.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

using namespace gatehouse;
using namespace gatehouse::devices;

namespace {

ProfileReader made(const SensorProfile& profile) {
  auto reader = ProfileReader::make(profile);
  require(reader.has_value(), "the fuzzer's own profiles can be used");
  return std::move(*reader);
}

SensorProfile bare() {
  SensorProfile profile;
  profile.name = "bare";
  profile.topic = "x/{slot}";
  profile.occupied_values = {std::int64_t{1}, true, "ON"};
  profile.free_values = {std::int64_t{0}, false, "OFF"};
  return profile;
}

SensorProfile things_stack() {
  SensorProfile profile = bare();
  profile.occupied = "/uplink_message/decoded_payload/occupied";
  profile.port = "/uplink_message/f_port";
  profile.ports = {1};
  profile.absent_is_free = true;
  profile.ts = "/received_at";
  profile.seq = "/uplink_message/f_cnt";
  profile.battery = "/uplink_message/rx_metadata/0/battery";
  return profile;
}

SensorProfile raw(std::string_view decoder) {
  SensorProfile profile = things_stack();
  profile.occupied = "";
  profile.ports = {};
  profile.absent_is_free = false;
  profile.decoder = decoder;
  profile.bytes = "/uplink_message/frm_payload";
  return profile;
}

void check(const Reading& reading) {
  require(!reading.battery_percent || *reading.battery_percent <= 100, "a battery is 0 to 100 %");
}

template <class Result>
void check(const Result& read) {
  if (!read) {
    require(!name(read.error()).empty(), "every rejection has a word");
  } else if constexpr (requires { read->occupied; }) {
    check(*read);
  }
}

struct Readers {
  SensorReader native;
  std::vector<ProfileReader> profiles;
  Readers() {
    profiles.push_back(made(bare()));
    profiles.push_back(made(things_stack()));
    for (const Decoder& decoder : decoders()) profiles.push_back(made(raw(decoder.name)));
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Readers readers;
  if (size < 2) return 0;
  const std::size_t choice = data[0] % (4 + readers.profiles.size());
  const std::uint8_t port = data[1];
  const std::span<const std::uint8_t> bytes(data + 2, size - 2);
  const std::string_view payload(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  switch (choice) {
    case 0:
      check(readers.native.read_state(payload, TopicId{"A-001"}));
      break;
    case 1:
      check(readers.native.read_status(payload, TopicId{"A-001"}));
      break;
    case 2:
      for (const Decoder& decoder : decoders()) check(decoder.decode(bytes, port));
      break;
    case 3:
      check(Frame::from_base64(payload));
      break;
    default:
      check(readers.profiles[choice - 4].read(payload));
      break;
  }
  return 0;
}
