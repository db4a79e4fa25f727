#include "simulators/by_hand.hpp"

#include "simulators/barrier_server.hpp"
#include "simulators/command_line.hpp"
#include "simulators/lot_devices.hpp"
#include "simulators/lot_run.hpp"

#include <algorithm>
#include <cstdio>
#include <random>
#include <stdexcept>
#include <thread>
#include <utility>

#include <fmt/format.h>

namespace gatehouse::simulators {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr int exit_usage = 2;
constexpr int exit_unreachable = 3;
constexpr auto look_up = 20ms;
constexpr auto connect_timeout = 10s;
constexpr auto finish_timeout = 5s;

int complain(int code, const std::string& sentence) {
  fmt::print(stderr, "gatehouse-sim: {}\n", sentence);
  return code;
}

void show(const std::string& line) {
  fmt::print("{}\n", line);
  std::fflush(stdout);
}

/// How long a run has lasted, and whether that was all.
class Watch {
 public:
  Watch(std::optional<std::uint64_t> duration_ms, const std::stop_token& stop)
      : duration_ms_(duration_ms), stop_(stop) {}

  [[nodiscard]] VirtualTime now() const {
    return std::chrono::floor<VirtualTime>(Clock::now() - started_);
  }
  [[nodiscard]] bool is_over() const {
    return stop_.stop_requested() ||
           (duration_ms_ && now() >= std::chrono::milliseconds(*duration_ms_));
  }

 private:
  std::optional<std::uint64_t> duration_ms_;
  const std::stop_token& stop_;
  Clock::time_point started_ = Clock::now();
};

class BarrierYard {
 public:
  BarrierYard(std::vector<ServedBarrier> barriers, std::uint64_t seed)
      : shown_(barriers.size()), server_(std::move(barriers), seed) {}

  /// A sentence when the line means nothing.
  std::optional<std::string> obey(const std::vector<std::string>& words) {
    if (words.size() < 2) return "expected BARRIER WORD …";
    const auto barrier = find(words[0]);
    if (!barrier) return fmt::format("there is no barrier {}", words[0]);
    if (words[1] == "show") {
      shown_[*barrier].reset();
      return std::nullopt;
    }
    if (words.size() == 3 && (words[2] == "on" || words[2] == "off")) {
      if (words[1] != "presence" && words[1] != "safety") return "the loops: presence, safety";
      server_.set_loop(*barrier, words[1] == "presence" ? Loop::presence : Loop::safety,
                       words[2] == "on");
      return std::nullopt;
    }
    auto mischief = server_.mischief(*barrier);
    if (auto done = mischief.add(words[1]); !done) return done.error();
    server_.set_mischief(*barrier, mischief);
    return std::nullopt;
  }

  /// What has changed since it was last shown.
  void show_changes() {
    for (std::size_t i = 0; i < server_.size(); ++i) {
      auto view = server_.view(i);
      view.requests = 0;
      if (shown_[i] == view) continue;
      shown_[i] = view;
      show(fmt::format("{} {} presence={} safety={} cycles={} forced={} closed_over_vehicle={}",
                       server_.id(i), name(view.arm), view.presence ? "on" : "off",
                       view.safety ? "on" : "off", view.cycles, view.forced,
                       view.closed_over_vehicle));
    }
  }

 private:
  [[nodiscard]] std::optional<std::size_t> find(const std::string& id) const {
    for (std::size_t i = 0; i < server_.size(); ++i) {
      if (server_.id(i) == id) return i;
    }
    return std::nullopt;
  }

  std::vector<std::optional<BarrierView>> shown_;
  BarrierServer server_;
};

int play_barriers(const ByHandOptions& options, const std::stop_token& stop) {
  auto served = served_barriers(options.lot, options.arm_travel);
  if (!served) return complain(exit_usage, served.error());
  if (served->empty()) return complain(exit_usage, "the lot has no barriers");
  BarrierYard yard(std::move(*served), options.seed);
  for (const auto& each : options.mischief) {
    const auto equals = std::min(each.find('='), each.size());
    const auto word = equals < each.size() ? each.substr(equals + 1) : std::string();
    if (const auto wrong = yard.obey({each.substr(0, equals), word}))
      return complain(exit_usage, fmt::format("--mischief {}: {}", each, *wrong));
  }
  const Watch watch(options.duration_ms, stop);
  StandardInput input;
  Clock::time_point next_look{};
  while (!watch.is_over()) {
    yard.show_changes();
    next_look = Clock::now() + look_up;
    if (const auto line = input.next(look_up); line && !words_of(*line).empty()) {
      if (const auto wrong = yard.obey(words_of(*line))) complain(0, *wrong);
    } else if (input.is_over()) {
      std::this_thread::sleep_until(next_look);
    }
  }
  return 0;
}

class ReaderDesk {
 public:
  ReaderDesk(const ByHandOptions& options, const Watch& watch, const std::stop_token& stop)
      : options_(options),
        watch_(watch),
        stop_(stop),
        devices_(options.lot, {.credentials_file = options.credentials_file,
                               .payment_method = options.payment_method}) {}

  LotDevices& devices() { return devices_; }

  std::optional<std::string> obey(const std::vector<std::string>& words) {
    const auto& lanes = options_.lot.lanes;
    const auto lane = std::ranges::find(lanes, words[0], &LaneDescription::gate);
    if (lane == lanes.end()) return fmt::format("there is no gate {}", words[0]);
    const auto number = static_cast<std::size_t>(lane - lanes.begin());
    auto id = fmt::format("{}-{}", run_, ++asked_);
    const auto what = words.size() > 2 ? words[2] : std::string();
    if (words.size() == 3 && words[1] == "scan")
      devices_.scan(number, std::move(id), what, watch_.now(), stop_);
    else if (words.size() >= 2 && words.size() <= 3 && words[1] == "press")
      devices_.press(number, std::move(id), what, watch_.now(), stop_);
    else
      return "expected GATE scan CODE, or GATE press [NUMBER]";
    return std::nullopt;
  }

  void show_decisions() {
    for (const auto& [lane, heard] : devices_.take_decisions())
      show(fmt::format("{} {} {} {} update={} due={} code={} slot={} \"{}\"", heard.gate, heard.id,
                       name(heard.verdict), heard.reason, heard.update,
                       rupees(heard.amount_due_paise), heard.code, heard.slot, heard.message));
  }

  [[nodiscard]] bool is_waiting() const {
    for (std::size_t lane = 0; lane < options_.lot.lanes.size(); ++lane) {
      if (devices_.is_waiting(lane)) return true;
    }
    return false;
  }

 private:
  const ByHandOptions& options_;
  const Watch& watch_;
  const std::stop_token& stop_;
  std::string run_ =
      fmt::format("hand-{:08x}{:08x}", std::random_device{}(), std::random_device{}());
  std::uint64_t asked_ = 0;
  LotDevices devices_;
};

int play_readers(const ByHandOptions& options, const std::stop_token& stop) {
  if (options.lot.lanes.empty()) return complain(exit_usage, "the lot has no lanes");
  const Watch watch(options.duration_ms, stop);
  ReaderDesk desk(options, watch, stop);
  auto& devices = desk.devices();
  if (!devices.connect(connect_timeout, stop)) {
    devices.finish(0s);
    if (stop.stop_requested()) return 0;
    return complain(exit_unreachable,
                    fmt::format("{}: {}", options.lot.broker_url, devices.last_error()));
  }
  StandardInput input;
  while (!watch.is_over() && (!input.is_over() || desk.is_waiting())) {
    if (const auto line = input.next(0ms); line && !words_of(*line).empty()) {
      if (const auto wrong = desk.obey(words_of(*line))) complain(0, *wrong);
    }
    devices.tend(watch.now(), stop);
    devices.wait_until(Clock::now() + look_up, stop);
    desk.show_decisions();
  }
  devices.finish(finish_timeout);
  return 0;
}

/// What a broken environment says becomes an exit code.
template <class Play>
int guarded(Play play, const ByHandOptions& options, const std::stop_token& stop) {
  try {
    return play(options, stop);
  } catch (const std::invalid_argument& error) {
    return complain(exit_usage, error.what());
  } catch (const std::runtime_error& error) {
    return complain(exit_unreachable, error.what());
  }
}

}  // namespace

int run_barriers(const ByHandOptions& options, const std::stop_token& stop) {
  return guarded(play_barriers, options, stop);
}
int run_readers(const ByHandOptions& options, const std::stop_token& stop) {
  return guarded(play_readers, options, stop);
}

}  // namespace gatehouse::simulators
