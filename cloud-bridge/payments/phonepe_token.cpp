#include "cloud-bridge/payments/phonepe_token.hpp"

#include <utility>

namespace gatehouse::payments {

std::optional<PhonePeToken> TokenShelf::get(Instant now) const {
  const std::scoped_lock lock(mutex_);
  return token_ && now < token_->expires_at ? token_ : std::nullopt;
}

bool TokenShelf::is_due(Instant now) const {
  const std::scoped_lock lock(mutex_);
  return !token_ || now >= token_->issued_at + (token_->expires_at - token_->issued_at) / 2;
}

void TokenShelf::put(PhonePeToken token) {
  const std::scoped_lock lock(mutex_);
  token_ = std::move(token);
}

void TokenShelf::drop(const Secret& refused) {
  const std::scoped_lock lock(mutex_);
  if (token_ && token_->text.reveal() == refused.reveal()) token_.reset();
}

}  // namespace gatehouse::payments
