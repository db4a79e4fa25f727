#include "edge/gateway/accept_connection.hpp"

#include <array>
#include <cerrno>

#include <sys/socket.h>

namespace gatehouse::gateway {
namespace {

constexpr int retry_ms = 1000;

/// Whoever waited is gone, or a signal came: the next one may be there already.
bool is_passing(int error) { return error == EAGAIN || error == ECONNABORTED || error == EINTR; }

}  // namespace

AcceptCalls system_accept_calls() {
  return {
      .poll = [](pollfd* waiting, nfds_t count,
                 int timeout_ms) { return ::poll(waiting, count, timeout_ms); },
      .accept = [](int listening) { return ::accept4(listening, nullptr, nullptr, SOCK_CLOEXEC); }};
}

std::optional<int> accept_connection(int listening, int stopping, const AcceptCalls& calls) {
  while (true) {
    std::array<pollfd, 2> waiting{pollfd{.fd = stopping, .events = POLLIN, .revents = 0},
                                  pollfd{.fd = listening, .events = POLLIN, .revents = 0}};
    // What poll() has not filled in says nothing.
    if (calls.poll(waiting.data(), waiting.size(), -1) < 0) {
      if (errno == EINTR) continue;
      return std::nullopt;
    }
    if (waiting[0].revents != 0) return std::nullopt;
    if (waiting[1].revents == 0) continue;
    const int connection = calls.accept(listening);
    if (connection >= 0) return connection;
    if (is_passing(errno)) continue;
    // Only for the end: whoever waits at the socket would wake it at once.
    waiting[0].revents = 0;
    if (calls.poll(waiting.data(), 1, retry_ms) > 0) return std::nullopt;
  }
}

}  // namespace gatehouse::gateway
