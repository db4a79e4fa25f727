// What a coil costs without anything around it: written and answered, libmodbus on both sides, one
// at a time.
//
//   modbus_write --modbus-port 1502 --count 2000 --interval-us 0
#include "bench/peers/arguments.hpp"
#include "bench/peers/modbus_server.hpp"
#include "bench/peers/timings.hpp"

#include <chrono>
#include <cstdint>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>
#include <modbus/modbus.h>

namespace gatehouse::bench {
namespace {

struct FreeContext {
  void operator()(modbus_t* context) const { modbus_free(context); }
};

int run(int count, char** words) {
  const Arguments arguments(count, words,
                            {{"modbus-port", "1502"}, {"count", "2000"}, {"interval-us", "0"}});
  const auto port = static_cast<int>(arguments.number("modbus-port"));
  const std::chrono::microseconds interval(arguments.number("interval-us"));
  const ModbusServer server(port, [](std::int64_t) {}, [] {});
  const std::unique_ptr<modbus_t, FreeContext> context(modbus_new_tcp("127.0.0.1", port));
  if (modbus_connect(context.get()) != 0) throw std::runtime_error(modbus_strerror(errno));
  std::vector<std::int64_t> latencies_ns;
  const auto start = std::chrono::steady_clock::now();
  for (std::uint64_t turn = 0; turn < arguments.number("count"); ++turn) {
    wait_for_turn(start, interval, turn);
    const std::int64_t began_ns = monotonic_ns();
    if (modbus_write_bit(context.get(), 0, 1) != 1)
      throw std::runtime_error(modbus_strerror(errno));
    latencies_ns.push_back(monotonic_ns() - began_ns);
  }
  std::cout << fmt::format("{{{}}}", percentiles_json(latencies_ns)) << std::endl;
  return 0;
}

}  // namespace
}  // namespace gatehouse::bench

int main(int count, char** words) {
  return gatehouse::bench::guarded(gatehouse::bench::run, count, words);
}
