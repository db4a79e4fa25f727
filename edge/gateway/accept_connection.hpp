// Who comes to a listening socket next, for a thread that serves one connection after the other.
//
//   while (const auto connection = accept_connection(listening, stopping)) { …
//   ::close(*connection); }
//
// It waits; any thread. A process that has no descriptor left tries again each second, instead of
// being told in a circle that somebody waits.
#pragma once

#include <functional>
#include <optional>

#include <poll.h>

namespace gatehouse::gateway {

/// What it asks of the system; tests play it.
struct AcceptCalls {
  std::function<int(pollfd* waiting, nfds_t count, int timeout_ms)> poll;
  std::function<int(int listening)> accept;
};
AcceptCalls system_accept_calls();

/// A new connection's descriptor, the caller's to close; nullopt: `stopping` can be read, or
/// waiting is broken. `listening` does not block.
std::optional<int> accept_connection(int listening, int stopping,
                                     const AcceptCalls& calls = system_accept_calls());

}  // namespace gatehouse::gateway
