// What can go wrong between us and a payment provider, told apart by what is to be done about it.
//
//   const auto order = provider.create(request);
//   if (!order && order.error().kind == TroubleKind::unknown) … ask() before anything else …
//
// Values; any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::payments {

enum class TroubleKind : std::uint8_t {
  refused,        // the provider says no, for good: the same question gets the same answer
  unknown,        // perhaps done: time ran out, the line broke, 5xx, an answer nobody understands
  not_sent,       // surely not done: no connection was made
  busy,           // not done: too many requests, or the first of two is still under way
  misconfigured,  // not done: our keys, their address or its certificate; a person has to look
  contradiction,  // the answer is about another amount, currency or id than was asked
};

/// The word for logs and metrics: `refused`, `not_sent` …
constexpr std::string_view name(TroubleKind kind) {
  switch (kind) {
    case TroubleKind::refused:
      return "refused";
    case TroubleKind::unknown:
      return "unknown";
    case TroubleKind::not_sent:
      return "not_sent";
    case TroubleKind::busy:
      return "busy";
    case TroubleKind::misconfigured:
      return "misconfigured";
    case TroubleKind::contradiction:
      return "contradiction";
  }
  return "";
}

struct ProviderTrouble {
  TroubleKind kind = TroubleKind::unknown;
  int status = 0;     // HTTP's; 0: no answer
  std::string code;   // the provider's word, BAD_REQUEST_ERROR; ours (`timeout`) without an answer
  std::string words;  // a sentence: printable, at most 200 characters, without any secret
  std::optional<std::chrono::seconds> retry_after = std::nullopt;  // as the provider wishes
};

template <class T>
using Asked = std::expected<T, ProviderTrouble>;

}  // namespace gatehouse::payments
