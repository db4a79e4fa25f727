// Drives real barriers for the integration tests: orders come on standard input, reports go to
// standard output, a line each.
//
//   barrier_probe id=b1 url=tcp://127.0.0.1:1502 poll_ms=50 id=b2 url=rtu:///dev/pts/7 unit=2 …
//
//   open b1 7 [age_ms]   close b1   hold b1   lock b1   release b1   orders
//   figures              one line for each figure, then `figures done`
//   descriptors 1500     opens so many, then `descriptors open`
//
// Ends at the end of standard input.
#include "devices/barriers/barriers.hpp"
#include "edge/domain/invariant.hpp"
#include "edge/engine/barriers.hpp"
#include "edge/engine/ports.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>

namespace {

using namespace gatehouse;
using devices::BarrierSettings;
using engine::BarrierOrderKind;

class RealClock final : public engine::Clock {
 public:
  [[nodiscard]] Moment now() const override {
    const auto steady = std::chrono::steady_clock::now().time_since_epoch();
    return {std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()),
            Steady(std::chrono::floor<std::chrono::microseconds>(steady))};
  }
};

void say(const std::string& line) {
  static std::mutex mutex;
  const std::scoped_lock lock(mutex);
  std::cout << line << std::endl;
}

std::chrono::milliseconds milliseconds(const std::string& text) {
  return std::chrono::milliseconds(std::stoll(text));
}

std::vector<BarrierSettings> read_settings(int count, char** arguments) {
  std::vector<BarrierSettings> all;
  for (int i = 1; i < count; ++i) {
    const std::string argument = arguments[i];
    const auto equals = argument.find('=');
    const std::string name = argument.substr(0, equals);
    const std::string value = argument.substr(equals + 1);
    if (name == "id") all.emplace_back().id = value;
    require(!all.empty(), "the first argument is id=…");
    BarrierSettings& settings = all.back();
    if (name == "url") settings.url = value;
    if (name == "unit") settings.unit = static_cast<std::uint8_t>(std::stoi(value));
    if (name == "profile") settings.profile = value;
    if (name == "pulse_ms") settings.pulse = milliseconds(value);
    if (name == "poll_ms") settings.poll = milliseconds(value);
    if (name == "open_timeout_ms") settings.open_timeout = milliseconds(value);
    if (name == "clear_ms") settings.clear = milliseconds(value);
    if (name == "pass_timeout_s") settings.pass_timeout = std::chrono::seconds(std::stoi(value));
    if (name == "offline_after_ms") settings.offline_after = milliseconds(value);
  }
  return all;
}

std::string words(const engine::BarrierShown& shown) {
  constexpr std::array states = {"closed", "opening", "open",  "closing",
                                 "held",   "locked",  "fault", "unreachable"};
  std::string text = states.at(static_cast<std::size_t>(shown.state));
  if (shown.vehicle_present) text += " present";
  if (shown.vehicle_under_arm) text += " under";
  if (shown.cycles) text += " cycles=" + std::to_string(*shown.cycles);
  return text;
}

std::string words(const devices::BarrierReport& report) {
  if (const auto* barrier = std::get_if<engine::BarrierReported>(&report)) {
    return words(barrier->shown);
  }
  if (const auto* opening = std::get_if<engine::OpeningReported>(&report)) {
    constexpr std::array hows = {"seen_open", "passed",  "closed_unpassed",
                                 "failed",    "too_old", "refused"};
    return "opening " + std::to_string(static_cast<std::int64_t>(opening->opening)) + " " +
           hows.at(static_cast<std::size_t>(opening->how));
  }
  const auto& intrusion = std::get<engine::IntrusionReported>(report);
  return intrusion.kind == engine::IntrusionReported::Kind::forced ? "forced" : "tailgate";
}

std::optional<BarrierOrderKind> kind_of(std::string_view word) {
  if (word == "open") return BarrierOrderKind::open;
  if (word == "close") return BarrierOrderKind::close;
  if (word == "hold") return BarrierOrderKind::hold;
  if (word == "lock") return BarrierOrderKind::lock;
  if (word == "release") return BarrierOrderKind::release;
  return std::nullopt;
}

void open_descriptors(int count) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  int highest = 0;
  for (int i = 0; i < count; ++i) highest = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  say(highest >= count ? "descriptors open" : "descriptors missing");
}

void tell_figures(const devices::ModbusBarriers& barriers) {
  std::vector<engine::Sample> samples;
  barriers.collect(samples);
  for (const engine::Sample& sample : samples) {
    std::string line = sample.name;
    for (const auto& [label, value] : sample.labels) line += " " + value;
    say(line + " " + std::to_string(static_cast<std::int64_t>(sample.value)));
  }
  say("figures done");
}

}  // namespace

int main(int count, char** arguments) {
  const std::vector<BarrierSettings> settings = read_settings(count, arguments);
  const RealClock clock;
  devices::ModbusBarriers barriers(settings, {}, clock, [&](const devices::BarrierReport& report) {
    const auto barrier = std::visit([](const auto& each) { return each.barrier; }, report);
    say(settings.at(at(barrier)).id + " " + words(report));
  });
  barriers.start();
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream text(line);
    std::string word;
    std::string id;
    std::int64_t number = 0;
    std::int64_t age_ms = 0;
    text >> word;
    const auto kind = kind_of(word);
    if (word == "descriptors" && text >> number) open_descriptors(static_cast<int>(number));
    if (word == "figures") tell_figures(barriers);
    if (!kind || !(text >> id)) continue;
    engine::BarrierOrder order{.kind = *kind, .opening = {}, .authorised = clock.now()};
    if (text >> number) order.opening = static_cast<engine::OpeningId>(number);
    if (text >> age_ms) order.authorised.steady -= std::chrono::milliseconds(age_ms);
    for (std::size_t i = 0; i < settings.size(); ++i) {
      if (settings[i].id != id) continue;
      order.barrier = static_cast<BarrierIndex>(i);
      barriers.order(order);
    }
  }
  barriers.stop();
  say("stopped");
  return EXIT_SUCCESS;
}
