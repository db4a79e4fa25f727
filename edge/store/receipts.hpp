// Receipts and credit notes under gapless serials: `G1/2627/0000123`
// (docs/contract/http.md, "Life cycles and sums").
//
// The number is given in the commit that settles; a rollback gives it back. The thread of the
// Database; failure is a StoreError.
#pragma once

#include "edge/domain/money.hpp"
#include "edge/domain/time.hpp"
#include "edge/store/database.hpp"
#include "edge/store/keys.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::store {

struct Receipt {
  ReceiptKey key{};            // given by issue
  std::string series;          // G1; of a credit note C1
  std::string financial_year;  // 2627
  std::uint32_t number = 0;    // given by issue
  SessionKey session{};
  std::optional<RefundKey> refund;  // of a credit note
  Instant issued_at{};
  Paise total;
  Paise taxable;
  Paise cgst;
  Paise sgst;
  /// `G1/2627/0000123`
  [[nodiscard]] std::string serial() const;
  bool operator==(const Receipt&) const = default;
};

class Receipts {
 public:
  explicit Receipts(Database& database);
  ~Receipts();
  Receipts(const Receipts&) = delete;
  Receipts& operator=(const Receipts&) = delete;

  /// Gives the next number of its series and year. The total is the sum of its parts; a session has
  /// one receipt, a refund one credit note. Returns the receipt with key and number.
  Receipt issue(Transaction& transaction, const Receipt& receipt);

  /// The receipt of a session, without its credit notes.
  [[nodiscard]] std::optional<Receipt> find(SessionKey session);
  [[nodiscard]] std::vector<Receipt> credit_notes(SessionKey session);

 private:
  struct Statements;
  std::unique_ptr<Statements> statements_;
};

}  // namespace gatehouse::store
