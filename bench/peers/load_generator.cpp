// Many sensors over a few raw sockets, MQTT 3.1.1, as fast as the broker takes it or at a rate.
//
//   load_generator --port 1883 --lot demo --slots-file slots.txt --events 200000 --qos 1
//   load_generator … --rate 20000 --events 100000
//
// slots.txt: an id a line. At first every slot says "free" once, then {"ready":true} is printed and
// each line on standard input starts the --events events. What was sent is printed as JSON, times
// on CLOCK_MONOTONIC. At QoS 1 at most --window publishes of a connection are unacknowledged.
#include "bench/peers/arguments.hpp"
#include "bench/peers/sensor_packets.hpp"
#include "bench/peers/timings.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace gatehouse::bench {
namespace {

constexpr std::size_t send_bytes_max = 64 * 1024;
constexpr std::size_t puback_bytes = 4;
constexpr int patience_ms = 30'000;
// What the kernel holds for us is sent as far as we know: little, so that our clock means
// something.
constexpr int send_buffer_bytes = 128 * 1024;

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// One socket that carries the packets of a share of the sensors.
class Connection {
 public:
  Connection(const std::string& host, std::uint16_t port, const std::string& client_id)
      : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    if (socket_ < 0) fail("socket");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    if (inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1) fail("address");
    setsockopt(socket_, SOL_SOCKET, SO_SNDBUF, &send_buffer_bytes, sizeof send_buffer_bytes);
    if (connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      fail("connect");
    const int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const std::string hello = connect_packet(client_id);
    std::array<char, 4> connack{};
    if (send(socket_, hello.data(), hello.size(), MSG_NOSIGNAL) < 0 ||
        recv(socket_, connack.data(), connack.size(), MSG_WAITALL) != 4)
      fail("no answer to CONNECT");
    if (connack[3] != 0) throw std::runtime_error("the broker refuses the connection");
  }
  ~Connection() {
    if (socket_ >= 0) close(socket_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  Connection(Connection&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}
  Connection& operator=(Connection&&) = delete;

  void load(PacketStream stream, bool acknowledged, std::size_t window) {
    stream_ = std::move(stream);
    acknowledged_ = acknowledged;
    window_ = window;
    sent_bytes_ = 0;
    ack_bytes_ = 0;
    allowed_ = 0;
  }

  /// Lets packets up to the given one go; a paced load calls it with more and more.
  void allow(std::size_t packets) { allowed_ = std::min(packets, stream_.ends.size()); }
  [[nodiscard]] std::size_t packets() const { return stream_.ends.size(); }
  [[nodiscard]] std::size_t acks() const { return ack_bytes_ / puback_bytes; }
  [[nodiscard]] bool wants_to_send() const { return sent_bytes_ < end_of_sendable(); }
  [[nodiscard]] bool is_done() const {
    return sent_bytes_ == stream_.bytes.size() && (!acknowledged_ || acks() == packets());
  }

  [[nodiscard]] pollfd interest() const {
    const int events = (acknowledged_ ? POLLIN : 0) | (wants_to_send() ? POLLOUT : 0);
    return {socket_, static_cast<short>(events), 0};
  }

  void serve(int events) {
    if ((events & (POLLERR | POLLHUP)) != 0) throw std::runtime_error("the broker hung up");
    if ((events & POLLIN) != 0) read_acks();
    if (wants_to_send()) send_some();
  }

 private:
  [[nodiscard]] std::size_t end_of_sendable() const {
    const std::size_t last = acknowledged_ ? std::min(allowed_, acks() + window_) : allowed_;
    return last == 0 ? 0 : stream_.ends[last - 1];
  }

  void read_acks() {
    std::array<char, 16 * 1024> buffer{};
    const ssize_t got = recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got == 0) throw std::runtime_error("the broker hung up");
    if (got < 0 && errno != EAGAIN) fail("recv");
    // The broker sends a publisher of QoS 1 nothing but PUBACKs, in order.
    if (got > 0) ack_bytes_ += static_cast<std::size_t>(got);
  }

  void send_some() {
    const std::size_t size = std::min(end_of_sendable() - sent_bytes_, send_bytes_max);
    const ssize_t sent =
        send(socket_, stream_.bytes.data() + sent_bytes_, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) fail("send");
    if (sent > 0) sent_bytes_ += static_cast<std::size_t>(sent);
  }

  int socket_;
  PacketStream stream_;
  bool acknowledged_ = false;
  std::size_t window_ = 0;
  std::size_t allowed_ = 0;
  std::size_t sent_bytes_ = 0;
  std::size_t ack_bytes_ = 0;
};

using Connections = std::vector<Connection>;

void serve_once(Connections& connections, int timeout_ms) {
  std::vector<pollfd> interests;
  for (const Connection& connection : connections) interests.push_back(connection.interest());
  if (poll(interests.data(), interests.size(), timeout_ms) == 0 && timeout_ms == patience_ms)
    throw std::runtime_error("the broker takes nothing any more");
  for (std::size_t i = 0; i < connections.size(); ++i) connections[i].serve(interests[i].revents);
}

bool all_done(const Connections& connections) {
  return std::ranges::all_of(connections, &Connection::is_done);
}

void send_all(Connections& connections) {
  for (Connection& connection : connections) connection.allow(connection.packets());
  while (!all_done(connections)) serve_once(connections, patience_ms);
}

/// A share of each connection's packets every millisecond.
void send_paced(Connections& connections, std::uint64_t rate_per_s) {
  const auto began = std::chrono::steady_clock::now();
  for (std::uint64_t tick = 1; !all_done(connections); ++tick) {
    const std::uint64_t due = rate_per_s * tick / 1000 / connections.size();
    for (Connection& connection : connections) {
      connection.allow(due);
      if (connection.wants_to_send()) connection.serve(0);
    }
    std::this_thread::sleep_until(began + std::chrono::milliseconds(tick));
    serve_once(connections, 0);
  }
}

std::vector<std::string> read_slots(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::vector<std::string> slots;
  for (std::string line; std::getline(file, line);)
    if (!line.empty()) slots.push_back(line);
  return slots;
}

void hand_out(Connections& connections, std::vector<PacketStream> streams, bool acknowledged,
              std::size_t window) {
  for (std::size_t i = 0; i < connections.size(); ++i)
    connections[i].load(std::move(streams[i]), acknowledged, window);
}

int run(int count, char** words) {
  const Arguments arguments(count, words,
                            {{"host", "127.0.0.1"},
                             {"port", "1883"},
                             {"lot", "demo"},
                             {"slots-file", ""},
                             {"connections", "4"},
                             {"events", "100000"},
                             {"change-every", "10"},
                             {"qos", "1"},
                             {"retain", "1"},
                             {"window", "250"},
                             {"rate", "0"}});
  const int qos = arguments.number("qos") == 0 ? 0 : 1;
  const std::size_t window = arguments.number("window");
  SensorLoad load{.lot = arguments.text("lot"),
                  .slots = read_slots(arguments.text("slots-file")),
                  .change_every = arguments.number("change-every"),
                  .qos = qos,
                  .retained = arguments.number("retain") != 0,
                  .connections = arguments.number("connections")};
  Connections connections;
  for (std::size_t i = 0; i < load.connections; ++i)
    connections.emplace_back(arguments.text("host"),
                             static_cast<std::uint16_t>(arguments.number("port")),
                             fmt::format("load_{}_{}", getpid(), i));
  SensorPackets packets(std::move(load));
  hand_out(connections, packets.first_words(), qos > 0, window);
  send_all(connections);
  std::cout << R"({"ready":true})" << std::endl;

  const std::uint64_t events = arguments.number("events");
  const std::uint64_t rate = arguments.number("rate");
  hand_out(connections, packets.next(events), qos > 0, window);
  for (std::string line; std::getline(std::cin, line);) {
    const std::int64_t began_ns = monotonic_ns();
    if (rate == 0) send_all(connections);
    if (rate != 0) send_paced(connections, rate);
    std::cout << fmt::format(
                     R"({{"sent":{},"changes":{},"occupied":{},"began_ns":{},"ended_ns":{}}})",
                     events, packets.changes(), packets.occupied(), began_ns, monotonic_ns())
              << std::endl;
    hand_out(connections, packets.next(events), qos > 0, window);
  }
  return 0;
}

}  // namespace
}  // namespace gatehouse::bench

int main(int count, char** words) {
  return gatehouse::bench::guarded(gatehouse::bench::run, count, words);
}
