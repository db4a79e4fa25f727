// Requests that are not answered yet. They hold on to their connections, which end with the thread
// that serves them: so nobody else keeps one, however late the answer. That thread only.
#pragma once

#include "edge/api/streams.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <unordered_map>
#include <utility>

namespace gatehouse::api {

template <class Raw>
class OpenRequests {
 public:
  using Number = std::uint64_t;
  struct One {
    Raw raw;
    Streams::Id connection = 0;
  };

  Number add(Raw raw, Streams::Id connection) {
    open_.emplace(++last_, One{std::move(raw), connection});
    return last_;
  }
  /// It is answered; nullopt: its caller has gone.
  std::optional<One> take(Number number) {
    auto found = open_.extract(number);
    return found.empty() ? std::nullopt : std::optional(std::move(found.mapped()));
  }
  void forget(Streams::Id connection) {
    std::erase_if(open_, [&](const auto& one) { return one.second.connection == connection; });
  }
  template <class Predicate>
  [[nodiscard]] bool any_of(Predicate is) const {
    return std::ranges::any_of(open_, [&](const auto& one) { return is(one.second.raw); });
  }
  [[nodiscard]] bool empty() const { return open_.empty(); }
  void clear() { open_.clear(); }

  /// `then` is for the first moment at which none is open any more: see take_if_done().
  void when_done(std::function<void()> then) { done_ = std::move(then); }
  std::function<void()> take_if_done() {
    return open_.empty() ? std::exchange(done_, {}) : std::function<void()>();
  }

 private:
  std::unordered_map<Number, One> open_;
  Number last_ = 0;
  std::function<void()> done_;
};

}  // namespace gatehouse::api
