#include "bench/peers/paho_client.hpp"

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include <MQTTAsync.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace gatehouse::bench {
namespace {

constexpr int keep_alive_s = 15;
constexpr std::chrono::seconds answer_timeout{10};

/// Paho has no option for it and does not show its descriptor: every TCP socket of the process gets
/// it, other descriptors refuse. Without it a publish waits up to 40 ms behind an acknowledgement.
void send_small_packets_at_once() {
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    const int on = 1;
    setsockopt(std::stoi(entry.path().filename()), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
}

void check(int code, const char* what) {
  if (code != MQTTASYNC_SUCCESS)
    throw std::runtime_error(std::string("Paho refuses to ") + what + ": " + std::to_string(code));
}

}  // namespace

struct PahoClient::Callbacks {
  static void said_yes(void* context, MQTTAsync_successData5* /*data*/) {
    static_cast<PahoClient*>(context)->answer(Answer::yes);
  }
  static void said_no(void* context, MQTTAsync_failureData5* /*data*/) {
    static_cast<PahoClient*>(context)->answer(Answer::no);
  }
  static void acknowledged(void* context, MQTTAsync_successData5* /*data*/) {
    static_cast<PahoClient*>(context)->unacknowledged_.fetch_sub(1);
  }
  static void refused(void* context, MQTTAsync_failureData5* /*data*/) {
    static_cast<PahoClient*>(context)->unacknowledged_.fetch_sub(1);
  }
  // A figure measured over two connections would mean nothing: the process ends.
  static void lost(void* /*context*/, char* /*cause*/) {
    std::fputs("the connection to the broker was lost\n", stderr);
    std::_Exit(1);
  }
  static int arrived(void* context, char* topic, int topic_length, MQTTAsync_message* message) {
    const std::string_view name =
        topic_length > 0 ? std::string_view(topic, static_cast<std::size_t>(topic_length))
                         : std::string_view(topic);
    const std::string_view payload(static_cast<const char*>(message->payload),
                                   static_cast<std::size_t>(message->payloadlen));
    static_cast<PahoClient*>(context)->on_message_(name, payload, message->retained != 0);
    MQTTAsync_freeMessage(&message);
    MQTTAsync_free(topic);
    return 1;
  }
};

PahoClient::PahoClient(const std::string& host, std::uint64_t port, const std::string& client_id,
                       OnMessage on_message)
    : on_message_(std::move(on_message)) {
  // Otherwise Paho formats a line of trace for each packet, which nobody reads.
  MQTTAsync_setTraceLevel(MQTTASYNC_TRACE_ERROR);
  MQTTAsync_createOptions create = MQTTAsync_createOptions_initializer5;
  const std::string uri = "tcp://" + host + ":" + std::to_string(port);
  check(MQTTAsync_createWithOptions(&client_, uri.c_str(), client_id.c_str(),
                                    MQTTCLIENT_PERSISTENCE_NONE, nullptr, &create),
        "create a client");
  MQTTAsync_setCallbacks(client_, this, Callbacks::lost, Callbacks::arrived, nullptr);
  try {
    connect();
  } catch (...) {
    MQTTAsync_destroy(&client_);
    throw;
  }
}

PahoClient::~PahoClient() {
  MQTTAsync_disconnectOptions options = MQTTAsync_disconnectOptions_initializer5;
  options.context = this;
  options.onSuccess5 = Callbacks::said_yes;
  options.onFailure5 = Callbacks::said_no;
  answer(Answer::awaited);
  if (MQTTAsync_disconnect(client_, &options) == MQTTASYNC_SUCCESS) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, answer_timeout, [this] { return answer_ != Answer::awaited; });
  }
  MQTTAsync_destroy(&client_);
}

void PahoClient::connect() {
  const std::string will_topic = "bench/will";
  MQTTAsync_willOptions will = MQTTAsync_willOptions_initializer;
  will.topicName = will_topic.c_str();
  will.message = "gone";
  will.qos = 1;
  MQTTAsync_connectOptions options = MQTTAsync_connectOptions_initializer5;
  options.keepAliveInterval = keep_alive_s;
  options.cleanstart = 1;
  options.will = &will;
  options.context = this;
  options.onSuccess5 = Callbacks::said_yes;
  options.onFailure5 = Callbacks::said_no;
  check(MQTTAsync_connect(client_, &options), "connect");
  await_answer("connecting");
  send_small_packets_at_once();
}

void PahoClient::subscribe(const std::vector<std::string>& filters, OwnMessages own_messages,
                           int qos) {
  std::vector<char*> names;
  std::vector<int> qos_of_each(filters.size(), qos);
  std::vector<MQTTSubscribe_options> each;
  for (const std::string& filter : filters) {
    names.push_back(const_cast<char*>(filter.c_str()));
    MQTTSubscribe_options options = MQTTSubscribe_options_initializer;
    options.noLocal = own_messages == OwnMessages::left_out ? 1 : 0;
    each.push_back(options);
  }
  MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;
  response.context = this;
  response.onSuccess5 = Callbacks::said_yes;
  response.onFailure5 = Callbacks::said_no;
  response.subscribeOptions = each.front();
  response.subscribeOptionsList = each.data();
  response.subscribeOptionsCount = static_cast<int>(each.size());
  answer(Answer::awaited);
  check(MQTTAsync_subscribeMany(client_, static_cast<int>(names.size()), names.data(),
                                qos_of_each.data(), &response),
        "subscribe");
  await_answer("subscribing");
}

void PahoClient::publish(const std::string& topic, std::string_view payload,
                         PublishOptions options) {
  MQTTAsync_message message = MQTTAsync_message_initializer;
  message.payload = const_cast<char*>(payload.data());
  message.payloadlen = static_cast<int>(payload.size());
  message.qos = options.qos;
  message.retained = options.retained ? 1 : 0;
  MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;
  response.context = this;
  response.onSuccess5 = Callbacks::acknowledged;
  response.onFailure5 = Callbacks::refused;
  unacknowledged_.fetch_add(1);
  check(MQTTAsync_sendMessage(client_, topic.c_str(), &message, &response), "publish");
}

void PahoClient::answer(Answer given) {
  {
    const std::scoped_lock lock(mutex_);
    answer_ = given;
  }
  changed_.notify_all();
}

void PahoClient::await_answer(const char* to_what) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, answer_timeout, [this] { return answer_ != Answer::awaited; });
  if (answer_ != Answer::yes)
    throw std::runtime_error(std::string("the broker did not agree to ") + to_what);
}

}  // namespace gatehouse::bench
