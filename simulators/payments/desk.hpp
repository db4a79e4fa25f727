// A simulated provider as its surroundings see it: calls in, answers and notifications out. Pure:
// no socket, no clock; one thread.
#pragma once

#include "edge/domain/time.hpp"
#include "simulators/payments/book.hpp"
#include "simulators/payments/exchange.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::simulators {

/// Where a desk's pages are, and where its webhooks go.
struct DeskPlace {
  std::string public_url;   // http://127.0.0.1:9101
  std::string webhook_url;  // "": none are sent
};

class ProviderDesk {
 public:
  virtual ~ProviderDesk() = default;
  /// Answers one call of the merchant's.
  virtual SimReply answer(const SimRequest& request, Instant now) = 0;
  /// What the book has to tell since the last time, signed.
  virtual std::vector<SimNotice> take_notices(Instant now) = 0;
  virtual ProviderBook& book() = 0;
  /// Where the payer's browser goes afterwards, with what the provider gives it along; "": nowhere.
  [[nodiscard]] virtual std::string return_address(std::size_t order,
                                                   std::optional<std::size_t> payment) const = 0;
  /// What a UPI app would be shown; "": nothing.
  [[nodiscard]] virtual std::string upi_uri(std::size_t order) const = 0;
  [[nodiscard]] virtual std::string name() const = 0;
};

}  // namespace gatehouse::simulators
