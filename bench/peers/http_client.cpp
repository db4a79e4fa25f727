#include "bench/peers/http_client.hpp"

#include "bench/peers/timings.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace gatehouse::bench {
namespace {

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// The value of a header, which both servers write in the usual case; empty: not there.
std::string_view header(std::string_view head, std::string_view name) {
  const std::size_t at = head.find(name);
  if (at == std::string_view::npos) return {};
  const std::size_t end = head.find("\r\n", at);
  return head.substr(at + name.size(), end - at - name.size());
}

struct Answer {
  int status = 0;
  std::string_view body;
  bool closes = false;
};

/// The answer at the beginning of these bytes; nullopt: there is more to come.
std::optional<Answer> parse(std::string_view bytes) {
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view head = bytes.substr(0, end);
  const std::string_view length_text = header(head, "\r\nContent-Length: ");
  std::size_t length = 0;
  Answer answer;
  std::from_chars(length_text.data(), length_text.data() + length_text.size(), length);
  std::from_chars(head.data() + 9, head.data() + 12, answer.status);
  if (bytes.size() < end + 4 + length) return std::nullopt;
  answer.body = bytes.substr(end + 4, length);
  const std::string_view connection = header(head, "\r\nConnection: ");
  answer.closes = connection == "close" || connection == "Close";
  return answer;
}

}  // namespace

HttpClient::HttpClient(const std::string& host, std::uint16_t port, std::size_t connections)
    : epoll_(epoll_create1(0)), connections_(connections) {
  if (epoll_ < 0) fail("epoll");
  server_.sin_family = AF_INET;
  server_.sin_port = htons(port);
  if (inet_pton(AF_INET, host.c_str(), &server_.sin_addr) != 1)
    throw std::runtime_error(host + " is no IPv4 address");
  for (std::size_t index = 0; index < connections; ++index) open(index);
}

HttpClient::~HttpClient() {
  for (std::size_t index = 0; index < connections_.size(); ++index) close(index);
  ::close(epoll_);
}

void HttpClient::open(std::size_t index) {
  Connection& connection = connections_[index];
  connection.socket = socket(AF_INET, SOCK_STREAM, 0);
  if (connection.socket < 0) fail("socket");
  // The kernel connects loopback at once, so this does not wait.
  if (connect(connection.socket, reinterpret_cast<const sockaddr*>(&server_), sizeof(server_)) != 0)
    fail("connect");
  const int yes = 1;
  setsockopt(connection.socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
  epoll_event event{};
  event.events = EPOLLIN | EPOLLRDHUP;
  event.data.u64 = index;
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.socket, &event) != 0) fail("epoll_ctl");
}

void HttpClient::close(std::size_t index) {
  Connection& connection = connections_[index];
  if (connection.socket >= 0) ::close(connection.socket);
  connection.socket = -1;
  connection.in.clear();
}

void HttpClient::send(std::size_t index, std::string request) {
  Connection& connection = connections_[index];
  connection.began_ns = monotonic_ns();
  connection.out = std::move(request);
  connection.sent = 0;
  connection.is_waiting = true;
  ++waiting_;
  if (connection.socket < 0) open(index);
  write(index);
}

/// Requests are far smaller than a socket's buffer, so that a write is whole or an error.
void HttpClient::write(std::size_t index) {
  Connection& connection = connections_[index];
  while (connection.sent < connection.out.size()) {
    const ssize_t written = ::send(connection.socket, connection.out.data() + connection.sent,
                                   connection.out.size() - connection.sent, MSG_NOSIGNAL);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;  // the read side tells
    connection.sent += static_cast<std::size_t>(written);
  }
}

void HttpClient::read(std::size_t index) {
  Connection& connection = connections_[index];
  std::array<char, 64 * 1024> buffer;
  const ssize_t got = recv(connection.socket, buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) {
    close(index);
    if (connection.is_waiting) finish(index, 0, {});
    return;
  }
  connection.in.append(buffer.data(), static_cast<std::size_t>(got));
  const auto answer = parse(connection.in);
  if (!answer) return;
  const std::string whole = std::exchange(connection.in, {});
  const auto parsed = parse(whole);
  if (parsed->closes) close(index);
  finish(index, parsed->status, parsed->body);
}

void HttpClient::finish(std::size_t index, int status, std::string_view body) {
  Connection& connection = connections_[index];
  connection.is_waiting = false;
  --waiting_;
  answered_({index, status, body, monotonic_ns() - connection.began_ns});
}

bool HttpClient::run_until(std::int64_t deadline_ns) {
  std::array<epoll_event, 256> events{};
  while (waiting_ > 0) {
    const std::int64_t left_ms = (deadline_ns - monotonic_ns()) / 1'000'000;
    if (left_ms <= 0) return false;
    const int ready = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()),
                                 static_cast<int>(std::min<std::int64_t>(left_ms, 1000)));
    if (ready < 0 && errno != EINTR) fail("epoll_wait");
    for (int i = 0; i < ready; ++i) read(events[static_cast<std::size_t>(i)].data.u64);
  }
  return true;
}

}  // namespace gatehouse::bench
