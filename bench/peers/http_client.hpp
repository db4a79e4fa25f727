// Many keep-alive HTTP/1.1 connections on one thread, each with one request on its way at most.
//
//   HttpClient client("127.0.0.1", 8080, 100);
//   client.on_answer([&](const HttpAnswer& answer) { client.send(answer.connection, next); });
//   client.send(connection, request);
//   client.run_until(deadline);
//
// A connection that its server closes is opened again with the next request, which is then part of
// what the request costs. One thread. A server that cannot be reached is a std::runtime_error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <netinet/in.h>

namespace gatehouse::bench {

struct HttpAnswer {
  std::size_t connection = 0;
  int status = 0;  // 0: the connection broke before the answer
  std::string_view body;
  std::int64_t took_ns = 0;  // from the request's first byte to the answer's last
};

class HttpClient {
 public:
  using Answered = std::function<void(const HttpAnswer&)>;

  HttpClient(const std::string& host, std::uint16_t port, std::size_t connections);
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;
  ~HttpClient();

  /// Called for every request once; it may send the connection's next one.
  void on_answer(Answered answered) { answered_ = std::move(answered); }
  /// A whole request, headers and all. The one before on this connection has been answered.
  void send(std::size_t connection, std::string request);
  /// Carries requests and answers until nothing is on its way. False: it was then and something
  /// was.
  bool run_until(std::int64_t deadline_ns);

 private:
  struct Connection {
    int socket = -1;
    std::string out;
    std::size_t sent = 0;
    std::string in;
    std::int64_t began_ns = 0;
    bool is_waiting = false;
  };
  void open(std::size_t index);
  void close(std::size_t index);
  void write(std::size_t index);
  void read(std::size_t index);
  void finish(std::size_t index, int status, std::string_view body);

  sockaddr_in server_{};
  Answered answered_;
  int epoll_ = -1;
  std::size_t waiting_ = 0;
  std::vector<Connection> connections_;
};

}  // namespace gatehouse::bench
