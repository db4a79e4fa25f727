// The gateway's one connection to the lot's broker: Paho's C library, MQTT 5, made to stay.
//
//   Link link(settings, will, listener);
//   link.start({{"parking/v1/demo/slots/+/state", 1}, …});
//   if (!link.publish(topic, payload)) …   // window full or away: come back at window_open()
//   link.stop(farewell);
//
// Paho's pitfalls that shaped it (measured: docs/decisions.md):
// - A publish beyond the broker's Receive Maximum puts Paho's send thread to sleep for up to a
//   second: never more than `window_max` publishes are unacknowledged here.
// - Its own reconnecting loses messages and can block for ever: a client object lives for one
//   connection; a thread of ours makes the next, with back-off and jitter, and subscribes anew.
// - It acknowledges a message when the callback returns, on one thread for all: the callback must
//   return at once, and an acknowledgement is not durability. Devices repeat, states are retained.
//
// publish() from any thread, never while holding a lock that a listener's callback takes.
#pragma once

#include "broker/settings.hpp"
#include "edge/engine/metrics.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace gatehouse::broker {

/// One of a message's MQTT 5 user properties.
struct UserProperty {
  std::string_view name;
  std::string_view value;
};

/// What the link tells: coming and going on the link's thread, the rest on Paho's. One at a time
/// for messages. Must return at once.
class LinkListener {
 public:
  virtual ~LinkListener() = default;
  /// Connected, and the broker has answered the subscriptions: whoever reads our birth is heard.
  /// What the broker remembers has to be made true again.
  virtual void connected() noexcept = 0;
  virtual void disconnected() noexcept = 0;
  /// `retained`: out of the broker's memory, on subscribing. Views are valid for the call only.
  virtual void received(std::string_view topic, std::string_view payload, bool retained,
                        std::span<const UserProperty> properties) noexcept = 0;
  /// A publish was acknowledged: there is room for another.
  virtual void window_open() noexcept = 0;
};

struct Subscription {
  std::string filter;
  int qos = 1;
  // Whether a message that was published to be kept says so also when it comes at once, and not
  // only out of the broker's memory.
  bool tells_retained = false;
};

struct Message {
  std::string topic;
  std::string payload;
  bool retain = true;
};

class Link final : public engine::MetricsSource {
 public:
  /// Below Mosquitto's default Receive Maximum of 20, so that Paho never meets it.
  static constexpr int window_max = 15;

  /// `will`: the retained last will. Throws std::runtime_error for a URL that is none.
  Link(LinkSettings settings, Message will, LinkListener& listener);
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  /// Starts connecting, for ever. Subscriptions are made in this order on every connection, none
  /// of them to our own publications.
  void start(std::vector<Subscription> subscriptions);
  /// Connects anew with other subscriptions: what they match is heard from then on. Any thread.
  void resubscribe(std::vector<Subscription> subscriptions);
  /// Sends `farewell` retained if connected, waits for its acknowledgement for at most a second,
  /// disconnects. No listener is called afterwards.
  void stop(const Message& farewell);

  /// QoS 1. False: not connected, or the window is full.
  [[nodiscard]] bool publish(const Message& message);

  /// Whether a publish would be taken now; another thread may be quicker. Any thread.
  [[nodiscard]] bool has_room();

  [[nodiscard]] bool is_connected() const { return connected_.load(std::memory_order_acquire); }
  void collect(std::vector<engine::Sample>& samples) const override;

 private:
  struct Connection;
  struct Callbacks;

  void run();
  std::shared_ptr<Connection> connect();
  /// Until the connection is lost or the link stops. False: the broker never let us subscribe.
  bool serve(const std::shared_ptr<Connection>& connection);
  /// Waits for the broker's answer. A filter that it refuses is named in the log and in the
  /// metrics, and the rest is used. False: no answer in time, lost, or told to stop.
  bool subscribe(Connection& connection);
  void tear_down(std::shared_ptr<Connection> connection);
  void say_farewell(Connection& connection);
  void note_refused(const std::vector<Subscription>& subscriptions,
                    const std::vector<bool>& granted);
  /// Why nobody answered, as far as it can be found out from here; else what Paho said.
  [[nodiscard]] std::string trouble_of_line(const std::string& said,
                                            const std::string& tls_trouble) const;
  /// An outage of days must not fill the disk with one sentence.
  [[nodiscard]] bool may_log_trouble() const;
  void log_trouble(const std::string& why);

  const LinkSettings settings_;
  const std::string server_uri_;
  const Message will_;
  LinkListener& listener_;
  std::mutex mutex_;
  std::condition_variable changed_;
  // Protected by mutex_.
  std::vector<Subscription> subscriptions_;
  std::shared_ptr<Connection> connection_;  // from subscribing on
  bool stopping_ = false;
  Message farewell_;

  std::atomic<bool> connected_{false};
  std::atomic<std::uint64_t> connects_{0};
  std::atomic<std::uint64_t> published_{0};
  std::atomic<std::uint64_t> refused_{0};
  std::atomic<std::uint64_t> refused_subscriptions_{0};

  // The link's thread only.
  std::chrono::steady_clock::time_point quiet_until_{};

  std::thread thread_;
};

}  // namespace gatehouse::broker
