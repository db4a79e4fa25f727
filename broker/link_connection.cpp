#include "broker/link_connection.hpp"

#include "broker/reachability.hpp"

#include <array>
#include <stdexcept>
#include <vector>

#include <MQTTAsync.h>

namespace gatehouse::broker {
namespace {

using namespace std::chrono_literals;

constexpr auto connect_timeout = 5s;
constexpr auto subscribe_timeout = 10s;
// A broker that froze is noticed after 1.5 times as long.
constexpr int keep_alive_s = 15;
// Ours are two; a stranger's beyond these are not looked at.
constexpr std::size_t user_properties_max = 8;

/// What the broker answered; MQTTREASONCODE_SUCCESS: nothing.
MQTTReasonCodes answer_of(const MQTTAsync_failureData5& failure) {
  if (failure.reasonCode != MQTTREASONCODE_SUCCESS) return failure.reasonCode;
  // Of a CONNECT it stands in the code, where Paho's own errors are negative.
  return failure.code >= MQTTREASONCODE_UNSPECIFIED_ERROR
             ? static_cast<MQTTReasonCodes>(failure.code)
             : MQTTREASONCODE_SUCCESS;
}

std::string reason_text(const MQTTAsync_failureData5* failure) {
  if (failure == nullptr) return "no answer";
  if (const auto answer = answer_of(*failure); answer != MQTTREASONCODE_SUCCESS) {
    const char* text = MQTTReasonCode_toString(answer);
    if (text != nullptr) return text;
  }
  if (failure->message != nullptr) return failure->message;
  return "error " + std::to_string(failure->code);
}

std::string connect_refusal(const MQTTAsync_failureData5& failure) {
  const auto answer = answer_of(failure);
  std::string text = "the broker answers: " + reason_text(&failure);
  if (answer == MQTTREASONCODE_NOT_AUTHORIZED ||
      answer == MQTTREASONCODE_BAD_USER_NAME_OR_PASSWORD) {
    text +=
        " (it does not know the gateway by broker.username and the password in "
        "broker.password_env's variable)";
  }
  return text;
}

}  // namespace

/// How many were found; those beyond the room are left out.
std::size_t read_user_properties(const MQTTProperties& all, std::span<UserProperty> found) {
  std::size_t count = 0;
  for (int i = 0; i < all.count && count < found.size(); ++i) {
    const MQTTProperty& property = all.array[i];
    if (property.identifier != MQTTPROPERTY_CODE_USER_PROPERTY) continue;
    const auto text = [](const MQTTLenString& part) {
      return std::string_view(part.data, static_cast<std::size_t>(part.len));
    };
    found[count++] = {text(property.value.data), text(property.value.value)};
  }
  return count;
}

/// Called by Paho through C: nothing may throw out of these.
struct Link::Callbacks {
  static void connected(void* context, MQTTAsync_successData5* data);
  static void connect_failed(void* context, MQTTAsync_failureData5* failure);
  static int tls_complained(const char* text, size_t length, void* context);
  static void lost(void* context, char* cause);
  static void disconnected_by_broker(void* context, MQTTProperties* properties,
                                     MQTTReasonCodes reason);
  static void subscribed(void* context, MQTTAsync_successData5* data);
  static void subscribe_failed(void* context, MQTTAsync_failureData5* failure);
  static int arrived(void* context, char* topic, int topic_length, MQTTAsync_message* message);
  static void published(void* context, MQTTAsync_successData5* data);
  static void publish_failed(void* context, MQTTAsync_failureData5* failure);

 private:
  static void acknowledged(Connection& connection);
};

void prepare_paho(bool with_tls) {
  MQTTAsync_init_options options = MQTTAsync_init_options_initializer;
  options.do_openssl_init = with_tls ? 1 : 0;
  MQTTAsync_global_init(&options);
  // Paho formats every packet into a trace nobody reads unless told not to: 1.5 µs a message.
  MQTTAsync_setTraceLevel(MQTTASYNC_TRACE_ERROR);
}

Link::Connection::~Connection() {
  if (client != nullptr) MQTTAsync_destroy(&client);
}

bool Link::Connection::is_open() const { return MQTTAsync_isConnected(client) != 0; }

void Link::Connection::begin_disconnect() {
  MQTTAsync_disconnectOptions options = MQTTAsync_disconnectOptions_initializer5;
  options.timeout = 100;  // ms, for what Paho still has to send
  MQTTAsync_disconnect(client, &options);
}

bool Link::Connection::send(const Message& message) {
  MQTTAsync_message paho_message = MQTTAsync_message_initializer;
  paho_message.payload = const_cast<char*>(message.payload.data());
  paho_message.payloadlen = static_cast<int>(message.payload.size());
  paho_message.qos = 1;
  paho_message.retained = message.retain ? 1 : 0;
  MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;
  response.context = this;
  response.onSuccess5 = Callbacks::published;
  response.onFailure5 = Callbacks::publish_failed;
  return MQTTAsync_sendMessage(client, message.topic.c_str(), &paho_message, &response) ==
         MQTTASYNC_SUCCESS;
}

void Link::Callbacks::connected(void* context, MQTTAsync_successData5* /*data*/) {
  static_cast<Connection*>(context)->become(Connection::State::connected);
}

void Link::Callbacks::connect_failed(void* context, MQTTAsync_failureData5* failure) {
  auto& connection = *static_cast<Connection*>(context);
  const bool has_answered = failure != nullptr && answer_of(*failure) != MQTTREASONCODE_SUCCESS;
  {
    const std::scoped_lock lock(connection.link.mutex_);
    connection.never_answered = !has_answered;
  }
  connection.become(Connection::State::failed,
                    has_answered ? connect_refusal(*failure) : reason_text(failure));
}

int Link::Callbacks::tls_complained(const char* text, size_t length, void* context) {
  auto& connection = *static_cast<Connection*>(context);
  const std::scoped_lock lock(connection.link.mutex_);
  if (connection.tls_trouble.empty()) connection.tls_trouble = tls_reason({text, length});
  return 1;  // go on with the next one
}

void Link::Callbacks::lost(void* context, char* /*cause*/) {
  auto& connection = *static_cast<Connection*>(context);
  connection.link.connected_.store(false, std::memory_order_release);
  connection.become(Connection::State::lost, "connection lost");
}

void Link::Callbacks::disconnected_by_broker(void* context, MQTTProperties* /*properties*/,
                                             MQTTReasonCodes reason) {
  auto& connection = *static_cast<Connection*>(context);
  connection.link.connected_.store(false, std::memory_order_release);
  const char* text = MQTTReasonCode_toString(reason);
  connection.become(Connection::State::lost, text == nullptr ? "told to disconnect" : text);
}

void Link::Callbacks::subscribed(void* context, MQTTAsync_successData5* data) {
  auto& connection = *static_cast<Connection*>(context);
  {
    // One answer to each filter: Paho calls it a success even where all of them were refused.
    const std::scoped_lock lock(connection.link.mutex_);
    const auto& answers = data->alt.sub;
    for (int i = 0; i < answers.reasonCodeCount; ++i)
      connection.granted.push_back(answers.reasonCodes[i] < MQTTREASONCODE_UNSPECIFIED_ERROR);
  }
  connection.become(Connection::State::subscribed);
}

void Link::Callbacks::subscribe_failed(void* context, MQTTAsync_failureData5* failure) {
  static_cast<Connection*>(context)->become(Connection::State::lost,
                                            "cannot subscribe: " + reason_text(failure));
}

int Link::Callbacks::arrived(void* context, char* topic, int topic_length,
                             MQTTAsync_message* message) {
  auto& connection = *static_cast<Connection*>(context);
  // Paho gives a length only where the topic holds a NUL.
  const std::string_view name =
      topic_length > 0 ? std::string_view(topic, static_cast<std::size_t>(topic_length))
                       : std::string_view(topic);
  const std::string_view payload(static_cast<const char*>(message->payload),
                                 static_cast<std::size_t>(message->payloadlen));
  std::array<UserProperty, user_properties_max> properties{};
  const std::size_t count = read_user_properties(message->properties, properties);
  connection.link.listener_.received(name, payload, message->retained != 0,
                                     std::span(properties).first(count));
  MQTTAsync_freeMessage(&message);
  MQTTAsync_free(topic);
  return 1;
}

void Link::Callbacks::published(void* context, MQTTAsync_successData5* /*data*/) {
  acknowledged(*static_cast<Connection*>(context));
}

void Link::Callbacks::publish_failed(void* context, MQTTAsync_failureData5* /*failure*/) {
  auto& connection = *static_cast<Connection*>(context);
  connection.link.refused_.fetch_add(1, std::memory_order_relaxed);
  acknowledged(connection);
}

void Link::Callbacks::acknowledged(Connection& connection) {
  connection.unacknowledged.fetch_sub(1, std::memory_order_acq_rel);
  if (connection.link.is_connected()) connection.link.listener_.window_open();
}

std::shared_ptr<Link::Connection> Link::connect() {
  auto connection = std::make_shared<Connection>(*this);
  MQTTAsync_createOptions create = MQTTAsync_createOptions_initializer5;
  int code = MQTTAsync_createWithOptions(&connection->client, server_uri_.c_str(),
                                         settings_.username.c_str(), MQTTCLIENT_PERSISTENCE_NONE,
                                         nullptr, &create);
  if (code != MQTTASYNC_SUCCESS)
    throw std::runtime_error("Paho refuses broker.url " + settings_.url);
  MQTTAsync_setCallbacks(connection->client, connection.get(), Callbacks::lost, Callbacks::arrived,
                         nullptr);
  MQTTAsync_setDisconnected(connection->client, connection.get(),
                            Callbacks::disconnected_by_broker);

  MQTTAsync_willOptions will = MQTTAsync_willOptions_initializer;
  will.topicName = will_.topic.c_str();
  will.payload.data = will_.payload.data();
  will.payload.len = static_cast<int>(will_.payload.size());
  will.retained = 1;
  will.qos = 1;
  MQTTAsync_SSLOptions tls = MQTTAsync_SSLOptions_initializer;
  tls.trustStore = settings_.ca_file.empty() ? nullptr : settings_.ca_file.c_str();
  tls.sslVersion = MQTT_SSL_VERSION_TLS_1_2;
  tls.verify = 1;
  tls.ssl_error_cb = Callbacks::tls_complained;
  tls.ssl_error_context = connection.get();
  MQTTAsync_connectOptions options = MQTTAsync_connectOptions_initializer5;
  options.keepAliveInterval = keep_alive_s;
  options.connectTimeout = static_cast<int>(connect_timeout / 1s);
  options.cleanstart = 1;
  options.will = &will;
  options.username = settings_.username.empty() ? nullptr : settings_.username.c_str();
  options.password = settings_.password.empty() ? nullptr : settings_.password.c_str();
  if (server_uri_.starts_with("ssl://")) options.ssl = &tls;
  options.context = connection.get();
  options.onSuccess5 = Callbacks::connected;
  options.onFailure5 = Callbacks::connect_failed;
  code = MQTTAsync_connect(connection->client, &options);

  using enum Connection::State;
  std::unique_lock lock(mutex_);
  const bool answered =
      code == MQTTASYNC_SUCCESS && changed_.wait_for(lock, 2 * connect_timeout, [&] {
        return connection->state != connecting || stopping_;
      });
  if (answered && connection->state == connected) return connection;
  const std::string why = answered ? connection->why : "no answer";
  const std::string tls_trouble = connection->tls_trouble;
  const bool is_stopping = stopping_;
  const bool is_the_line = answered && connection->never_answered;
  lock.unlock();
  if (is_stopping || !may_log_trouble()) return nullptr;
  log_trouble(is_the_line ? trouble_of_line(why, tls_trouble) : why);
  return nullptr;
}

bool Link::subscribe(Connection& connection) {
  std::vector<Subscription> subscriptions;
  {
    const std::scoped_lock lock(mutex_);
    subscriptions = subscriptions_;
  }
  std::vector<char*> filters;
  std::vector<int> qos;
  std::vector<MQTTSubscribe_options> each;
  for (const Subscription& subscription : subscriptions) {
    filters.push_back(const_cast<char*>(subscription.filter.c_str()));
    qos.push_back(subscription.qos);
    MQTTSubscribe_options wanted = MQTTSubscribe_options_initializer;
    wanted.noLocal = 1;
    wanted.retainAsPublished = subscription.tells_retained ? 1 : 0;
    each.push_back(wanted);
  }
  MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;
  response.context = &connection;
  response.onSuccess5 = Callbacks::subscribed;
  response.onFailure5 = Callbacks::subscribe_failed;
  response.subscribeOptions = each.empty() ? response.subscribeOptions : each.front();
  response.subscribeOptionsList = each.data();
  response.subscribeOptionsCount = static_cast<int>(each.size());
  const int code = MQTTAsync_subscribeMany(connection.client, static_cast<int>(filters.size()),
                                           filters.data(), qos.data(), &response);
  if (code != MQTTASYNC_SUCCESS) connection.become(Connection::State::lost, "cannot subscribe");

  std::unique_lock lock(mutex_);
  const bool answered = changed_.wait_for(lock, subscribe_timeout, [&] {
    return connection.state != Connection::State::connected || stopping_;
  });
  if (!answered) connection.why = "no answer to the subscriptions";
  if (connection.state != Connection::State::subscribed) return false;
  const std::vector<bool> granted = connection.granted;
  lock.unlock();
  note_refused(subscriptions, granted);
  return true;
}

}  // namespace gatehouse::broker
