#include "broker/reachability.hpp"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <memory>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace gatehouse::broker {
namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

Addresses addresses_of(const std::string& host, std::uint16_t port, int flags) {
  addrinfo wanted{};
  wanted.ai_flags = flags;
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found) != 0)
    found = nullptr;
  return {found, &freeaddrinfo};
}

class Socket {
 public:
  explicit Socket(int family)
      : descriptor_(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {}
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  const int descriptor_;
};

std::string words_of(int error) {
  std::string words = std::generic_category().message(error);
  if (!words.empty())
    words.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(words.front())));
  return words;
}

/// The error of a connection that was begun; 0: there is one.
int outcome_of(const Socket& socket) {
  int error = 0;
  socklen_t size = sizeof error;
  if (getsockopt(socket.descriptor(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
  return error;
}

std::string why_not_connected(const addrinfo& address, std::chrono::milliseconds patience) {
  const Socket socket(address.ai_family);
  if (socket.descriptor() < 0) return words_of(errno);
  if (::connect(socket.descriptor(), address.ai_addr, address.ai_addrlen) == 0) return "";
  if (errno != EINPROGRESS) return words_of(errno);
  pollfd waiting{.fd = socket.descriptor(), .events = POLLOUT, .revents = 0};
  if (::poll(&waiting, 1, static_cast<int>(patience.count())) == 0)
    return fmt::format("no answer within {} ms", patience.count());
  const int error = outcome_of(socket);
  return error == 0 ? "" : words_of(error);
}

}  // namespace

bool is_address(const std::string& host) {
  return addresses_of(host, 0, AI_NUMERICHOST) != nullptr;
}

std::string why_unreachable(const std::string& host, std::uint16_t port,
                            std::chrono::milliseconds patience) {
  const Addresses addresses = addresses_of(host, port, 0);
  return addresses ? why_not_connected(*addresses, patience) : "";
}

std::string tls_reason(std::string_view line) {
  constexpr std::string_view mark = ":error:";
  const auto at = line.find(mark);
  if (at == std::string_view::npos) return std::string(line);
  // Behind the mark: number, library, function and reason, each ended by a colon.
  std::string_view rest = line.substr(at + mark.size());
  for (int field = 0; field < 3; ++field) {
    const auto colon = rest.find(':');
    if (colon == std::string_view::npos) return std::string(line);
    rest.remove_prefix(colon + 1);
  }
  return std::string(rest.substr(0, rest.find(':')));
}

}  // namespace gatehouse::broker
