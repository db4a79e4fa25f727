// A caller of the server over a real socket, and a server to call.
#pragma once

#include "edge/api/server.hpp"
#include "tests/unit/edge/api/lot.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <catch2/catch.hpp>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace gatehouse::api {

/// A plain blocking socket; whatever takes ten seconds fails the test.
class Caller {
 public:
  explicit Caller(std::uint16_t port, int receive_buffer_bytes = 0)
      : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    if (receive_buffer_bytes > 0) {
      setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes,
                 sizeof receive_buffer_bytes);
    }
    const timeval patience{.tv_sec = 10, .tv_usec = 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    // The sockets API takes every kind of address through this one type.
    REQUIRE(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  }
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;
  ~Caller() { ::close(socket_); }

  void say(std::string_view text) {
    while (!text.empty()) {
      const ssize_t sent = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      REQUIRE(sent > 0);
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  /// Reads until `wanted` was heard; what comes after it waits for the next call.
  std::string hear(std::string_view wanted) {
    for (;;) {
      const auto found = heard_.find(wanted);
      if (found != std::string::npos) {
        std::string text = heard_.substr(0, found + wanted.size());
        heard_.erase(0, text.size());
        return text;
      }
      REQUIRE(hear_more());
    }
  }
  /// Returns when something waits to be heard, and hears none of it.
  void wait_for_an_answer() {
    char first = '\0';
    REQUIRE(::recv(socket_, &first, 1, MSG_PEEK) == 1);
  }
  /// Reads to the end of the connection.
  std::string hear_out() {
    while (hear_more()) {
    }
    return std::exchange(heard_, {});
  }

 private:
  bool hear_more() {
    char buffer[4096];
    const ssize_t got = ::recv(socket_, buffer, sizeof buffer, 0);
    if (got < 0) REQUIRE((errno == ECONNRESET || errno == EPIPE));
    if (got <= 0) return false;
    heard_.append(buffer, static_cast<std::size_t>(got));
    return true;
  }
  const int socket_;
  std::string heard_;
};

inline std::string request_text(std::string_view method, std::string_view path,
                                std::string_view more = "") {
  return std::string(method)
      .append(" ")
      .append(path)
      .append(" HTTP/1.1\r\nHost: localhost\r\n")
      .append(more)
      .append("\r\n");
}

inline HttpSettings on_any_port() {
  HttpSettings settings;
  settings.listen = "127.0.0.1:0";
  return settings;
}

struct Running {
  explicit Running(const std::vector<std::size_t>& sizes = {10, 3}) : lot(sizes) { server.start(); }
  Lot lot;
  Server server{on_any_port(), lot.view, lot.health, lot.clock, {}};
};

}  // namespace gatehouse::api
