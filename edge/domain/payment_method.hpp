// The two ways of paying (docs/contract/http.md). A value; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace gatehouse {

enum class PaymentMethod : std::uint8_t {
  cash,    // a member of staff says that the money is in the drawer
  online,  // a provider says that it has it
};

/// The word on the wire: `CASH`, `ONLINE`.
constexpr std::string_view name(PaymentMethod method) {
  return method == PaymentMethod::cash ? "CASH" : "ONLINE";
}

constexpr std::optional<PaymentMethod> parse_payment_method(std::string_view text) {
  if (text == "CASH") return PaymentMethod::cash;
  if (text == "ONLINE") return PaymentMethod::online;
  return std::nullopt;
}

}  // namespace gatehouse
