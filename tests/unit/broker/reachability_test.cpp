#include "broker/reachability.hpp"

#include <arpa/inet.h>
#include <catch2/catch.hpp>
#include <sys/socket.h>
#include <unistd.h>

using namespace gatehouse::broker;
using namespace std::chrono_literals;

namespace {

/// A loopback port that somebody has taken, and where nobody listens before listen().
class Port {
 public:
  Port() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    REQUIRE(::bind(socket_, generic, size) == 0);
    REQUIRE(::getsockname(socket_, generic, &size) == 0);
    number_ = ntohs(address.sin_port);
  }
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;
  ~Port() { ::close(socket_); }
  void listen() const { REQUIRE(::listen(socket_, 4) == 0); }
  [[nodiscard]] std::uint16_t number() const { return number_; }

 private:
  int socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
  std::uint16_t number_ = 0;
};

}  // namespace

TEST_CASE("where nobody listens a connection is refused, and where somebody does nothing is wrong",
          "[broker][link]") {
  const Port port;
  CHECK(why_unreachable("127.0.0.1", port.number(), 10s) == "connection refused");
  port.listen();
  CHECK(why_unreachable("127.0.0.1", port.number(), 10s).empty());
  CHECK(why_unreachable("localhost", port.number(), 10s).empty());
}

TEST_CASE("an address needs no name service", "[broker][link]") {
  CHECK(is_address("127.0.0.1"));
  CHECK(is_address("::1"));
  CHECK_FALSE(is_address("localhost"));
  CHECK_FALSE(is_address("broker.example"));
}

TEST_CASE("of what OpenSSL says the reason is told", "[broker][link]") {
  CHECK(tls_reason("C0F1A2:error:0A000086:SSL routines:tls_post_process_server_certificate:"
                   "certificate verify failed:../ssl/statem/statem_clnt.c:1889:\n") ==
        "certificate verify failed");
  CHECK(tls_reason("something else") == "something else");
  CHECK(tls_reason("x:error:0A000086:cut off") == "x:error:0A000086:cut off");
}
