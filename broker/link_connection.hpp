// One connection of the link: a Paho client that is made, connected, used and destroyed, and what
// Paho calls meanwhile. For link.cpp, which knows no Paho, and link_connection.cpp, which does.
#pragma once

#include "broker/link.hpp"

#include <atomic>
#include <string>
#include <utility>
#include <vector>

namespace gatehouse::broker {

struct Link::Connection {
  enum class State : std::uint8_t { connecting, connected, subscribed, failed, lost };

  explicit Connection(Link& owner) : link(owner) {}
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// QoS 1. False: Paho does not take it.
  [[nodiscard]] bool send(const Message& message);
  [[nodiscard]] bool is_open() const;
  void begin_disconnect();

  void become(State next, std::string reason = {}) {
    {
      const std::scoped_lock lock(link.mutex_);
      if (state == State::lost) return;  // an answer that came too late
      state = next;
      if (!reason.empty()) why = std::move(reason);
    }
    link.changed_.notify_all();
  }

  Link& link;
  void* client = nullptr;  // MQTTAsync
  std::atomic<int> unacknowledged{0};
  // Protected by link.mutex_.
  State state = State::connecting;
  std::string why;
  bool never_answered = false;  // no broker has said why: the line is to be looked at
  std::string tls_trouble;      // the first thing OpenSSL complained about
  std::vector<bool> granted;    // the broker's answers, in the order of the subscriptions
};

/// Paho's own set-up, before its first client.
void prepare_paho(bool with_tls);

}  // namespace gatehouse::broker
