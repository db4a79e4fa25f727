// TCP_NODELAY for a library that does not set it.
//
// Paho has no option for it. Without it a PUBACK that the broker has nothing to answer waits for
// the broker's delayed acknowledgement, and our next publish waits behind it: 40 ms (measured:
// docs/decisions.md).
#pragma once

#include <cstdint>

namespace gatehouse::broker {

/// Sets TCP_NODELAY on every connected TCP socket of this process whose peer has this port.
/// Returns how many there were. Any thread; Linux only (/proc/self/fd). Never fails: a socket
/// without it is slow, not wrong.
int send_without_delay_to(std::uint16_t peer_port);

}  // namespace gatehouse::broker
