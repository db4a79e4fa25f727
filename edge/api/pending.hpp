// Answers that wait for somebody else: the engine's commit, a password's check.
//
//   Answer later = pending.hold(std::move(answer));   // call it on any thread, or never
//   pending.expire();                                 // now and then: who waited too long gets 503
//
// Each caller is answered once: by whoever comes first. What comes after that, or after close(),
// is dropped, so whoever keeps a held Answer may keep it longer than the server lives. Any thread.
#pragma once

#include "edge/api/router.hpp"
#include "edge/engine/ports.hpp"

#include <cstddef>
#include <memory>
#include <string>

namespace gatehouse::api {

class Pending {
 public:
  /// The clock outlives this.
  explicit Pending(const engine::Clock& clock);
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;
  ~Pending() { close(); }

  /// The answer's caller is told 503 when limits::answer_within is over; 409 where another one
  /// waits for the same: `what`, which is not empty, names it.
  [[nodiscard]] Answer hold(Answer answer, std::string what = {});
  void expire();
  /// Nobody is answered any more. Once closed it stays closed.
  void close();
  [[nodiscard]] std::size_t size() const;

 private:
  struct State;
  const engine::Clock& clock_;
  const std::shared_ptr<State> state_;
};

/// 503: nothing is known of it yet.
Response no_answer_in_time();

/// 409: the first request under this Idempotency-Key is not answered yet.
Response still_in_progress();

/// 503: not taken at all, because too much waits already.
Response too_busy();

}  // namespace gatehouse::api
