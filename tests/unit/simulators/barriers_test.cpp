#include "simulators/barrier_controller.hpp"
#include "simulators/barrier_frames.hpp"
#include "simulators/barrier_mischief.hpp"

#include <vector>

#include <catch2/catch.hpp>

using namespace gatehouse::simulators;
using namespace std::chrono_literals;

namespace {

constexpr VirtualTime travel = 1'500ms;

Pdu request(unsigned function, unsigned address, unsigned value) {
  return {static_cast<std::uint8_t>(function), static_cast<std::uint8_t>(address >> 8U),
          static_cast<std::uint8_t>(address & 255U), static_cast<std::uint8_t>(value >> 8U),
          static_cast<std::uint8_t>(value & 255U)};
}

/// A barrier as a gateway sees it: through its registers alone.
struct Yard {
  explicit Yard(RegisterProfile profile) : barrier(profile, travel) {}

  Pdu ask(unsigned function, unsigned address, unsigned value) {
    return barrier.answer(request(function, address, value), now);
  }
  void write(unsigned coil, bool on) {
    const auto echo = request(5, coil, on ? 0xFF00U : 0U);
    REQUIRE(barrier.answer(echo, now) == echo);
  }
  void pulse(unsigned coil) {
    write(coil, true);
    now += 500ms;
    write(coil, false);
  }
  bool input(unsigned address) {
    const auto answer = ask(2, address, 1);
    REQUIRE(answer.size() == 3);
    return answer[2] == 1;
  }
  unsigned words(unsigned function, unsigned address, unsigned count) {
    const auto answer = ask(function, address, count);
    REQUIRE(answer.size() == 2 + 2 * count);
    unsigned value = 0;
    for (std::size_t i = 2; i < answer.size(); ++i) value = value << 8U | answer[i];
    return value;
  }
  ArmState arm() {
    barrier.advance(now);
    return barrier.arm().state();
  }

  VirtualTime now{0};
  BarrierController barrier;
};

}  // namespace

TEST_CASE("an arm that is told to open is up after its travel, and counts that",
          "[simulators][barriers]") {
  BarrierArm arm(travel);
  arm.open(1s);
  arm.advance(2'499ms);
  CHECK(arm.state() == ArmState::opening);
  CHECK(arm.position_percent() == 99);
  CHECK(arm.cycles() == 0);
  arm.advance(2'500ms);
  CHECK(arm.state() == ArmState::open);
  CHECK(arm.cycles() == 1);
  arm.open(3s);
  CHECK(arm.cycles() == 1);
  arm.close(4s);
  arm.advance(5'500ms);
  CHECK(arm.state() == ArmState::closed);
}

TEST_CASE("an arm that is told to open while it closes turns where it is",
          "[simulators][barriers]") {
  BarrierArm arm(travel);
  arm.open(0s);
  arm.close(1'500ms);
  arm.open(2s);  // a third of the way down
  arm.advance(2'500ms);
  CHECK(arm.state() == ArmState::open);
  CHECK(arm.cycles() == 2);
}

TEST_CASE("an arm never comes down on a vehicle, and tells who asked for it",
          "[simulators][barriers]") {
  BarrierArm arm(travel);
  arm.open(0s);
  arm.set_safety(true, 2s);
  arm.close(3s);
  arm.advance(10s);
  CHECK(arm.state() == ArmState::open);
  CHECK(arm.closed_over_vehicle() == 1);
  SECTION("not even when the vehicle comes while it is on its way down") {
    arm.set_safety(false, 11s);
    arm.close(11s);
    arm.set_safety(true, 12s);
    CHECK(arm.forced() == 1);
    arm.advance(13s);
    CHECK(arm.state() == ArmState::open);
  }
}

TEST_CASE("a jammed arm stays where it is until it is freed and told again",
          "[simulators][barriers]") {
  BarrierArm arm(travel);
  arm.open(0s);
  arm.set_jammed(true, 500ms);
  arm.open(1s);
  arm.advance(9s);
  CHECK(arm.state() == ArmState::stopped);
  arm.set_jammed(false, 9s);
  arm.advance(20s);
  CHECK(arm.state() == ArmState::stopped);
  arm.open(20s);
  arm.advance(21s);
  CHECK(arm.state() == ArmState::open);
}

TEST_CASE("the generic barrier shows its ends, loops, fault and cycles where the contract says",
          "[simulators][barriers]") {
  Yard yard(RegisterProfile::generic);
  CHECK(yard.input(1));
  CHECK_FALSE(yard.input(0));
  yard.pulse(0);
  CHECK_FALSE(yard.input(0));
  CHECK_FALSE(yard.input(1));
  yard.now += 1s;
  CHECK(yard.input(0));
  CHECK(yard.words(4, 0, 2) == 1);
  yard.barrier.arm().set_presence(true);
  yard.barrier.arm().set_safety(true, yard.now);
  yard.barrier.set_fault(true, yard.now);
  CHECK(yard.ask(2, 0, 5) == Pdu{2, 1, 0b11101});
  yard.barrier.set_fault(false, yard.now);
  yard.barrier.arm().set_safety(false, yard.now);
  yard.pulse(1);
  yard.now += 1s;
  CHECK(yard.ask(2, 0, 5) == Pdu{2, 1, 0b00110});
}

TEST_CASE("a coil that was left on moves nothing again, and an opening held on keeps the arm up",
          "[simulators][barriers]") {
  Yard yard(RegisterProfile::generic);
  yard.write(0, true);
  yard.now += 2s;
  CHECK(yard.arm() == ArmState::open);
  yard.pulse(1);
  yard.now += 5s;
  CHECK(yard.arm() == ArmState::open);
  yard.write(0, true);
  CHECK(yard.barrier.arm().cycles() == 1);
  yard.write(0, false);
  yard.pulse(1);
  yard.now += 5s;
  CHECK(yard.arm() == ArmState::closed);
}

TEST_CASE("the relay board times its own pulses", "[simulators][barriers]") {
  Yard yard(RegisterProfile::relay8);
  const auto flash = request(5, 0x0200, 5);
  CHECK(yard.barrier.answer(flash, yard.now) == flash);
  CHECK(yard.ask(1, 0, 8) == Pdu{1, 1, 0b1});
  yard.now += 499ms;
  CHECK(yard.ask(1, 0, 8) == Pdu{1, 1, 0b1});
  yard.now += 1ms;
  CHECK(yard.ask(1, 0, 8) == Pdu{1, 1, 0b0});
  yard.now += 1s;
  CHECK(yard.input(0));
  CHECK(yard.ask(5, 0x0201, 5) == request(5, 0x0201, 5));
  yard.now += 2s;
  CHECK(yard.input(1));
  CHECK_FALSE(yard.input(4));  // it has no fault
}

TEST_CASE("the CAME board tells its status, position, error and cycles in words",
          "[simulators][barriers]") {
  Yard yard(RegisterProfile::came);
  CHECK(yard.words(3, 100, 2) == (17U << 16U));
  yard.write(1, true);
  yard.now += 750ms;
  CHECK(yard.words(3, 100, 2) == (32U << 16U | 50U));
  yard.now += 750ms;
  CHECK(yard.words(3, 100, 2) == (16U << 16U | 100U));
  CHECK(yard.words(3, 104, 2) == (1U << 16U));  // the low word first
  yard.write(3, true);
  yard.now += 100ms;
  CHECK(yard.words(3, 100, 1) == 33);
  yard.write(1, true);  // each write is a command: no coil stays on
  CHECK(yard.words(3, 100, 1) == 32);
  CHECK(yard.ask(1, 0, 8) == Pdu{1, 1, 0});
  yard.barrier.set_fault(true, yard.now);
  CHECK(yard.words(3, 100, 1) == 19);
  CHECK(yard.words(3, 103, 1) != 0);
  CHECK_FALSE(yard.input(0));  // its ends are in the status alone
}

TEST_CASE("what a barrier does not have it refuses with an exception", "[simulators][barriers]") {
  Yard yard(RegisterProfile::generic);
  CHECK(yard.ask(2, 7, 2) == Pdu{0x82, 2});
  CHECK(yard.ask(3, 100, 1) == Pdu{0x83, 2});
  CHECK(yard.ask(4, 0, 126) == Pdu{0x84, 3});
  CHECK(yard.ask(1, 0, 0) == Pdu{0x81, 3});
  CHECK(yard.ask(5, 0x0200, 5) == Pdu{0x85, 2});
  CHECK(yard.ask(5, 0, 1) == Pdu{0x85, 3});
  CHECK(yard.ask(6, 0, 1) == Pdu{0x86, 1});
  CHECK(yard.barrier.answer({}, 0s) == Pdu{0x80, 3});
  CHECK(yard.barrier.answer(Pdu{15, 0, 0, 0, 9, 2, 0, 0}, 0s) == Pdu{0x8F, 3});
  CHECK(yard.arm() == ArmState::closed);
}

TEST_CASE("several coils may be written at once", "[simulators][barriers]") {
  Yard yard(RegisterProfile::generic);
  CHECK(yard.barrier.answer(Pdu{15, 0, 0, 0, 2, 1, 0b01}, yard.now) == Pdu{15, 0, 0, 0, 2});
  yard.now += 2s;
  CHECK(yard.arm() == ArmState::open);
}

TEST_CASE("frames are cut out of the stream however it is cut itself", "[simulators][barriers]") {
  const auto bytes = to_bytes({.transaction = 0x0102, .unit = 7, .pdu = {1, 0, 0, 0, 8}});
  CHECK(bytes == std::vector<std::uint8_t>{1, 2, 0, 0, 0, 6, 7, 1, 0, 0, 0, 8});
  const auto piece = GENERATE(1U, 5U, 7U, 12U, 24U);
  FrameReader reader;
  std::vector<std::uint8_t> stream(bytes);
  stream.insert(stream.end(), bytes.begin(), bytes.end());
  std::size_t frames = 0;
  for (std::size_t at = 0; at < stream.size(); at += piece) {
    reader.append(std::span(stream).subspan(at, std::min<std::size_t>(piece, stream.size() - at)));
    while (const auto frame = reader.next()) {
      ++frames;
      CHECK(frame->transaction == 0x0102);
      CHECK(frame->unit == 7);
      CHECK(frame->pdu == Pdu{1, 0, 0, 0, 8});
    }
  }
  CHECK(frames == 2);
  CHECK_FALSE(reader.is_broken());
}

TEST_CASE("a stream that is no Modbus is given up", "[simulators][barriers]") {
  using Bytes = std::vector<std::uint8_t>;
  const auto bytes = GENERATE(Bytes{'G', 'E', 'T', ' ', '/', ' ', 'H', 'T'},
                              Bytes{0, 1, 0, 0, 0, 1, 1}, Bytes{0, 1, 0, 0, 1, 0, 1});
  FrameReader reader;
  reader.append(bytes);
  CHECK_FALSE(reader.next());
  CHECK(reader.is_broken());
}

TEST_CASE("mischief decides what becomes of a request", "[simulators][barriers]") {
  Random chance(1);
  const auto course = [&](std::string_view word) {
    BarrierMischief mischief;
    REQUIRE(mischief.add(word));
    return course_of(mischief, 10s, chance);
  };
  CHECK(course("heal").act_at == VirtualTime(10s));
  CHECK(course("heal").answer_at == VirtualTime(10s));
  CHECK(course("slow=400").act_at == VirtualTime(10'400ms));
  CHECK(course("slow=400").answer_at == VirtualTime(10'400ms));
  CHECK(course("late=700").act_at == VirtualTime(10s));
  CHECK(course("late=700").answer_at == VirtualTime(10'700ms));
  CHECK_FALSE(course("silent").act_at);
  CHECK_FALSE(course("silent").answer_at);
  CHECK_FALSE(course("exceptions").act_at);
  CHECK(course("exceptions").is_exception);
  CHECK(course("hang-up").hang_up);
  CHECK(course("stick").answer_at == VirtualTime(10s));
}

TEST_CASE("of lost frames some are requests and some are answers", "[simulators][barriers]") {
  Random chance(2);
  BarrierMischief mischief;
  REQUIRE(mischief.add("lose=50"));
  int lost_requests = 0;
  int lost_answers = 0;
  for (int i = 0; i < 1'000; ++i) {
    const auto course = course_of(mischief, 0s, chance);
    if (course.answer_at) continue;
    ++(course.act_at ? lost_answers : lost_requests);
  }
  CHECK(lost_requests > 200);
  CHECK(lost_answers > 200);
  CHECK(lost_requests + lost_answers < 600);
}

TEST_CASE("a word of mischief that is none is refused", "[simulators][barriers]") {
  const auto word = GENERATE("", "stuck", "slow", "slow=", "slow=fast", "late=60001", "lose=101");
  BarrierMischief mischief;
  CHECK_FALSE(mischief.add(word));
  CHECK(mischief == BarrierMischief{});
}

TEST_CASE("every trouble of a barrier is healed before the next", "[simulators][barriers]") {
  TroubleMaker troubles(5, 2, 30s);
  TroubleMaker same(5, 2, 30s);
  std::vector<Trouble> seen;
  while (auto trouble = troubles.next(10min)) {
    const auto twin = same.next(10min);
    REQUIRE(twin);
    CHECK(twin->at == trouble->at);
    CHECK(twin->word == trouble->word);
    seen.push_back(*trouble);
  }
  REQUIRE(seen.size() > 20);
  for (std::size_t i = 0; i + 1 < seen.size(); ++i) {
    CHECK(seen[i].at <= seen[i + 1].at);
    CHECK((seen[i].word == "heal") != (seen[i + 1].word == "heal"));
    if (seen[i].word != "heal") CHECK(seen[i].barrier == seen[i + 1].barrier);
  }
  TroubleMaker none(5, 0, 30s);
  CHECK_FALSE(none.next(1h));
}
