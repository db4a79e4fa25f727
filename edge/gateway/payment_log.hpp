// The log of payments: a line for each payment and refund (docs/operating.md, "Logs"). No secrets,
// and of a person nothing but the vehicle's number.
//
// It follows the store from beside the loop, which never waits for a log's disk. How far it has
// come is kept in a file, so that a restart leaves no line out; a crash may write the last few
// twice.
#pragma once

#include "edge/store/database.hpp"
#include "edge/store/payment_lines.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace gatehouse::gateway {

/// `payment.succeeded outcome=SUCCESS amount=50.00 INR method=CASH vehicle=DL01AB1234 …`
std::string payment_line(const store::PaymentLine& payment, const std::string& currency);

/// One thread.
class PaymentLog {
 public:
  struct Parts {
    std::filesystem::path store;
    std::filesystem::path directory;  // where the place is kept; empty: nowhere
    std::string currency;
  };
  /// Without a place that was kept it begins with what comes from now on. Throws StoreError.
  explicit PaymentLog(Parts parts);

  /// Writes the lines that have come since. Throws StoreError.
  void follow();
  /// Keeps the place, if it has changed.
  void keep_place();

 private:
  const Parts parts_;
  store::Database database_;
  store::OutboxPlace place_;
  store::OutboxPlace kept_;
};

}  // namespace gatehouse::gateway
