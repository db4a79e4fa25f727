// A lot full of slot sensors, drawn from one seed: what each of them says, and when.
//
//   SensorLot lot({.seed = 1, .zone_slots = {10, 8}});
//   while (auto said = lot.next(1h)) send(*said);
//   lot.truth(3);   // what a gateway that heard everything should believe of slot 3
//
// Time is virtual: it starts at 0 and has no clock behind it, so the speed at which somebody plays
// the trace back cannot change it. The same options give the same trace, on any machine.
// Life and faults draw from separate streams: switching a fault on does not move a single car
// (under load, the turns of sensors that are mute go to others).
// What sensors may say and in what order a gateway must take it: docs/contract/mqtt.md. One thread.
#pragma once

#include "simulators/random.hpp"
#include "simulators/virtual_time.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <queue>
#include <string_view>
#include <vector>

namespace gatehouse::simulators {

/// How often something goes wrong: a share, or a number (then `per_million` is not read).
struct Amount {
  std::uint32_t per_million = 0;
  std::optional<std::uint32_t> count;
};

struct SensorFaults {
  // Of the sensors: so many of them, all along.
  Amount stuck;     // says its first value for ever
  Amount flapping;  // says the other value ten times a second
  Amount silent;    // speaks once and never again
  // Of the messages: that share of them; a number is spent on one message in twenty until it is.
  Amount repeat;   // the same message once more
  Amount late;     // held back and sent after the next, newer one
  Amount restart;  // after it the device goes offline, comes back and counts from 0
};

struct SensorLotOptions {
  std::uint64_t seed = 1;
  std::vector<std::uint32_t> zone_slots;   // slots per zone; slots are numbered through the zones
  std::chrono::minutes start_of_day{480};  // the lot's local time when the trace begins
  std::chrono::minutes mean_stay{90};      // at least 1
  std::uint32_t busiest_percent = 85;      // how full the busiest hour gets, 1–100
  std::uint32_t changes_per_million = 100'000;  // of the messages; the others repeat the state
  std::uint32_t events_per_second = 0;  // 0: a day's life; else load: random slots at this rate
  SensorFaults faults;
};

/// Why a message is sent; with it, what it is.
enum class Said : std::uint8_t {
  first,       // a state: a sensor's first word
  change,      // a state: a car came or went
  keep_alive,  // a state: nothing new
  flap,        // a state: of a flapping sensor
  repeat,      // a state: sent before, in the same words
  late,        // a state: older than what was sent last
  offline,     // a device status: a restart begins
  online,      // a device status: it is back
  restarted,   // a state: the first word after that, seq 0
};
inline constexpr std::size_t said_count = 9;

std::string_view name(Said said);
constexpr bool is_device_status(Said said) { return said == Said::offline || said == Said::online; }

struct SensorMessage {
  VirtualTime at;       // when it is sent
  VirtualTime said_at;  // when the sensor made it; before `at` in a late one
  std::uint32_t slot = 0;
  Said said = Said::first;
  bool occupied = false;
  std::uint64_t seq = 0;
  std::uint8_t battery_percent = 0;
  std::int16_t rssi_dbm = 0;
  bool operator==(const SensorMessage&) const = default;
};

/// What a gateway that heard every message should believe of a slot's sensor.
enum class Belief : std::uint8_t { none_ever, free, occupied, unknown };
std::string_view name(Belief belief);

struct SlotTruth {
  Belief belief = Belief::none_ever;
  std::uint64_t seq = 0;  // of the newest message; meaningless before the first
  bool car = false;       // whether a car is really there, whatever the sensor says
};

class SensorLot {
 public:
  /// Throws std::invalid_argument when more faulty sensors are asked for than there are sensors.
  explicit SensorLot(const SensorLotOptions& options);

  /// The next message before `until`; nullopt when there is none. `until` must not go back.
  std::optional<SensorMessage> next(VirtualTime until);

  [[nodiscard]] std::uint32_t slots() const { return static_cast<std::uint32_t>(sensors_.size()); }
  /// As of the last message that next() handed out.
  [[nodiscard]] SlotTruth truth(std::uint32_t slot) const;

 private:
  enum class Nature : std::uint8_t { sound, stuck, flapping, silent };
  struct Sensor {
    Nature nature = Nature::sound;
    bool car = false;
    bool reports = false;  // the value of its last message
    bool spoke = false;
    bool down = false;  // between offline and online
    std::uint8_t battery_percent = 100;
    std::int16_t rssi_base_dbm = -70;
    std::uint32_t zone = 0;
    std::uint64_t next_seq = 0;
    std::optional<SensorMessage> held;  // to come late
  };
  struct Heard {
    Belief belief = Belief::none_ever;
    std::uint64_t seq = 0;
  };
  enum class Action : std::uint8_t { first, keep_alive, flap, arrival, departure, back_online };
  struct Scheduled {
    VirtualTime at;
    std::uint64_t order;  // those of one instant happen in the order they were planned
    Action action;
    std::uint32_t slot;
    bool operator>(const Scheduled& other) const {
      return at != other.at ? at > other.at : order > other.order;
    }
  };
  using LowestFirst =
      std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, std::greater<>>;
  /// A share or a number of messages, as it is spent.
  struct Strikes {
    std::uint32_t per_million = 0;
    std::optional<std::uint32_t> left;
  };

  void draw_sensors();
  void assign_natures(const SensorFaults& faults);
  void start_life();
  void plan(VirtualTime at, Action action, std::uint32_t slot = 0);
  bool advance(VirtualTime until);
  void perform(const Scheduled& scheduled);
  void arrive(VirtualTime at);
  std::optional<std::uint32_t> park();
  void depart(std::uint32_t slot, VirtualTime at);
  void load_tick(VirtualTime at);
  void toggle(std::uint32_t slot, VirtualTime at);
  void speak(std::uint32_t slot, VirtualTime at, Said said);
  void emit(const SensorMessage& message) { ready_.push_back(message); }
  void take_down(std::uint32_t slot, VirtualTime at);
  void bring_back(std::uint32_t slot, VirtualTime at);
  void hear(const SensorMessage& message);
  bool strikes(Strikes& strikes);
  [[nodiscard]] VirtualTime drawn_stay();
  [[nodiscard]] VirtualTime load_tick_at() const;
  [[nodiscard]] std::uint32_t busyness_percent(VirtualTime at) const;
  [[nodiscard]] bool mute(const Sensor& sensor) const {
    return sensor.down || (sensor.nature == Nature::silent && sensor.spoke);
  }

  SensorLotOptions options_;
  Random life_;
  Random faults_;
  Strikes repeat_;
  Strikes late_;
  Strikes restart_;
  VirtualTime keep_alive_interval_{0};  // 0: none
  std::vector<Sensor> sensors_;
  std::vector<Heard> heard_;
  std::vector<LowestFirst> free_slots_;  // per zone: cars take the front first
  std::priority_queue<Scheduled, std::vector<Scheduled>, std::greater<>> plan_;
  std::uint64_t planned_ = 0;
  std::uint64_t load_ticks_ = 0;
  std::deque<SensorMessage> ready_;
};

}  // namespace gatehouse::simulators
