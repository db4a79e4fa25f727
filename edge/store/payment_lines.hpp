// The payments and refunds that the outbox tells of, for the log of payments: who, what, when, how
// much, and what came of it.
//
//   for (const PaymentLine& line : payment_lines(database, place, newest)) …
//
// Reads only. The thread of the Database; failure is a StoreError.
#pragma once

#include "edge/domain/money.hpp"
#include "edge/domain/payment_method.hpp"
#include "edge/domain/time.hpp"
#include "edge/store/database.hpp"
#include "edge/store/outbox.hpp"

#include <string>
#include <vector>

namespace gatehouse::store {

struct PaymentLine {
  Instant at{};
  std::string type;  // parking.payment.succeeded.v1
  std::string id;    // of the payment; of a refund its own
  std::string session_id;
  std::string vehicle_number;  // "": not known
  PaymentMethod method = PaymentMethod::cash;
  std::string provider;  // "": CASH
  Paise amount;
  std::string detail;  // why it failed, or why it goes back
  std::string by;      // whoever took it or gave it back; "": nobody of the lot's
};

/// Those of the rows after one place and up to another, in order.
std::vector<PaymentLine> payment_lines(Database& database, OutboxPlace after, OutboxPlace up_to);

}  // namespace gatehouse::store
