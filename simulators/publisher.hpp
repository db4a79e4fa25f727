// The connections of simulated devices to the lot's broker: Paho's C library, MQTT 5, QoS 1, with
// nothing of what they say lost when the broker goes away for a while.
//
//   Publisher publisher(address, accounts);
//   if (!publisher.connect(5s, stop)) complain(publisher.last_error());
//   publisher.publish(0, topic, payload, stop);   // waits for room
//   publisher.wait_until(due, stop);              // connections are looked after meanwhile
//   publisher.finish(5s);                         // the last acknowledgements, then goodbye
//
// Each connection keeps at most 15 publishes unacknowledged: beyond the broker's Receive Maximum
// (20 in Mosquitto) Paho's send thread sleeps for up to a second. What was unacknowledged when a
// connection broke is sent again, in its order, before anything newer.
// All calls from one thread; Paho's threads only settle what was sent, and hand over what the
// broker sends to those that subscribe. Unreachable is a value.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace gatehouse::simulators {

struct BrokerAddress {
  std::string url;      // mqtt:// or mqtts://
  std::string ca_file;  // of mqtts://; empty: the system's authorities
};

/// Who connects, and what the broker is to say when it is gone.
struct DeviceAccount {
  std::string client_id;
  std::string username;  // empty: none
  std::string password;
  std::string status_topic;  // empty: neither birth nor will
  std::string last_will;
  std::vector<std::string> subscriptions;  // filters; it is connected once they are answered
};

/// Topic and payload. Called on a thread of Paho's; it must return soon.
using MessageHandler = std::function<void(std::string, std::string)>;

struct PublisherCounts {
  std::uint64_t acknowledged = 0;  // without births
  std::uint64_t births = 0;
  std::uint64_t refused = 0;      // by the broker, for good: not authorised, quota …
  std::uint64_t sent_again = 0;   // after a connection broke
  std::uint64_t connections = 0;  // made, over all
};

class Publisher {
 public:
  static constexpr std::size_t window_max = 15;

  /// Throws std::invalid_argument for an address Paho does not take.
  Publisher(const BrokerAddress& address, const std::vector<DeviceAccount>& accounts);
  ~Publisher();
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  /// Before connect(); without it what the broker sends is dropped.
  void on_message(MessageHandler handler);

  /// Whether all connections stand within `timeout`. A broker that just starts is waited for.
  bool connect(std::chrono::milliseconds timeout, const std::stop_token& stop);

  /// Hands one message over, waiting for room and, if need be, for the broker to come back. False
  /// when asked to stop first. Messages of one connection arrive in the order of these calls.
  bool publish(std::size_t connection, std::string topic, std::string payload,
               const std::stop_token& stop, bool retained = true);

  /// Until then, or until asked to stop.
  void wait_until(std::chrono::steady_clock::time_point due, const std::stop_token& stop);

  /// Waits for what is unacknowledged, at most `timeout`, and disconnects without leaving the last
  /// will. True when nothing is left.
  bool finish(std::chrono::milliseconds timeout);

  [[nodiscard]] PublisherCounts counts() const;
  [[nodiscard]] std::string last_error() const;

 private:
  struct Connection;
  struct Shared;
  struct Callbacks;

  using Deadline = std::chrono::steady_clock::time_point;

  void tend();
  void open(Connection& connection);
  void subscribe(Connection& connection);
  bool send_front(Connection& connection);
  [[nodiscard]] std::optional<Deadline> next_attempt() const;
  template <class Done>
  bool wait(Deadline deadline, const std::stop_token& stop, Done done);

  BrokerAddress address_;
  std::unique_ptr<Shared> shared_;
  std::vector<std::unique_ptr<Connection>> connections_;
};

}  // namespace gatehouse::simulators
