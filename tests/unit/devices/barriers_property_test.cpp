// Thousands of openings on a line where everything goes wrong, in virtual time: nothing opens twice
// for one opening, nothing is closed over a vehicle, and every opening ends exactly once.
#include "tests/unit/devices/barriers_fake_port.hpp"

#include <set>

#include <catch2/catch.hpp>
#include <rapidcheck.h>

using namespace gatehouse;
using namespace gatehouse::tests;
using namespace std::chrono_literals;
using devices::ModbusFailure;
using Kind = ModbusFailure::Kind;

namespace {

/// A chance that is the same with every library.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed) {}
  std::uint64_t below(std::uint64_t bound) {
    state_ += 0x9E3779B97F4A7C15;
    std::uint64_t mixed = (state_ ^ (state_ >> 30)) * 0xBF58476D1CE4E5B9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
    return (mixed ^ (mixed >> 31)) % bound;
  }
  bool one_in(std::uint64_t bound) { return below(bound) == 0; }

 private:
  std::uint64_t state_;
};

/// A barrier with an arm that takes 1.5 s, and the faults of a bad day.
class BadBarrier final : public devices::ModbusPort {
 public:
  BadBarrier(ManualClock& clock, Chance& chance, bool is_serial)
      : clock_(clock), chance_(chance), is_serial_(is_serial) {}

  // The truth.
  bool presence = false;
  bool safety = false;
  bool is_stuck = false;
  bool is_bad = true;
  bool is_gone = false;
  // What was seen of it.
  int open_pulses = 0;
  int closes_over_a_vehicle = 0;
  bool safety_as_read = false;

  std::expected<void, std::string> connect() override {
    clock_.pass(1ms);
    if (is_gone || (is_bad && chance_.one_in(4))) return std::unexpected("refused");
    is_connected_ = true;
    return {};
  }
  void close() override { is_connected_ = false; }
  [[nodiscard]] bool is_serial() const override { return is_serial_; }

  devices::ModbusValues read(std::uint8_t, devices::ModbusAddress, std::uint16_t) override {
    if (const auto failure = meet()) return std::unexpected(*failure);
    move();
    safety_as_read = safety;
    const auto bit = [](bool on) { return static_cast<std::uint16_t>(on ? 1 : 0); };
    return std::vector<std::uint16_t>{bit(height_ >= 1500), bit(height_ <= 0), bit(presence),
                                      bit(safety), 0};
  }
  devices::ModbusDone write_single(std::uint8_t, std::uint16_t coil, std::uint16_t value) override {
    const auto failure = meet();
    // It may have acted although nothing was heard of it.
    if (!failure || (failure->kind != Kind::refused && chance_.one_in(2))) act(coil, value);
    if (value == devices::coil_on && coil == 0) ++open_pulses;
    if (value == devices::coil_on && coil == 1 && safety_as_read) ++closes_over_a_vehicle;
    if (failure) return std::unexpected(*failure);
    return {};
  }
  [[nodiscard]] bool is_up() {
    move();
    return height_ > 0;
  }

 private:
  std::optional<ModbusFailure> meet() {
    if (!is_connected_ || is_gone) return ModbusFailure{.kind = Kind::disconnected};
    if (!is_bad || !chance_.one_in(12)) return clock_.pass(1ms), std::nullopt;
    const auto kind = static_cast<Kind>(chance_.below(4));
    clock_.pass(kind == Kind::timed_out ? 500ms : 1ms);
    return ModbusFailure{.kind = kind, .exception = 4};
  }
  void act(std::uint16_t coil, std::uint16_t value) {
    move();
    if (value != devices::coil_on || is_stuck) return;
    direction_ = coil == 0 ? 1 : -1;
  }
  void move() {
    const Steady now = clock_.now().steady;
    const auto passed = std::chrono::floor<std::chrono::milliseconds>(now - moved_at_).count();
    if (passed == 0) return;
    moved_at_ += std::chrono::milliseconds(passed);
    height_ = std::clamp<std::int64_t>(height_ + direction_ * passed, 0, 1500);
  }

  ManualClock& clock_;
  Chance& chance_;
  bool is_serial_;
  bool is_connected_ = false;
  Steady moved_at_ = clock_.now().steady;
  std::int64_t height_ = 0;
  std::int64_t direction_ = 0;
};

struct Ends {
  std::map<std::int64_t, int> seen_open;
  std::map<std::int64_t, int> ended;
};

struct Lane {
  Lane(std::uint64_t seed, bool is_serial) : chance(seed), barrier(clock, chance, is_serial) {
    devices::BusStation station{.barrier = BarrierIndex{0},
                                .id = "b1",
                                .unit = 1,
                                .profile = devices::profile_of({}, {}),
                                .arm = {}};
    station.profile.cycles.reset();
    station.arm = devices::arm_settings({}, station.profile, is_serial);
    bus = std::make_unique<devices::Bus>(std::vector{station}, barrier, clock, tell,
                                         static_cast<std::uint32_t>(seed));
  }

  void pass(std::chrono::milliseconds time) {
    const Steady end = clock.now().steady + time;
    while (clock.now().steady < end) {
      const Steady next = std::min(bus->serve({}), end);
      if (next > clock.now().steady) clock.pass(next - clock.now().steady);
    }
  }
  void order(engine::BarrierOrderKind kind, std::int64_t opening, std::chrono::milliseconds age) {
    Moment authorised = clock.now();
    authorised.steady -= age;
    const engine::BarrierOrder order{.barrier = BarrierIndex{0},
                                     .kind = kind,
                                     .opening = static_cast<engine::OpeningId>(opening),
                                     .authorised = authorised};
    bus->serve(std::span(&order, 1));
  }
  /// One vehicle: it asks, perhaps twice, and drives when the arm is up.
  void visit(std::int64_t opening) {
    barrier.presence = true;
    barrier.is_stuck = chance.one_in(20);
    barrier.is_gone = chance.one_in(20);
    pass(std::chrono::milliseconds(chance.below(400)));
    const int before = barrier.open_pulses;
    order(engine::BarrierOrderKind::open, opening, std::chrono::milliseconds(chance.below(5500)));
    if (chance.one_in(5)) order(engine::BarrierOrderKind::open, opening, 0ms);
    pass(std::chrono::milliseconds(1000 + chance.below(3000)));
    barrier.is_gone = barrier.is_gone && chance.one_in(2);
    pass(std::chrono::milliseconds(chance.below(15'000)));
    barrier.presence = false;
    if (barrier.is_up()) {
      barrier.safety = true;
      pass(std::chrono::milliseconds(chance.below(3000)));
      barrier.safety = false;
    }
    pass(std::chrono::milliseconds(chance.below(4000)));
    // Two for the opening itself; one more each time the arm came down over the vehicle.
    most_pulses = std::max(most_pulses, barrier.open_pulses - before);
    barrier.is_stuck = barrier.is_gone = false;
  }
  void settle() {
    barrier.is_bad = barrier.is_stuck = barrier.is_gone = false;
    pass(2min);
  }

  ManualClock clock;
  Chance chance;
  BadBarrier barrier;
  Ends ends;
  int most_pulses = 0;
  devices::TellBarrierReport tell = [this](const devices::BarrierReport& report) {
    if (const auto* opening = std::get_if<engine::OpeningReported>(&report)) {
      const auto id = static_cast<std::int64_t>(opening->opening);
      using How = engine::OpeningReported::How;
      opening->how == How::seen_open ? ++ends.seen_open[id] : ++ends.ended[id];
    }
  };
  std::unique_ptr<devices::Bus> bus;
};

}  // namespace

TEST_CASE("Ten thousand openings on a bad line: none opens twice, each ends once",
          "[barriers][property]") {
  constexpr std::int64_t openings = 250;
  rc::check("openings on a bad line", [] {
    Lane lane(*rc::gen::arbitrary<std::uint64_t>(), *rc::gen::arbitrary<bool>());
    for (std::int64_t opening = 1; opening <= openings / 2; ++opening) lane.visit(opening);
    lane.settle();
    RC_ASSERT(lane.barrier.closes_over_a_vehicle == 0);
    RC_ASSERT(lane.most_pulses <= 3);
    RC_ASSERT(lane.ends.ended.size() == static_cast<std::size_t>(openings / 2));
    for (const auto& [opening, times] : lane.ends.ended) RC_ASSERT(times == 1);
    for (const auto& [opening, times] : lane.ends.seen_open) RC_ASSERT(times == 1);
    RC_ASSERT(!lane.barrier.is_up());
  });
}
