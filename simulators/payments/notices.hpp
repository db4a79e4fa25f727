// Notifications on their way: copies, delays, repetitions until somebody says 2xx. Pure, in virtual
// time; one thread.
//
//   NoticeQueue queue;
//   queue.add(notice, course, now);
//   while (auto due = queue.take_due(now)) queue.report(due->number, was_accepted, now);
//
// As Razorpay does: no 2xx within five seconds is a failure; the next attempt comes after a wait
// that doubles, for 24 hours, and then the webhook is switched off until somebody switches it on
// again.
#pragma once

#include "edge/domain/time.hpp"
#include "simulators/payments/exchange.hpp"
#include "simulators/payments/mischief.hpp"

#include <cstdint>
#include <map>
#include <optional>

namespace gatehouse::simulators {

class NoticeQueue {
 public:
  struct Due {
    std::uint64_t number = 0;
    SimNotice notice;
  };

  void add(const SimNotice& notice, const NoticeCourse& course, Instant now);
  /// One that is due and not under way; it is under way until it is reported.
  std::optional<Due> take_due(Instant now);
  void report(std::uint64_t number, bool was_accepted, Instant now);
  /// When the next is due; nullopt: none waits.
  [[nodiscard]] std::optional<Instant> next_at() const;

  void switch_on(Instant now);
  [[nodiscard]] bool is_off() const { return is_off_; }
  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }
  [[nodiscard]] std::uint64_t delivered() const { return delivered_; }
  [[nodiscard]] std::uint64_t failed() const { return failed_; }

 private:
  struct Waiting {
    SimNotice notice;
    Instant first_at;
    Instant due_at;
    std::uint32_t attempts = 0;
    bool is_under_way = false;
    bool is_forged = false;  // never sent twice
  };

  std::map<std::uint64_t, Waiting> waiting_;
  std::uint64_t next_number_ = 1;
  bool is_off_ = false;
  std::uint64_t delivered_ = 0;
  std::uint64_t failed_ = 0;
};

/// The same notice with a signature that nobody made with the secret, and another amount.
SimNotice forged(const SimNotice& notice);

}  // namespace gatehouse::simulators
