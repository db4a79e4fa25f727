// A sensor and a dashboard in one: turns a slot over and waits for its zone's availability, one
// slot after the other.
//
//   latency_probe --port 1883 --lot demo --slots-file probed.txt --count 2000 --interval-us 0
//
// probed.txt: a slot and its zone a line, the slot alone in its zone: an availability is published
// at most 20 times a second, so a zone is probed again only after all others were.
#include "bench/peers/arguments.hpp"
#include "bench/peers/paho_client.hpp"
#include "bench/peers/serial_probe.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace gatehouse::bench {
namespace {

struct ProbedSlot {
  std::string id;
  std::string zone;
  bool occupied = false;
};

std::vector<ProbedSlot> read_slots(const std::string& path) {
  std::ifstream file(path);
  std::vector<ProbedSlot> slots;
  for (ProbedSlot slot; file >> slot.id >> slot.zone;) slots.push_back(slot);
  if (slots.empty()) throw std::runtime_error("no slots in " + path);
  return slots;
}

int run(int count, char** words) {
  const Arguments arguments(count, words,
                            {{"host", "127.0.0.1"},
                             {"port", "1883"},
                             {"lot", "demo"},
                             {"slots-file", ""},
                             {"count", "2000"},
                             {"interval-us", "0"},
                             {"qos", "1"}});
  const std::string root = "parking/v1/" + arguments.text("lot") + "/";
  const int qos = arguments.number("qos") == 0 ? 0 : 1;
  const auto first_seq = std::chrono::duration_cast<std::chrono::milliseconds>(
                             std::chrono::system_clock::now().time_since_epoch())
                             .count();
  std::vector<ProbedSlot> slots = read_slots(arguments.text("slots-file"));
  SerialProbe probe(std::chrono::microseconds(arguments.number("interval-us")));
  PahoClient client(arguments.text("host"), arguments.number("port"), "latency_probe",
                    [&](std::string_view, std::string_view payload, bool retained) {
                      if (!retained) probe.heard(payload);
                    });
  client.subscribe({root + "zones/+/availability"}, PahoClient::OwnMessages::left_out);
  for (std::uint64_t turn = 0; turn < arguments.number("count"); ++turn) {
    ProbedSlot& slot = slots[turn % slots.size()];
    slot.occupied = !slot.occupied;
    const std::string topic = root + "slots/" + slot.id + "/state";
    const std::string state =
        fmt::format(R"({{"occupied":{},"seq":{}}})", slot.occupied, first_seq + std::int64_t(turn));
    const std::string expected = fmt::format(R"("zone":"{}",)", slot.zone);
    probe.measure(expected, [&] { client.publish(topic, state, {.qos = qos, .retained = true}); });
  }
  std::cout << probe.result_json() << std::endl;
  return 0;
}

}  // namespace
}  // namespace gatehouse::bench

int main(int count, char** words) {
  return gatehouse::bench::guarded(gatehouse::bench::run, count, words);
}
