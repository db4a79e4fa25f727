// What goes wrong at a simulated barrier, on request: at its motor, and on its line.
//
//   BarrierMischief mischief;
//   mischief.add("late=700");                            // acts at once, answers 0.7 s later
//   const auto course = course_of(mischief, now, chance);   // of one request
//
// Words: stick, fault (its motor); silent, slow=MS (acts and answers later), late=MS (acts at once,
// answers later), exceptions, hang-up (closes the connection instead of answering), lose=PERCENT
// (of the frames, as often the request as the answer); heal ends all of them. Values; pure.
#pragma once

#include "simulators/random.hpp"
#include "simulators/virtual_time.hpp"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::simulators {

struct BarrierMischief {
  bool stick = false;
  bool fault = false;
  bool silent = false;
  bool exceptions = false;
  bool hang_up = false;
  VirtualTime slow{0};
  VirtualTime late{0};
  std::uint32_t lost_percent = 0;

  /// One of the words; a sentence for people when it is none.
  std::expected<void, std::string> add(std::string_view word);
  bool operator==(const BarrierMischief&) const = default;
};

/// What becomes of one request.
struct RequestCourse {
  std::optional<VirtualTime> act_at;     // nullopt: it is not carried out
  std::optional<VirtualTime> answer_at;  // nullopt: nobody answers
  bool is_exception = false;             // the answer says that the device failed
  bool hang_up = false;
};

RequestCourse course_of(const BarrierMischief& mischief, VirtualTime now, Random& chance);

/// Trouble that comes and goes by itself: one word at one barrier for some seconds, then none for a
/// while. The same seed gives the same troubles.
struct Trouble {
  VirtualTime at;
  std::size_t barrier;
  std::string word;  // of BarrierMischief::add; "heal" ends it
};

class TroubleMaker {
 public:
  TroubleMaker(std::uint64_t seed, std::size_t barriers, VirtualTime mean_interval);
  /// What begins or ends until then, one by one.
  std::optional<Trouble> next(VirtualTime until);

 private:
  Random chance_;
  std::size_t barriers_;
  VirtualTime mean_interval_;
  Trouble planned_{};
};

}  // namespace gatehouse::simulators
