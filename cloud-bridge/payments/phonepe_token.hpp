// The token of PhonePe's second interface, shared by all workers: from whoever got it last.
//
// It is renewed at half of its life; until it ends the old one goes on where the new one cannot be
// had. Any thread; never waits. Source: PhonePe's SDKs (token service).
#pragma once

#include "cloud-bridge/payments/secret.hpp"
#include "edge/domain/time.hpp"

#include <mutex>
#include <optional>

namespace gatehouse::payments {

struct PhonePeToken {
  Secret text;
  Instant issued_at;
  Instant expires_at;
};

class TokenShelf {
 public:
  /// A token that has not ended.
  [[nodiscard]] std::optional<PhonePeToken> get(Instant now) const;
  /// Whether it is time for another: none, or more than half of its life gone.
  [[nodiscard]] bool is_due(Instant now) const;
  void put(PhonePeToken token);
  /// The provider would not take it: gone, unless somebody has put another meanwhile.
  void drop(const Secret& refused);

 private:
  mutable std::mutex mutex_;
  std::optional<PhonePeToken> token_;  // protected by mutex_
};

}  // namespace gatehouse::payments
