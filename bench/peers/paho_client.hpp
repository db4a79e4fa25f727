// A Paho C client with the options of the gateway's link (broker/link.cpp): MQTT 5, asynchronous,
// a last will, a clean start, no automatic reconnecting.
//
//   PahoClient client("127.0.0.1", 1883, "peer", on_message);
//   client.subscribe({"parking/v1/demo/slots/+/state"}, PahoClient::OwnMessages::left_out);
//   client.publish(topic, payload, {.qos = 1, .retained = true});
//
// `on_message` is called on Paho's thread. Throws std::runtime_error where the broker says no.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::bench {

struct PublishOptions {
  int qos = 1;
  bool retained = false;
};

class PahoClient {
 public:
  using OnMessage =
      std::function<void(std::string_view topic, std::string_view payload, bool retained)>;
  enum class OwnMessages : std::uint8_t { left_out, heard };

  PahoClient(const std::string& host, std::uint64_t port, const std::string& client_id,
             OnMessage on_message);
  ~PahoClient();
  PahoClient(const PahoClient&) = delete;
  PahoClient& operator=(const PahoClient&) = delete;

  /// Returns when the broker has answered.
  void subscribe(const std::vector<std::string>& filters, OwnMessages own_messages, int qos = 1);
  void publish(const std::string& topic, std::string_view payload, PublishOptions options);
  /// Publishes of QoS 1 that the broker has not acknowledged.
  [[nodiscard]] int unacknowledged() const { return unacknowledged_.load(); }

 private:
  struct Callbacks;
  enum class Answer : std::uint8_t { awaited, yes, no };

  void connect();
  void await_answer(const char* to_what);
  void answer(Answer given);

  void* client_ = nullptr;
  OnMessage on_message_;
  std::atomic<int> unacknowledged_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  Answer answer_ = Answer::awaited;  // protected by mutex_
};

}  // namespace gatehouse::bench
