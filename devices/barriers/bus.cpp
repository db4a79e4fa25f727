#include "devices/barriers/bus.hpp"

#include <algorithm>
#include <utility>

namespace gatehouse::devices {
namespace {

using Kind = ModbusFailure::Kind;

constexpr std::array<const char*, 4> kind_names = {"refused", "garbled", "timed_out",
                                                   "disconnected"};

std::string describe(const ModbusFailure& failure) {
  switch (failure.kind) {
    case Kind::refused:
      return "exception " + std::to_string(failure.exception);
    case Kind::garbled:
      return "an answer that is none";
    case Kind::timed_out:
      return "no answer in time";
    case Kind::disconnected:
      break;
  }
  return "the connection was closed";
}

}  // namespace

std::chrono::milliseconds response_timeout(std::span<const BusStation> stations) {
  using std::chrono::milliseconds;
  milliseconds timeout{500};
  for (const BusStation& station : stations) {
    const auto share = station.arm.offline_after / (2 * static_cast<int>(stations.size()));
    timeout = std::min(timeout, share);
  }
  return std::max(timeout, milliseconds(50));
}

Bus::Bus(std::vector<BusStation> stations, ModbusPort& port, const engine::Clock& clock,
         const TellBarrierReport& tell, std::uint32_t seed)
    : port_(port), clock_(clock), tell_(tell), backoff_(seed) {
  const Moment now = clock_.now();
  connect_at_ = last_try_ = now.steady;
  for (BusStation& station : stations) {
    stations_.push_back(std::make_unique<Station>(std::move(station), now, ++seed));
  }
}

Steady Bus::serve(std::span<const engine::BarrierOrder> orders) {
  if (!orders.empty()) give(orders);
  if (!is_connected_ && clock_.now().steady >= connect_at_) connect();
  if (is_connected_) {
    if (Station* station = next_due()) poll(*station);
  }
  for (const auto& station : stations_) {
    apply(*station, station->arm.step(clock_.now(), TimePassed{}));
  }
  return next_call(clock_.now().steady);
}

void Bus::give(std::span<const engine::BarrierOrder> orders) {
  for (const engine::BarrierOrder& order : orders) {
    for (const auto& station : stations_) {
      if (station->is.barrier != order.barrier) continue;
      const Moment now = clock_.now();
      apply(*station, station->arm.step(now, TimePassed{}, std::span(&order, 1)));
      // Its next reading comes now: an order may wait for one.
      if (station->has_contact) station->due = now.steady;
    }
  }
}

void Bus::connect() {
  last_try_ = clock_.now().steady;
  const auto connected = port_.connect();
  if (!connected) {
    failed_connects_.fetch_add(1, std::memory_order_relaxed);
    connect_at_ = clock_.now().steady + pause_before_connecting();
    news_ = "cannot connect: " + connected.error();
    return;
  }
  is_connected_ = true;
  news_ = "connected";
  // Who was not the cause of the connection's end is asked at once.
  for (const auto& station : stations_) {
    if (stations_.size() == 1 || station->arm.is_reachable()) station->due = last_try_;
  }
}

void Bus::disconnect(const std::string& why) {
  port_.close();
  is_connected_ = false;
  news_ = why;
  // At once after a connection that lasted.
  connect_at_ = std::max(clock_.now().steady, last_try_ + pause_before_connecting());
  for (const auto& station : stations_) lose_contact(*station);
}

/// Nobody is given up before offline_after_ms; from then on it is tried ever more rarely.
std::chrono::milliseconds Bus::pause_before_connecting() {
  const bool is_given_up = std::ranges::none_of(
      stations_, [](const auto& station) { return station->arm.is_reachable(); });
  return is_given_up ? backoff_.next() : Backoff::shortest;
}

/// Those that answer come first: a dead neighbour on the line costs them one time-out, not two.
Bus::Station* Bus::next_due() {
  const Steady now = clock_.now().steady;
  Station* next = nullptr;
  for (const auto& station : stations_) {
    if (station->due > now) continue;
    const bool is_better =
        next == nullptr || (station->arm.is_reachable() && !next->arm.is_reachable()) ||
        (station->arm.is_reachable() == next->arm.is_reachable() && station->due < next->due);
    if (is_better) next = station.get();
  }
  return next;
}

bool Bus::make_contact(Station& station) {
  for (const BarrierCommand& command : {station.is.profile.open, station.is.profile.close}) {
    if (command.pulse != BarrierCommand::Pulse::gateway) continue;
    const auto done = port_.write_single(station.is.unit, command.coil, coil_off);
    if (done) continue;
    // Writing 0 twice does no harm: no reason to take the line from its other barriers.
    failed(station, done.error(), false);
    if (done.error().kind != Kind::refused) return false;
  }
  station.has_contact = true;
  apply(station, station.arm.step(clock_.now(), ContactMade{}));
  return true;
}

void Bus::poll(Station& station) {
  const Steady began = clock_.now().steady;
  station.due = began + station.is.arm.poll;
  if (!station.has_contact && !make_contact(station)) return;
  std::vector<std::vector<std::uint16_t>> answers;
  for (const ReadBlock& block : station.plan.blocks()) {
    auto values = port_.read(station.is.unit, block.first, block.count);
    if (!values) {
      failed(station, values.error(), false);
      if (values.error().kind != Kind::refused || !block.counter_only) return;
      values.emplace();
    }
    answers.push_back(*std::move(values));
  }
  backoff_.reset();
  station.backoff.reset();
  station.figures.is_connected.store(true, std::memory_order_relaxed);
  apply(station, station.arm.step(clock_.now(), station.plan.decode(answers)));
}

void Bus::apply(Station& station, const ArmOutput& output) {
  for (const CoilWrite& write : output.writes) {
    if (!station.has_contact) break;
    count_pulse(station, write.purpose);
    const auto done = port_.write_single(station.is.unit, write.coil, write.value);
    if (!done) failed(station, done.error(), true);
  }
  for (const BarrierReport& report : output.reports) tell_(report);
}

void Bus::count_pulse(Station& station, CoilWrite::Purpose purpose) {
  if (purpose == CoilWrite::Purpose::open) station.figures.open_pulses.fetch_add(1);
  if (purpose == CoilWrite::Purpose::close) station.figures.close_pulses.fetch_add(1);
}

void Bus::failed(Station& station, const ModbusFailure& failure, bool was_write) {
  station.figures.errors[static_cast<std::size_t>(failure.kind)].fetch_add(1);
  if (failure.kind == Kind::refused) {
    news_ = station.is.id + ": " + describe(failure);
    return;
  }
  const bool is_alone = stations_.size() == 1;
  if (!station.arm.is_reachable() && !is_alone) {
    station.due = clock_.now().steady + station.backoff.next();
  }
  // The outcome of a write is unknown, or a late answer might be taken for another's: only a new
  // connection is trusted. On a serial line the port has waited for late answers.
  if (!port_.is_serial() || was_write || failure.kind == Kind::disconnected) {
    disconnect(station.is.id + ": " + describe(failure));
    return;
  }
  news_ = station.is.id + ": " + describe(failure);
  lose_contact(station);
  if (!station.arm.is_reachable() && is_alone) {
    station.due = clock_.now().steady + station.backoff.next();
  }
}

void Bus::lose_contact(Station& station) {
  if (!std::exchange(station.has_contact, false)) return;
  station.figures.is_connected.store(false, std::memory_order_relaxed);
  apply(station, station.arm.step(clock_.now(), ContactLost{}));
}

Steady Bus::next_call(Steady now) const {
  Steady next = is_connected_ ? Steady::max() : connect_at_;
  for (const auto& station : stations_) {
    if (is_connected_) next = std::min(next, station->due);
    if (const auto deadline = station->arm.next_deadline(now)) next = std::min(next, *deadline);
  }
  return next;
}

void Bus::finish() {
  for (const auto& station : stations_) {
    const auto pulse = station->arm.unfinished_pulse();
    if (!pulse || !station->has_contact || !is_connected_) continue;
    const auto done = port_.write_single(station->is.unit, pulse->coil, pulse->value);
    // The barrier's own controller ends what stays on; the next connect writes 0 first.
    if (!done) failed(*station, done.error(), false);
  }
  if (is_connected_) port_.close();
  is_connected_ = false;
}

std::string Bus::take_news() {
  std::string news = std::exchange(news_, {});
  if (news == last_news_) return {};
  if (!news.empty()) last_news_ = news;
  return news;
}

void Bus::collect(std::vector<engine::Sample>& samples) const {
  using Sample = engine::Sample;
  for (const auto& station : stations_) {
    const std::pair<std::string, std::string> barrier{"barrier", station->is.id};
    const Figures& figures = station->figures;
    samples.push_back({.name = "gatehouse_barrier_connected",
                       .help = "Whether the barrier answers.",
                       .kind = Sample::Kind::gauge,
                       .value = figures.is_connected.load() ? 1.0 : 0.0,
                       .labels = {barrier}});
    for (std::size_t kind = 0; kind < failure_kinds; ++kind) {
      samples.push_back({.name = "gatehouse_barrier_errors_total",
                         .help = "Modbus requests without an answer that counts.",
                         .kind = Sample::Kind::counter,
                         .value = static_cast<double>(figures.errors[kind].load()),
                         .labels = {barrier, {"kind", kind_names[kind]}}});
    }
    for (const auto& [command, count] :
         {std::pair("open", figures.open_pulses.load()), {"close", figures.close_pulses.load()}}) {
      samples.push_back({.name = "gatehouse_barrier_pulses_total",
                         .help = "Times that the barrier was told to move.",
                         .kind = Sample::Kind::counter,
                         .value = static_cast<double>(count),
                         .labels = {barrier, {"command", command}}});
    }
    // A line that cannot be connected counts for each of its barriers.
    samples.push_back({.name = "gatehouse_barrier_errors_total",
                       .help = "Modbus requests without an answer that counts.",
                       .kind = Sample::Kind::counter,
                       .value = static_cast<double>(failed_connects_.load()),
                       .labels = {barrier, {"kind", "not_connected"}}});
  }
}

}  // namespace gatehouse::devices
