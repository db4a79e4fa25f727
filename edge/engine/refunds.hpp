// Money that goes back after the fact: promised, and paid out where it is cash
// (docs/contract/http.md, "Admin"). Never more than came; what the lot had earned of it becomes a
// credit note. Always in the transaction of what caused it. The engine's thread.
#pragma once

#include "edge/engine/turn.hpp"

#include <optional>
#include <string>

namespace gatehouse::engine {

/// What came of a payment and was neither given nor promised back; nothing, if it never came.
Paise refundable(Turn& turn, const store::Payment& payment);

struct RefundOrder {
  Paise amount;  // within what is refundable, and above nothing
  std::string reason;
  store::UserKey by{};
};

/// A promise, and the credit note of what had been earned.
struct Promise {
  store::Refund refund;
  std::string credit_note;  // its serial; "": none
};
/// PENDING until it is paid out: cash by pay_out(), online by its provider.
Promise promise_refund(Turn& turn, const store::Payment& payment, const RefundOrder& order);

/// A PENDING refund of a CASH payment goes out of this drawer, which is open.
void pay_out(Turn& turn, store::Payment& payment, store::Refund& refund, store::ShiftKey drawer,
             store::UserKey by);

/// What was promised back of a session's money, or of an unplaced payment, and no refund is on its
/// way for: a refund of it failed.
Paise unclaimed(Turn& turn, const store::Payment& payment);

}  // namespace gatehouse::engine
