// What Publisher keeps of its connections, and what Paho's threads and ours both touch: the part of
// publisher.cpp that does not need Paho. Included by publisher.cpp alone.
#pragma once

#include "simulators/publisher.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <utility>

namespace gatehouse::simulators {

inline constexpr std::chrono::milliseconds first_pause{100};
inline constexpr std::chrono::milliseconds longest_pause{2'000};

enum class LinkState : std::uint8_t { down, connecting, greeted, subscribing, up, closed };

struct OutgoingMessage {
  std::string topic;
  std::string payload;
  bool retained = true;
  bool birth = false;
};

/// One message under way. Paho holds a pointer to it until it answers, which it may do after the
/// connection broke and the message was sent again as another record: hence `abandoned`, and hence
/// records are reused only after their answer.
struct SentRecord {
  void* connection = nullptr;
  OutgoingMessage message;
  bool abandoned = false;
};

/// What Paho's threads and ours both touch.
struct Publisher::Shared {
  MessageHandler on_message;  // constant once connected
  mutable std::mutex mutex;
  std::condition_variable_any changed;
  PublisherCounts counts;
  std::string last_error;
  bool attention = true;   // a connection is down, or has something to send again
  std::uint64_t news = 0;  // rises whenever the connections have to be looked after
};

struct Publisher::Connection {
  Shared* shared = nullptr;
  DeviceAccount account;
  void* handle = nullptr;  // Paho's
  // Protected by shared->mutex.
  LinkState state = LinkState::down;
  std::chrono::steady_clock::time_point next_attempt{};
  std::chrono::milliseconds pause = first_pause;
  std::deque<OutgoingMessage> waiting;  // to be sent before anything new
  std::deque<SentRecord*> in_flight;    // oldest first
  std::vector<std::unique_ptr<SentRecord>> records;
  std::vector<SentRecord*> unused;

  /// Whether Paho believes that the broker is there.
  [[nodiscard]] bool is_linked() const {
    return state == LinkState::greeted || state == LinkState::subscribing || state == LinkState::up;
  }

  SentRecord* take_record() {
    if (unused.empty()) return records.emplace_back(std::make_unique<SentRecord>()).get();
    auto* record = unused.back();
    unused.pop_back();
    return record;
  }

  /// Everything unacknowledged goes back to the front of what waits, in its order.
  void broke(std::string reason) {
    for (auto record = in_flight.rbegin(); record != in_flight.rend(); ++record) {
      waiting.push_front((*record)->message);
      (*record)->abandoned = true;
      ++shared->counts.sent_again;
    }
    in_flight.clear();
    state = LinkState::down;
    next_attempt = std::chrono::steady_clock::now() + pause;
    pause = std::min<std::chrono::milliseconds>(pause * 2, longest_pause);
    shared->last_error = std::move(reason);
    call_for_attention();
  }

  void call_for_attention() {
    shared->attention = true;
    ++shared->news;
    shared->changed.notify_all();
  }
};

}  // namespace gatehouse::simulators
