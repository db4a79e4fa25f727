// Profiles, addresses and frames of barriers, as data and as bytes (docs/contract/modbus.md).
#include "devices/barriers/endpoint.hpp"
#include "devices/barriers/frames.hpp"
#include "devices/barriers/input_plan.hpp"
#include "devices/barriers/low_descriptor.hpp"
#include "devices/barriers/profile.hpp"

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::devices;
using Bytes = std::vector<std::uint8_t>;
using Words = std::vector<std::uint16_t>;
using Space = ModbusAddress::Space;

namespace {

BarrierProfile profile(const std::string& name) {
  BarrierSettings settings;
  settings.profile = name;
  return profile_of(settings, {});
}
template <class Range>
Bytes bytes(const Range& range) {
  return Bytes(range.begin(), range.end());
}

}  // namespace

TEST_CASE("A profile is read with one request for each block", "[barriers][profile]") {
  CHECK(InputPlan(profile("generic")).blocks() ==
        std::vector<ReadBlock>{{{Space::discrete_input, 0}, 5, false},
                               {{Space::input_register, 0}, 2, true}});
  CHECK(InputPlan(profile("relay8")).blocks() ==
        std::vector<ReadBlock>{{{Space::discrete_input, 0}, 4, false}});
  CHECK(InputPlan(profile("came")).blocks() ==
        std::vector<ReadBlock>{{{Space::holding_register, 100}, 1, false},
                               {{Space::holding_register, 103}, 3, false}});
}

TEST_CASE("generic: signals are discrete inputs 0 to 4, the counter has its high word first",
          "[barriers][profile]") {
  const InputPlan plan(profile("generic"));
  const std::vector<Words> answers = {{1, 0, 1, 0, 1}, {0x0001, 0x0002}};
  CHECK(plan.decode(answers) == ArmInputs{.arm_open = true,
                                          .arm_closed = false,
                                          .presence = true,
                                          .safety = false,
                                          .fault = true,
                                          .cycles = 0x10002});
  const std::vector<Words> without_counter = {{0, 1, 0, 1, 0}, {}};
  CHECK(plan.decode(without_counter) ==
        ArmInputs{.arm_closed = true, .safety = true, .cycles = std::nullopt});
}

TEST_CASE("came: the gate status says where the arm is, the counter has its low word first",
          "[barriers][profile]") {
  const auto [status, is_open, is_closed] = GENERATE(table<std::uint16_t, bool, bool>({
      {16, true, false},
      {17, false, true},
      {32, false, false},
      {33, false, false},
      {19, false, false},
      {0, false, false},
      {3, false, false},
  }));
  const std::uint16_t error = GENERATE(std::uint16_t{0}, std::uint16_t{7});
  const InputPlan plan(profile("came"));
  const std::vector<Words> answers = {{status}, {error, 0x0002, 0x0001}};
  CHECK(plan.decode(answers) ==
        ArmInputs{
            .arm_open = is_open, .arm_closed = is_closed, .fault = error != 0, .cycles = 0x10002});
}

TEST_CASE("A barrier's own inputs are laid over its profile", "[barriers][profile]") {
  BarrierSettings settings;
  settings.profile = "came";
  settings.inputs["presence"] = BarrierInput{.read = {Space::discrete_input, 8}};
  settings.inputs["fault"] = std::nullopt;
  const BarrierProfile laid = profile_of(settings, {});
  REQUIRE(laid.presence);
  CHECK(laid.presence->read == ModbusAddress{Space::discrete_input, 8});
  CHECK_FALSE(laid.fault);
  CHECK(laid.arm_open == profile("came").arm_open);
}

TEST_CASE("A lot's own profile is found by its name", "[barriers][profile]") {
  std::vector<BarrierProfile> own = {profile("generic")};
  own[0].name = "my-board";
  own[0].open.coil = 9;
  BarrierSettings settings;
  settings.profile = "my-board";
  CHECK(profile_of(settings, own).open.coil == 9);
}

TEST_CASE("Requests are the bytes of the Modbus specification", "[barriers][frames]") {
  CHECK(bytes(read_request(1, {Space::discrete_input, 0}, 5)) == Bytes{1, 2, 0, 0, 0, 5});
  CHECK(bytes(read_request(17, {Space::holding_register, 107}, 3)) ==
        Bytes{0x11, 3, 0, 0x6B, 0, 3});
  CHECK(bytes(write_request(17, 172, 0xFF00)) == Bytes{0x11, 5, 0, 0xAC, 0xFF, 0});
  // From the specification's own example over a serial line: 11 05 00 AC FF 00 4E 8B.
  CHECK(bytes(on_the_line(write_request(17, 172, 0xFF00))) ==
        Bytes{0x11, 5, 0, 0xAC, 0xFF, 0, 0x4E, 0x8B});
}

TEST_CASE("Flash-on of a relay board is function 5 with tenths of a second", "[barriers][frames]") {
  // The maker's example, relay 1 on for 700 ms: 01 05 02 00 00 07 8D B0.
  CHECK(bytes(on_the_line(write_request(1, profile("relay8").open.coil, 7))) ==
        Bytes{0x01, 0x05, 0x02, 0x00, 0x00, 0x07, 0x8D, 0xB0});
}

TEST_CASE("An answer is only the answer to its own question", "[barriers][frames]") {
  const ModbusRequest request = read_request(1, {Space::discrete_input, 0}, 5);
  const auto garbled = std::unexpected(ModbusFailure{.kind = ModbusFailure::Kind::garbled});
  CHECK(read_values(request, Bytes{1, 2, 1, 0b01010}) == Words{0, 1, 0, 1, 0});
  for (const Bytes& wrong : std::vector<Bytes>{{},
                                               {1},
                                               {1, 2},
                                               {1, 2, 1},
                                               {2, 2, 1, 0},
                                               {1, 1, 1, 0},
                                               {1, 2, 2, 0, 0},
                                               {1, 2, 1, 0, 0},
                                               {1, 0x81, 2},
                                               {1, 0x82, 2, 0}}) {
    CHECK(read_values(request, wrong) == garbled);
  }
  CHECK(read_values(request, Bytes{1, 0x82, 2}) ==
        std::unexpected(ModbusFailure{.kind = ModbusFailure::Kind::refused, .exception = 2}));
  const ModbusRequest registers = read_request(1, {Space::input_register, 0}, 2);
  CHECK(read_values(registers, Bytes{1, 4, 4, 1, 2, 3, 4}) == Words{0x0102, 0x0304});
}

TEST_CASE("A write is done when its own bytes come back", "[barriers][frames]") {
  const ModbusRequest request = write_request(1, 0x0200, 5);
  CHECK(check_written(request, bytes(request)).has_value());
  for (std::size_t i = 0; i < request.size(); ++i) {
    Bytes other = bytes(request);
    other[i] ^= 1;
    CHECK_FALSE(check_written(request, other).has_value());
  }
}

TEST_CASE("A TCP frame of another transaction, protocol or length is none", "[barriers][frames]") {
  const Bytes frame = {0, 0, 0, 0, 0, 4, 1, 2, 1, 0};
  CHECK(bytes(unwrap_tcp(frame, 0)) == Bytes{1, 2, 1, 0});
  for (std::size_t i = 0; i < 6; ++i) {
    Bytes other = frame;
    other[i] ^= 1;
    CHECK(unwrap_tcp(other, 0).empty());
  }
  CHECK(unwrap_tcp(ModbusBytes(frame).first(8), 0).empty());
}

TEST_CASE("A barrier's url says where it is reached", "[barriers][endpoint]") {
  const auto [url, profile_name, endpoint] = GENERATE(table<std::string, std::string, Endpoint>({
      {"tcp://127.0.0.1:1502", "generic", TcpEndpoint{"127.0.0.1", "1502"}},
      {"tcp://gate.lan:502", "came", TcpEndpoint{"gate.lan", "502"}},
      {"tcp://[fd00::7]:502", "relay8", TcpEndpoint{"fd00::7", "502"}},
      {"rtu:///dev/ttyUSB0", "relay8", SerialEndpoint{"/dev/ttyUSB0", 9600, 'N'}},
      {"rtu:///dev/ttyUSB0", "came", SerialEndpoint{"/dev/ttyUSB0", 38'400, 'E'}},
      {"rtu:///dev/ttyUSB0?parity=O&baud=19200", "came",
       SerialEndpoint{"/dev/ttyUSB0", 19'200, 'O'}},
  }));
  BarrierSettings settings;
  settings.url = url;
  settings.profile = profile_name;
  const auto read = endpoint_of(settings);
  REQUIRE(read);
  CHECK(*read == endpoint);
}

TEST_CASE("Another url is refused with a sentence", "[barriers][endpoint]") {
  BarrierSettings settings;
  settings.id = "b1";
  settings.url = GENERATE("", "udp://a:1", "tcp://a", "tcp://:1", "tcp://a:", "rtu://",
                          "rtu:///dev/x?speed=1", "rtu:///dev/x?baud=a", "rtu:///dev/x?parity=X");
  const auto read = endpoint_of(settings);
  REQUIRE_FALSE(read);
  CHECK(read.error().starts_with("barrier b1: "));
}

TEST_CASE("A line keeps its low descriptor whatever is opened on it", "[barriers][endpoint]") {
  LowDescriptor descriptor;
  const int number = descriptor.number();
  CHECK(number < 1024);
  LowDescriptor other;
  CHECK(other.number() != number);
  descriptor.release();
  CHECK(descriptor.number() == number);
}
