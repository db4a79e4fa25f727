// What a message costs without anything around it: published, and heard by a subscriber, through
// the broker and back, one at a time.
//
//   round_trip --port 1883 --count 2000 --interval-us 0 --qos 1
#include "bench/peers/arguments.hpp"
#include "bench/peers/paho_client.hpp"
#include "bench/peers/serial_probe.hpp"
#include "bench/peers/timings.hpp"

#include <chrono>
#include <cstdint>
#include <iostream>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace gatehouse::bench {
namespace {

int run(int count, char** words) {
  const Arguments arguments(count, words,
                            {{"host", "127.0.0.1"},
                             {"port", "1883"},
                             {"count", "2000"},
                             {"interval-us", "0"},
                             {"qos", "1"}});
  const std::string topic = "bench/round_trip/zones/A/availability";
  const int qos = arguments.number("qos") == 0 ? 0 : 1;
  SerialProbe probe(std::chrono::microseconds(arguments.number("interval-us")));
  PahoClient client(
      arguments.text("host"), arguments.number("port"), "round_trip",
      [&](std::string_view, std::string_view payload, bool) { probe.heard(payload); });
  client.subscribe({topic}, PahoClient::OwnMessages::heard);
  for (std::uint64_t turn = 0; turn < arguments.number("count"); ++turn) {
    const std::string payload =
        fmt::format(R"({{"turn":{},"ts":"2026-11-20T10:00:00.123Z","rssi":-71}})", turn);
    probe.measure(payload, [&] { client.publish(topic, payload, {.qos = qos, .retained = true}); });
  }
  std::cout << probe.result_json() << std::endl;
  return 0;
}

}  // namespace
}  // namespace gatehouse::bench

int main(int count, char** words) {
  return gatehouse::bench::guarded(gatehouse::bench::run, count, words);
}
