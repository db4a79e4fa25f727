#include "devices/barriers/open_line.hpp"

#include <array>
#include <cerrno>
#include <memory>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

namespace gatehouse::devices {
namespace {

std::unexpected<std::string> failed(const std::string& what, int error) {
  return std::unexpected(what + ": " + std::generic_category().message(error));
}

void set_option(int socket, int level, int option, int value) {
  ::setsockopt(socket, level, option, &value, sizeof value);
}

/// 0, or why not.
int wait_connected(int socket) {
  pollfd ready{.fd = socket, .events = POLLOUT, .revents = 0};
  const int answered = ::poll(&ready, 1, static_cast<int>(connect_timeout.count()));
  if (answered <= 0) return answered == 0 ? ETIMEDOUT : errno;
  int error = 0;
  socklen_t size = sizeof error;
  return ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

std::expected<int, int> connect_to(const addrinfo& address) {
  const int socket = ::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket < 0) return std::unexpected(errno);
  set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1);
  // A pulled cable is found out by the kernel as well.
  set_option(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, 2 * static_cast<int>(connect_timeout.count()));
  // Closing drops what was not delivered: an "open" never waits in a buffer for the cable's return.
  const linger drop{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &drop, sizeof drop);
  int error = ::connect(socket, address.ai_addr, address.ai_addrlen) == 0 ? 0 : errno;
  if (error == EINPROGRESS) error = wait_connected(socket);
  if (error == 0) return socket;
  ::close(socket);
  return std::unexpected(error);
}

std::expected<int, std::string> open_tcp(const TcpEndpoint& endpoint) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int unresolved =
      ::getaddrinfo(endpoint.host.c_str(), endpoint.port.c_str(), &hints, &found);
  if (unresolved != 0) return std::unexpected(endpoint.host + ": " + ::gai_strerror(unresolved));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
  int error = EADDRNOTAVAIL;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    const auto socket = connect_to(*each);
    if (socket) return *socket;
    error = socket.error();
  }
  return failed(endpoint.host + ":" + endpoint.port, error);
}

std::expected<speed_t, std::string> speed_of(int baud) {
  constexpr std::array<std::pair<int, speed_t>, 10> speeds = {{{300, B300},
                                                               {600, B600},
                                                               {1200, B1200},
                                                               {2400, B2400},
                                                               {4800, B4800},
                                                               {9600, B9600},
                                                               {19'200, B19200},
                                                               {38'400, B38400},
                                                               {57'600, B57600},
                                                               {115'200, B115200}}};
  for (const auto& [known, speed] : speeds) {
    if (known == baud) return speed;
  }
  return std::unexpected(std::to_string(baud) + " is not a speed of serial lines");
}

/// 0, or why not.
int set_up_serial(int device, speed_t speed, char parity) {
  termios line{};
  if (::tcgetattr(device, &line) != 0) return errno;
  ::cfmakeraw(&line);
  ::cfsetspeed(&line, speed);
  line.c_cflag &= ~static_cast<tcflag_t>(CSTOPB | PARENB | PARODD | CRTSCTS);
  line.c_cflag |= CLOCAL | CREAD;
  if (parity != 'N') {
    line.c_cflag |= PARENB;
    line.c_iflag |= INPCK;
  }
  if (parity == 'O') line.c_cflag |= PARODD;
  line.c_cc[VMIN] = 0;
  line.c_cc[VTIME] = 0;
  if (::tcsetattr(device, TCSANOW, &line) != 0) return errno;
  return ::tcflush(device, TCIOFLUSH) == 0 ? 0 : errno;
}

std::expected<int, std::string> open_serial(const SerialEndpoint& endpoint) {
  const auto speed = speed_of(endpoint.baud);
  if (!speed) return std::unexpected(endpoint.device + ": " + speed.error());
  const int device = ::open(endpoint.device.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (device < 0) return failed(endpoint.device, errno);
  const int error = set_up_serial(device, *speed, endpoint.parity);
  if (error == 0) return device;
  ::close(device);
  return failed(endpoint.device, error);
}

}  // namespace

std::expected<int, std::string> open_line(const Endpoint& endpoint) {
  if (const auto* serial = std::get_if<SerialEndpoint>(&endpoint)) return open_serial(*serial);
  return open_tcp(std::get<TcpEndpoint>(endpoint));
}

}  // namespace gatehouse::devices
