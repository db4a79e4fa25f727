#include "broker/no_delay.hpp"

#include <arpa/inet.h>
#include <catch2/catch.hpp>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

/// A connection of this process to itself, over loopback.
class Connection {
 public:
  Connection() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    REQUIRE(bind(listener_, generic, size) == 0);
    REQUIRE(listen(listener_, 1) == 0);
    REQUIRE(getsockname(listener_, generic, &size) == 0);
    REQUIRE(connect(client_, generic, size) == 0);
    port_ = ntohs(address.sin_port);
  }
  ~Connection() {
    close(client_);
    close(listener_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] bool sends_without_delay() const {
    int on = 0;
    socklen_t size = sizeof on;
    REQUIRE(getsockopt(client_, IPPROTO_TCP, TCP_NODELAY, &on, &size) == 0);
    return on != 0;
  }

 private:
  int listener_ = socket(AF_INET, SOCK_STREAM, 0);
  int client_ = socket(AF_INET, SOCK_STREAM, 0);
  std::uint16_t port_ = 0;
};

}  // namespace

TEST_CASE("the connection to the broker, and no other, sends without delay", "[broker][link]") {
  const Connection broker;
  const Connection somebody_else;
  REQUIRE_FALSE(broker.sends_without_delay());

  CHECK(gatehouse::broker::send_without_delay_to(broker.port()) == 1);

  CHECK(broker.sends_without_delay());
  CHECK_FALSE(somebody_else.sends_without_delay());
}
