// The lot's tickets and names: made from the system's random source, signed with the ticket key.
//
//   Tickets tickets(key, random);
//   const TicketCode code = tickets.make();
//   if (tickets.is_ours(*parsed)) …            // without a look at the store
//
// The engine's thread. Random is a port, so that the simulated world makes the same tickets from
// the same seed.
#pragma once

#include "edge/domain/ticket.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace gatehouse::engine {

/// A source of random bytes. Throws nothing: an adapter whose source fails stops the process.
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> bytes) = 0;
};

/// 256 bits; made by `gatehouse init`.
using TicketKey = std::array<std::uint8_t, 32>;

class Tickets {
 public:
  /// `previous`: still accepted while keys are rotated. `random` outlives the tickets.
  Tickets(const TicketKey& key, std::optional<TicketKey> previous, Random& random)
      : key_(key), previous_(previous), random_(random) {}

  [[nodiscard]] TicketCode make();
  /// Whether this lot issued the code. Takes the same time whichever it is.
  [[nodiscard]] bool is_ours(const TicketCode& code) const;
  /// A version-4 UUID, RFC 9562: the id of a booking, session, payment, refund or alert.
  [[nodiscard]] std::string make_id();

 private:
  TicketKey key_;
  std::optional<TicketKey> previous_;
  Random& random_;
};

}  // namespace gatehouse::engine
