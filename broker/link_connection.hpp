// One connection of the link: a Paho client that is made, connected, used and destroyed, and what
// Paho calls meanwhile. For link.cpp and link_connection.cpp only.
#pragma once

#include "broker/link.hpp"

#include <atomic>
#include <string>
#include <utility>

#include <MQTTAsync.h>

namespace gatehouse::broker {

struct Link::Connection {
  enum class State : std::uint8_t { connecting, connected, failed, lost };

  explicit Connection(Link& owner) : link(owner) {}
  ~Connection() {
    if (client != nullptr) MQTTAsync_destroy(&client);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void become(State next, std::string reason = {}) {
    {
      const std::scoped_lock lock(link.mutex_);
      state = next;
      if (!reason.empty()) why = std::move(reason);
    }
    link.changed_.notify_all();
  }

  Link& link;
  MQTTAsync client = nullptr;
  std::atomic<int> unacknowledged{0};
  // Protected by link.mutex_.
  State state = State::connecting;
  std::string why;
};

/// Called by Paho through C: nothing may throw out of these.
struct Link::Callbacks {
  static void connected(void* context, MQTTAsync_successData5* data);
  static void connect_failed(void* context, MQTTAsync_failureData5* failure);
  static void lost(void* context, char* cause);
  static void disconnected_by_broker(void* context, MQTTProperties* properties,
                                     MQTTReasonCodes reason);
  static void subscribe_failed(void* context, MQTTAsync_failureData5* failure);
  static int arrived(void* context, char* topic, int topic_length, MQTTAsync_message* message);
  static void published(void* context, MQTTAsync_successData5* data);
  static void publish_failed(void* context, MQTTAsync_failureData5* failure);

 private:
  static void acknowledged(Connection& connection);
};

}  // namespace gatehouse::broker
