// A reader and the barriers of its lot in one: scans a ticket, and notes when the decision and when
// the coil arrives, one gate after the other.
//
//   gate_probe --port 1883 --lot demo --gates-file gates.txt --codes-file codes.txt
//
// gates.txt: a gate and its barrier's port a line; with enough of them an arm is down again when
// its turn comes. It serves the barriers from the start and prints {"ready":true}. Each line on
// standard input, `SCANS INTERVAL_US`, is a round, with the next tickets of codes.txt; a line of
// figures answers it.
#include "bench/peers/arguments.hpp"
#include "bench/peers/modbus_server.hpp"
#include "bench/peers/paho_client.hpp"
#include "bench/peers/timings.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <fstream>
#include <iostream>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace gatehouse::bench {
namespace {

using namespace std::chrono_literals;

struct Gate {
  std::string id;
  int port = 0;
  bool is_closed = true;
};

/// What was heard of the scan that is under way.
struct Heard {
  std::string scan_id;
  std::size_t gate = 0;
  std::int64_t decision_ns = 0;
  std::int64_t coil_ns = 0;
  std::string decision;
};

class Probe {
 public:
  explicit Probe(const std::string& gates_file) {
    std::ifstream file(gates_file);
    for (Gate gate; file >> gate.id >> gate.port;) gates_.push_back(gate);
    if (gates_.empty()) throw std::runtime_error("no gates in " + gates_file);
    for (std::size_t i = 0; i < gates_.size(); ++i) {
      servers_.emplace_back(
          gates_[i].port, [this, i](std::int64_t at_ns) { opened(i, at_ns); },
          [this, i] { closed(i); });
    }
  }

  void heard(std::string_view payload) {
    const std::int64_t now_ns = monotonic_ns();
    const std::scoped_lock lock(mutex_);
    if (heard_.scan_id.empty() || heard_.decision_ns != 0) return;
    if (payload.find(heard_.scan_id) == std::string_view::npos) return;
    heard_.decision_ns = now_ns;
    heard_.decision = payload;
    changed_.notify_all();
  }

  void scan(PahoClient& client, const std::string& root, std::uint64_t turn,
            const std::string& code) {
    const std::size_t index = turn % gates_.size();
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, 5s, [&] { return gates_[index].is_closed; }))
      throw std::runtime_error(gates_[index].id + " does not close");
    heard_ = {.scan_id = fmt::format("bench-{}", code), .gate = index};
    lock.unlock();
    const std::string topic = root + "gates/" + gates_[index].id + "/scan";
    const std::string text = fmt::format(R"({{"scan_id":"{}","code":"{}"}})", heard_.scan_id, code);
    const std::int64_t began_ns = monotonic_ns();
    client.publish(topic, text, {.qos = 1, .retained = false});
    lock.lock();
    const bool answered =
        changed_.wait_for(lock, 2s, [&] { return heard_.decision_ns != 0 && heard_.coil_ns != 0; });
    if (!answered) {
      ++unanswered_;
      std::cerr << "no opening: " << heard_.decision << std::endl;
    } else {
      decisions_ns_.push_back(heard_.decision_ns - began_ns);
      coils_ns_.push_back(heard_.coil_ns - began_ns);
    }
  }

  /// Of the round, which ends with it.
  std::string take_result_json() {
    const std::scoped_lock lock(mutex_);
    const std::string result = fmt::format(
        R"({{"decision":{{{}}},"coil":{{{}}},"pulses":{},"unanswered":{}}})",
        percentiles_json(decisions_ns_), percentiles_json(coils_ns_), pulses_, unanswered_);
    decisions_ns_.clear();
    coils_ns_.clear();
    pulses_ = unanswered_ = 0;
    return result;
  }

 private:
  void opened(std::size_t gate, std::int64_t at_ns) {
    const std::scoped_lock lock(mutex_);
    ++pulses_;
    gates_[gate].is_closed = false;
    if (gate == heard_.gate && heard_.coil_ns == 0) heard_.coil_ns = at_ns;
    changed_.notify_all();
  }

  void closed(std::size_t gate) {
    const std::scoped_lock lock(mutex_);
    gates_[gate].is_closed = true;
    changed_.notify_all();
  }

  std::deque<ModbusServer> servers_;
  std::mutex mutex_;
  std::condition_variable changed_;
  // Protected by mutex_.
  std::vector<Gate> gates_;
  std::vector<std::int64_t> decisions_ns_;
  std::vector<std::int64_t> coils_ns_;
  Heard heard_;
  std::uint64_t pulses_ = 0;
  std::uint64_t unanswered_ = 0;
};

std::vector<std::string> read_codes(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> codes;
  for (std::string code; file >> code;) codes.push_back(code);
  return codes;
}

int run(int count, char** words) {
  const Arguments arguments(count, words,
                            {{"host", "127.0.0.1"},
                             {"port", "1883"},
                             {"lot", "demo"},
                             {"gates-file", ""},
                             {"codes-file", ""}});
  const std::string root = "parking/v1/" + arguments.text("lot") + "/";
  Probe probe(arguments.text("gates-file"));
  PahoClient client(
      arguments.text("host"), arguments.number("port"), "gate_probe",
      [&](std::string_view, std::string_view payload, bool) { probe.heard(payload); });
  client.subscribe({root + "gates/+/decision"}, PahoClient::OwnMessages::left_out);
  std::cout << R"({"ready":true})" << std::endl;
  // A line each: how many scans, and how far apart.
  std::size_t next = 0;
  std::uint64_t scans = 0;
  std::int64_t interval_us = 0;
  while (std::cin >> scans >> interval_us) {
    const std::vector<std::string> codes = read_codes(arguments.text("codes-file"));
    const auto start = std::chrono::steady_clock::now();
    for (std::uint64_t turn = 0; turn < scans; ++turn) {
      if (next >= codes.size()) throw std::runtime_error("more scans than tickets");
      wait_for_turn(start, std::chrono::microseconds(interval_us), turn);
      probe.scan(client, root, turn, codes[next++]);
    }
    std::cout << probe.take_result_json() << std::endl;
  }
  return 0;
}

}  // namespace
}  // namespace gatehouse::bench

int main(int count, char** words) {
  return gatehouse::bench::guarded(gatehouse::bench::run, count, words);
}
