#include "simulators/publisher.hpp"

#include "edge/domain/time.hpp"
#include "simulators/publisher_connection.hpp"
#include "simulators/sensor_wire.hpp"

#include <stdexcept>
#include <string_view>

#include <MQTTAsync.h>
#include <fmt/format.h>

namespace gatehouse::simulators {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr int keep_alive_s = 30;
constexpr int connect_timeout_s = 5;
constexpr std::size_t connecting_max = 32;  // at once; hundreds of TLS handshakes would time out
constexpr auto retry_interval = 10ms;

}  // namespace

/// What Paho calls, on its threads.
struct Publisher::Callbacks {
  static Connection& of(void* context) { return *static_cast<Connection*>(context); }

  static void lost(void* context, char* cause) {
    auto& connection = of(context);
    const std::lock_guard lock(connection.shared->mutex);
    if (connection.is_linked()) connection.broke(cause == nullptr ? "connection lost" : cause);
  }
  static void disconnected(void* context, MQTTProperties* /*properties*/, MQTTReasonCodes reason) {
    auto& connection = of(context);
    const std::lock_guard lock(connection.shared->mutex);
    if (connection.is_linked())
      connection.broke(fmt::format("the broker disconnected: {}", reason_text(reason)));
  }
  static void connected(void* context, MQTTAsync_successData5* /*data*/) {
    auto& connection = of(context);
    const std::lock_guard lock(connection.shared->mutex);
    const bool subscribes = !connection.account.subscriptions.empty();
    connection.state = subscribes ? LinkState::greeted : LinkState::up;
    connection.pause = first_pause;
    ++connection.shared->counts.connections;
    if (!connection.account.status_topic.empty())
      connection.waiting.push_front(
          {.topic = connection.account.status_topic, .payload = birth_now(), .birth = true});
    connection.call_for_attention();
  }
  static void subscribed(void* context, MQTTAsync_successData5* /*data*/) {
    auto& connection = of(context);
    const std::lock_guard lock(connection.shared->mutex);
    connection.state = LinkState::up;
    connection.call_for_attention();
  }
  static void not_subscribed(void* context, MQTTAsync_failureData5* data) {
    auto& connection = of(context);
    const std::lock_guard lock(connection.shared->mutex);
    // It may speak all the same; that it will not hear anything is told.
    connection.state = LinkState::up;
    ++connection.shared->counts.refused;
    connection.shared->last_error = failure_text(data);
    connection.call_for_attention();
  }
  static int arrived(void* context, char* topic, int length, MQTTAsync_message* message) {
    const auto topic_size =
        length > 0 ? static_cast<std::size_t>(length) : std::string_view(topic).size();
    // Constant since before the first connection was made.
    if (const auto& handle = of(context).shared->on_message)
      handle(std::string(topic, topic_size),
             std::string(static_cast<const char*>(message->payload),
                         static_cast<std::size_t>(message->payloadlen)));
    MQTTAsync_freeMessage(&message);
    MQTTAsync_free(topic);
    return 1;
  }
  static void not_connected(void* context, MQTTAsync_failureData5* data) {
    auto& connection = of(context);
    const std::lock_guard lock(connection.shared->mutex);
    connection.broke(failure_text(data));
  }
  static void closed(void* context, MQTTAsync_successData5* /*data*/) { close(context); }
  static void not_closed(void* context, MQTTAsync_failureData5* /*data*/) { close(context); }

  static void acknowledged(void* context, MQTTAsync_successData5* /*data*/) {
    settle(*static_cast<SentRecord*>(context), nullptr);
  }
  static void failed(void* context, MQTTAsync_failureData5* data) {
    settle(*static_cast<SentRecord*>(context), data);
  }

 private:
  static void close(void* context) {
    auto& connection = of(context);
    const std::lock_guard lock(connection.shared->mutex);
    connection.state = LinkState::closed;
    connection.shared->changed.notify_all();
  }

  static void settle(SentRecord& record, const MQTTAsync_failureData5* failure) {
    auto& connection = of(record.connection);
    const std::lock_guard lock(connection.shared->mutex);
    if (!std::exchange(record.abandoned, false)) {
      auto& counts = connection.shared->counts;
      std::erase(connection.in_flight, &record);
      if (failure == nullptr) {
        ++(record.message.birth ? counts.births : counts.acknowledged);
      } else if (failure->reasonCode >= MQTTREASONCODE_UNSPECIFIED_ERROR) {
        ++counts.refused;
        connection.shared->last_error = failure_text(failure);
      } else {  // it never reached the broker
        connection.waiting.push_back(record.message);
        ++counts.sent_again;
      }
    }
    connection.unused.push_back(&record);
    if (!connection.waiting.empty()) connection.call_for_attention();
    connection.shared->changed.notify_all();
  }

  static std::string birth_now() {
    return birth_payload(
        std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()));
  }
  static std::string reason_text(MQTTReasonCodes reason) {
    const char* text = MQTTReasonCode_toString(reason);
    return text == nullptr ? fmt::format("reason {}", static_cast<int>(reason)) : text;
  }
  static std::string failure_text(const MQTTAsync_failureData5* data) {
    if (data == nullptr) return "no answer";
    if (data->reasonCode >= MQTTREASONCODE_UNSPECIFIED_ERROR) return reason_text(data->reasonCode);
    if (data->message != nullptr) return data->message;
    return fmt::format("Paho error {}", data->code);
  }
};

Publisher::Publisher(const BrokerAddress& address, const std::vector<DeviceAccount>& accounts)
    : address_(address), shared_(std::make_unique<Shared>()) {
  if (!address.url.starts_with("mqtt://") && !address.url.starts_with("mqtts://"))
    throw std::invalid_argument("the broker's url begins with mqtt:// or mqtts://");
  MQTTAsync_init_options init = MQTTAsync_init_options_initializer;
  init.do_openssl_init = 1;
  MQTTAsync_global_init(&init);
  for (const auto& account : accounts) {
    auto& connection = *connections_.emplace_back(std::make_unique<Connection>());
    connection.shared = shared_.get();
    connection.account = account;
    MQTTAsync_createOptions options = MQTTAsync_createOptions_initializer5;
    if (const int code = MQTTAsync_createWithOptions(
            &connection.handle, address.url.c_str(), account.client_id.c_str(),
            MQTTCLIENT_PERSISTENCE_NONE, nullptr, &options);
        code != MQTTASYNC_SUCCESS)
      throw std::invalid_argument(fmt::format("the broker's url: Paho says {}", code));
    MQTTAsync_setConnectionLostCallback(connection.handle, &connection, &Callbacks::lost);
    MQTTAsync_setDisconnected(connection.handle, &connection, &Callbacks::disconnected);
    MQTTAsync_setMessageArrivedCallback(connection.handle, &connection, &Callbacks::arrived);
  }
}

Publisher::~Publisher() {
  for (auto& connection : connections_) MQTTAsync_destroy(&connection->handle);
}

void Publisher::open(Connection& connection) {
  MQTTAsync_connectOptions options = MQTTAsync_connectOptions_initializer5;
  options.keepAliveInterval = keep_alive_s;
  options.connectTimeout = connect_timeout_s;
  options.cleanstart = 1;
  options.onSuccess5 = &Callbacks::connected;
  options.onFailure5 = &Callbacks::not_connected;
  options.context = &connection;
  const auto& account = connection.account;
  if (!account.username.empty()) {
    options.username = account.username.c_str();
    options.password = account.password.c_str();
  }
  MQTTAsync_willOptions will = MQTTAsync_willOptions_initializer;
  if (!account.status_topic.empty()) {
    will.topicName = account.status_topic.c_str();
    will.message = account.last_will.c_str();
    will.qos = 1;
    will.retained = 1;
    options.will = &will;
  }
  MQTTAsync_SSLOptions tls = MQTTAsync_SSLOptions_initializer;
  if (address_.url.starts_with("mqtts://")) {
    tls.trustStore = address_.ca_file.empty() ? nullptr : address_.ca_file.c_str();
    tls.CApath = address_.ca_file.empty() ? "/etc/ssl/certs" : nullptr;
    tls.sslVersion = MQTT_SSL_VERSION_TLS_1_2;
    tls.verify = 1;
    options.ssl = &tls;
  }
  if (const int code = MQTTAsync_connect(connection.handle, &options); code != MQTTASYNC_SUCCESS) {
    const std::lock_guard lock(shared_->mutex);
    connection.broke(fmt::format("Paho error {}", code));
  }
}

void Publisher::on_message(MessageHandler handler) { shared_->on_message = std::move(handler); }

void Publisher::subscribe(Connection& connection) {
  std::vector<char*> filters;
  for (auto& filter : connection.account.subscriptions) filters.push_back(filter.data());
  std::vector<int> qos(filters.size(), 1);
  MQTTAsync_callOptions options = MQTTAsync_callOptions_initializer;
  options.onSuccess5 = &Callbacks::subscribed;
  options.onFailure5 = &Callbacks::not_subscribed;
  options.context = &connection;
  if (const int code = MQTTAsync_subscribeMany(connection.handle, static_cast<int>(filters.size()),
                                               filters.data(), qos.data(), &options);
      code != MQTTASYNC_SUCCESS) {
    const std::lock_guard lock(shared_->mutex);
    connection.broke(fmt::format("Paho error {}", code));
  }
}

bool Publisher::send_front(Connection& connection) {
  SentRecord* record = nullptr;
  {
    const std::lock_guard lock(shared_->mutex);
    if (connection.state != LinkState::up || connection.waiting.empty() ||
        connection.in_flight.size() >= window_max)
      return false;
    record = connection.take_record();
    record->connection = &connection;
    record->message = std::move(connection.waiting.front());
    connection.waiting.pop_front();
    connection.in_flight.push_back(record);
  }
  MQTTAsync_responseOptions options = MQTTAsync_responseOptions_initializer;
  options.onSuccess5 = &Callbacks::acknowledged;
  options.onFailure5 = &Callbacks::failed;
  options.context = record;
  const auto& [topic, payload, retained, birth] = record->message;
  const int code =
      MQTTAsync_send(connection.handle, topic.c_str(), static_cast<int>(payload.size()),
                     payload.data(), 1, retained ? 1 : 0, &options);
  if (code == MQTTASYNC_SUCCESS) return true;
  // Paho took nothing and will not answer.
  const std::lock_guard lock(shared_->mutex);
  connection.unused.push_back(record);
  if (!std::exchange(record->abandoned, false)) {
    std::erase(connection.in_flight, record);
    connection.waiting.push_front(record->message);
    connection.broke(fmt::format("Paho error {}", code));
  }
  return false;
}

void Publisher::tend() {
  {
    const std::lock_guard lock(shared_->mutex);
    if (!std::exchange(shared_->attention, false)) return;
  }
  std::size_t connecting = 0;
  bool work_left = false;
  for (auto& connection : connections_) {
    bool due = false;
    bool greeted = false;
    {
      const std::lock_guard lock(shared_->mutex);
      greeted = connection->state == LinkState::greeted;
      if (greeted) connection->state = LinkState::subscribing;
      due = connection->state == LinkState::down && connection->next_attempt <= Clock::now() &&
            connecting < connecting_max;
      if (due) connection->state = LinkState::connecting;
      connecting += connection->state == LinkState::connecting ? 1U : 0U;
    }
    if (due) open(*connection);
    if (greeted) subscribe(*connection);
    while (send_front(*connection)) continue;
    const std::lock_guard lock(shared_->mutex);
    work_left |= connection->state == LinkState::down || !connection->waiting.empty();
  }
  const std::lock_guard lock(shared_->mutex);
  shared_->attention |= work_left;
}

std::optional<Publisher::Deadline> Publisher::next_attempt() const {
  if (!shared_->attention) return std::nullopt;
  std::optional<Deadline> next;
  for (const auto& connection : connections_) {
    if (connection->state != LinkState::down) continue;
    next = std::min(next.value_or(connection->next_attempt), connection->next_attempt);
  }
  return next;
}

template <class Done>
bool Publisher::wait(Deadline deadline, const std::stop_token& stop, Done done) {
  for (;;) {
    tend();
    std::unique_lock lock(shared_->mutex);
    if (done()) return true;
    if (stop.stop_requested() || Clock::now() >= deadline) return false;
    const auto seen = shared_->news;
    auto until = deadline;
    // One whose time has come may still be held back by those being made.
    if (const auto attempt = next_attempt())
      until = std::min(until, std::max(*attempt, Clock::now() + retry_interval));
    shared_->changed.wait_until(lock, stop, until, [&] { return done() || shared_->news != seen; });
  }
}

bool Publisher::connect(std::chrono::milliseconds timeout, const std::stop_token& stop) {
  return wait(Clock::now() + timeout, stop, [this] {
    return std::ranges::all_of(connections_,
                               [](const auto& one) { return one->state == LinkState::up; });
  });
}

bool Publisher::publish(std::size_t connection, std::string topic, std::string payload,
                        const std::stop_token& stop, bool retained) {
  auto& to = *connections_.at(connection);
  const auto has_room = [&to] {
    return to.state == LinkState::up && to.waiting.empty() && to.in_flight.size() < window_max;
  };
  if (!wait(Deadline::max(), stop, has_room)) return false;
  {
    const std::lock_guard lock(shared_->mutex);
    to.waiting.push_back(
        {.topic = std::move(topic), .payload = std::move(payload), .retained = retained});
  }
  if (!send_front(to)) {
    const std::lock_guard lock(shared_->mutex);
    shared_->attention = true;
  }
  return true;
}

void Publisher::wait_until(Deadline due, const std::stop_token& stop) {
  wait(due, stop, [] { return false; });
}

bool Publisher::finish(std::chrono::milliseconds timeout) {
  const auto deadline = Clock::now() + timeout;
  const bool settled = wait(deadline, {}, [this] {
    return std::ranges::all_of(connections_, [](const auto& one) {
      return one->waiting.empty() && one->in_flight.empty();
    });
  });
  for (auto& connection : connections_) {
    MQTTAsync_disconnectOptions options = MQTTAsync_disconnectOptions_initializer5;
    options.onSuccess5 = &Callbacks::closed;
    options.onFailure5 = &Callbacks::not_closed;
    options.context = connection.get();
    if (MQTTAsync_disconnect(connection->handle, &options) == MQTTASYNC_SUCCESS) continue;
    const std::lock_guard lock(shared_->mutex);
    connection->state = LinkState::closed;
  }
  std::unique_lock lock(shared_->mutex);
  shared_->changed.wait_until(lock, std::max(deadline, Clock::now() + 1s), [this] {
    return std::ranges::all_of(connections_,
                               [](const auto& one) { return one->state == LinkState::closed; });
  });
  return settled;
}

PublisherCounts Publisher::counts() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->counts;
}

std::string Publisher::last_error() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->last_error;
}

}  // namespace gatehouse::simulators
