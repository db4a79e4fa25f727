// What goes wrong between a provider and a lot: by seeded chance, or the next time because somebody
// asked for it. Pure; one thread.
//
//   PaymentMischief mischief(seed);
//   mischief.set_rate("lost_answer", 20'000);     // 2 % of all calls
//   mischief.next("error_after");                 // the next call only
//   const CallCourse course = mischief.of_call();
#pragma once

#include "simulators/random.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::simulators {

/// Of one call of the lot's.
struct CallCourse {
  bool is_busy = false;       // 429, nothing done
  bool fails_before = false;  // 503, nothing done
  bool fails_after = false;   // 502, done all the same
  bool is_garbled = false;    // done, and the answer is a page
  bool is_lost = false;       // done, and no answer comes
  bool hangs_up = false;      // done, and the connection ends
  bool pays_early = false;    // paid, and told, before the answer comes
  std::chrono::milliseconds delay{0};
};

/// Of one notification.
struct NoticeCourse {
  bool is_missing = false;
  bool is_forged = false;  // a forged copy goes along
  int copies = 1;
  std::chrono::milliseconds delay{0};  // so that later ones overtake it
};

class PaymentMischief {
 public:
  explicit PaymentMischief(std::uint64_t seed) : random_(seed) {}

  /// The words: busy, error, error_after, garbled, lost_answer, hang_up, early, slow of calls;
  /// missing, duplicate, forged, late of notifications. False: another word.
  bool set_rate(std::string_view word, std::uint32_t per_million);
  bool next(std::string_view word);
  void set_slow(std::chrono::milliseconds delay) { slow_ = delay; }
  void clear();

  CallCourse of_call();
  NoticeCourse of_notice();

 private:
  bool happens(const std::string& word, std::deque<std::string>& asked_for);

  Random random_;
  std::chrono::milliseconds slow_{1'500};
  std::map<std::string, std::uint32_t> rates_;
  // Each entry is used up by one call or notification.
  std::deque<std::string> next_calls_;
  std::deque<std::string> next_notices_;
};

}  // namespace gatehouse::simulators
