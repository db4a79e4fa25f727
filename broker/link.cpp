#include "broker/link.hpp"

#include "broker/link_connection.hpp"
#include "broker/no_delay.hpp"
#include "broker/reachability.hpp"

#include <algorithm>
#include <charconv>
#include <random>
#include <stdexcept>
#include <utility>

#include <spdlog/spdlog.h>

namespace gatehouse::broker {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds backoff_min = 100ms;
// The lot is to be true again within 5 s of the broker's return, publications included.
constexpr std::chrono::milliseconds backoff_max = 2s;
constexpr auto farewell_timeout = 1s;
constexpr auto log_interval = 60s;
// Whoever stops the gateway waits for the end of a look at the line.
constexpr std::chrono::milliseconds look_patience = 1s;

std::string to_paho_uri(const std::string& url) {
  constexpr std::string_view plain = "mqtt://";
  constexpr std::string_view tls = "mqtts://";
  if (url.starts_with(plain)) return "tcp://" + url.substr(plain.size());
  if (url.starts_with(tls)) return "ssl://" + url.substr(tls.size());
  throw std::runtime_error("broker.url: expected mqtt://host:port or mqtts://host:port");
}

bool is_tls(const std::string& uri) { return uri.starts_with("ssl://"); }
std::uint16_t usual_port(const std::string& uri) { return is_tls(uri) ? 8883 : 1883; }

/// The host of `…://host:port` or `…://[v6]:port`, without brackets.
std::string host_of(const std::string& uri) {
  std::string_view rest = uri;
  rest.remove_prefix(rest.find("://") + 3);
  if (rest.starts_with('[')) return std::string(rest.substr(1, rest.find(']') - 1));
  return std::string(rest.substr(0, rest.find(':')));
}

/// The port of `…://host:port`; `default_port` where there is none.
std::uint16_t port_of(const std::string& uri, std::uint16_t default_port) {
  const auto colon = uri.rfind(':');
  std::uint16_t port = 0;
  const char* end = uri.data() + uri.size();
  const auto read = std::from_chars(uri.data() + colon + 1, end, port);
  return read.ec == std::errc{} && read.ptr == end ? port : default_port;
}

std::chrono::milliseconds jittered(std::chrono::milliseconds backoff) {
  static thread_local std::minstd_rand random(std::random_device{}());
  std::uniform_int_distribution<std::chrono::milliseconds::rep> spread(backoff.count() / 2,
                                                                       backoff.count());
  return std::chrono::milliseconds(spread(random));
}

}  // namespace

Link::Link(LinkSettings settings, Message will, LinkListener& listener)
    : settings_(std::move(settings)),
      server_uri_(to_paho_uri(settings_.url)),
      will_(std::move(will)),
      listener_(listener) {}

Link::~Link() {
  if (thread_.joinable()) stop({});
}

void Link::start(std::vector<Subscription> subscriptions) {
  subscriptions_ = std::move(subscriptions);
  prepare_paho(is_tls(server_uri_));
  thread_ = std::thread([this] { run(); });
}

void Link::resubscribe(std::vector<Subscription> subscriptions) {
  {
    const std::scoped_lock lock(mutex_);
    subscriptions_ = std::move(subscriptions);
    if (connection_) {
      connection_->state = Connection::State::lost;
      connection_->why = "other subscriptions asked for";
    }
  }
  changed_.notify_all();
}

void Link::stop(const Message& farewell) {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
    farewell_ = farewell;
  }
  changed_.notify_all();
  thread_.join();
}

bool Link::has_room() {
  const std::scoped_lock lock(mutex_);
  return connection_ && connection_->unacknowledged.load(std::memory_order_acquire) < window_max;
}

bool Link::publish(const Message& message) {
  std::shared_ptr<Connection> connection;
  {
    const std::scoped_lock lock(mutex_);
    connection = connection_;
  }
  if (!connection || !is_connected()) return false;
  int unacknowledged = connection->unacknowledged.load(std::memory_order_relaxed);
  do {
    if (unacknowledged >= window_max) return false;
  } while (!connection->unacknowledged.compare_exchange_weak(unacknowledged, unacknowledged + 1,
                                                             std::memory_order_acq_rel));
  if (!connection->send(message)) {
    connection->unacknowledged.fetch_sub(1, std::memory_order_acq_rel);
    return false;
  }
  published_.fetch_add(1, std::memory_order_relaxed);
  return true;
}

void Link::run() {
  auto backoff = backoff_min;
  while (true) {
    std::shared_ptr<Connection> connection = connect();
    if (connection) {
      if (serve(connection)) backoff = backoff_min;
      tear_down(std::move(connection));
    }
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, jittered(backoff), [this] { return stopping_; })) return;
    backoff = std::min(2 * backoff, backoff_max);
  }
}

bool Link::serve(const std::shared_ptr<Connection>& connection) {
  {
    const std::scoped_lock lock(mutex_);
    connection_ = connection;
  }
  send_without_delay_to(port_of(server_uri_, usual_port(server_uri_)));
  const bool is_served = subscribe(*connection);
  if (is_served) {
    connected_.store(true, std::memory_order_release);
    connects_.fetch_add(1, std::memory_order_relaxed);
    spdlog::info("connected to the broker at {}", settings_.url);
    listener_.connected();
    std::unique_lock lock(mutex_);
    changed_.wait(lock,
                  [&] { return stopping_ || connection->state != Connection::State::subscribed; });
  }

  std::unique_lock lock(mutex_);
  const bool is_stopping = stopping_;
  const std::string why = connection->why;
  lock.unlock();
  if (is_stopping) {
    say_farewell(*connection);
  } else {
    log_trouble(why);
  }
  return is_served;
}

void Link::tear_down(std::shared_ptr<Connection> connection) {
  connected_.store(false, std::memory_order_release);
  std::unique_lock lock(mutex_);
  connection_.reset();
  // A publish under way still uses the client, on its way out.
  while (connection.use_count() > 1) changed_.wait_for(lock, 1ms);
  lock.unlock();
  if (connection->is_open()) {
    connection->begin_disconnect();
    const auto deadline = std::chrono::steady_clock::now() + farewell_timeout;
    lock.lock();
    while (connection->is_open() && std::chrono::steady_clock::now() < deadline) {
      changed_.wait_for(lock, 1ms);
    }
    lock.unlock();
  }
  connection.reset();
  listener_.disconnected();
}

void Link::say_farewell(Connection& connection) {
  if (farewell_.topic.empty() || !is_connected()) return;
  const auto deadline = std::chrono::steady_clock::now() + farewell_timeout;
  const auto patience = [&] { return std::chrono::steady_clock::now() < deadline; };
  std::unique_lock lock(mutex_);
  bool sent = false;
  while (!sent && patience()) {
    lock.unlock();
    sent = publish(farewell_);
    lock.lock();
    if (!sent) changed_.wait_for(lock, 1ms);
  }
  while (connection.unacknowledged.load(std::memory_order_acquire) > 0 && patience()) {
    changed_.wait_for(lock, 1ms);
  }
}

void Link::note_refused(const std::vector<Subscription>& subscriptions,
                        const std::vector<bool>& granted) {
  std::uint64_t refused = 0;
  for (std::size_t i = 0; i < std::min(subscriptions.size(), granted.size()); ++i) {
    if (granted[i]) continue;
    ++refused;
    spdlog::error("the broker refuses the subscription to {}: nothing is heard on it",
                  subscriptions[i].filter);
  }
  refused_subscriptions_.store(refused, std::memory_order_relaxed);
}

std::string Link::trouble_of_line(const std::string& said, const std::string& tls_trouble) const {
  if (!tls_trouble.empty()) return "TLS: " + tls_trouble;
  const std::string host = host_of(server_uri_);
  // Paho's error without a word is that of a name it could not look up: not to be tried again here,
  // where it might take longer than whoever stops the gateway has patience.
  constexpr std::string_view wordless = "error ";
  if (said.starts_with(wordless) && !is_address(host))
    return "the name " + host + " cannot be resolved";
  const std::string unreachable =
      why_unreachable(host, port_of(server_uri_, usual_port(server_uri_)), look_patience);
  if (!unreachable.empty()) return unreachable;
  return is_tls(server_uri_) ? said + ", though somebody accepts connections there" : said;
}

bool Link::may_log_trouble() const { return std::chrono::steady_clock::now() >= quiet_until_; }

void Link::log_trouble(const std::string& why) {
  if (!may_log_trouble()) return;
  quiet_until_ = std::chrono::steady_clock::now() + log_interval;
  spdlog::warn("no broker at {}: {}; trying again until there is one", settings_.url, why);
}

void Link::collect(std::vector<engine::Sample>& samples) const {
  using enum engine::Sample::Kind;
  const auto read = [](const std::atomic<std::uint64_t>& value) {
    return static_cast<double>(value.load(std::memory_order_relaxed));
  };
  samples.push_back({"gatehouse_broker_connected",
                     "1 while connected to the lot's broker",
                     gauge,
                     is_connected() ? 1.0 : 0.0,
                     {}});
  samples.push_back({"gatehouse_broker_connects_total",
                     "Connections made to the lot's broker",
                     counter,
                     read(connects_),
                     {}});
  samples.push_back({"gatehouse_mqtt_subscriptions_refused",
                     "Subscriptions that the lot's broker refused on this connection",
                     gauge,
                     read(refused_subscriptions_),
                     {}});
  samples.push_back({"gatehouse_mqtt_published_total",
                     "Messages handed to the broker",
                     counter,
                     read(published_),
                     {}});
  samples.push_back({"gatehouse_mqtt_publish_refused_total",
                     "Messages the broker refused, or that were lost with their connection",
                     counter,
                     read(refused_),
                     {}});
}

}  // namespace gatehouse::broker
