// Payments and what was given back of them.
//
// A session's credits are its successful payments less the refunds of them (docs/contract/http.md,
// "Life cycles and sums"). Payments of a session that nobody could place have none. The store
// refuses by itself: a changed amount, money that came and is called not come, refunds above their
// payment, the same payment of a provider twice.
// The thread of the Database; failure is a StoreError.
#pragma once

#include "edge/domain/lifecycle.hpp"
#include "edge/domain/money.hpp"
#include "edge/domain/payment_method.hpp"
#include "edge/domain/time.hpp"
#include "edge/store/database.hpp"
#include "edge/store/keys.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::store {

struct Payment {
  PaymentKey key{};  // given by insert
  std::string id;    // a UUID
  std::optional<SessionKey> session;
  PaymentMethod method = PaymentMethod::online;
  std::string provider;  // "": CASH
  Paise amount;
  PaymentState state = PaymentState::creating;
  std::string order_id;             // the provider's; "": none yet
  std::string provider_payment_id;  // "": none yet
  Instant created_at{};
  std::optional<Instant> expires_at;
  std::optional<Instant> paid_at;
  std::optional<ShiftKey> shift;  // of CASH, always
  std::optional<UserKey> taken_by;
  std::optional<Paise> tendered;
  std::string failure;  // why it FAILED, for people
  bool operator==(const Payment&) const = default;
};

struct Refund {
  RefundKey key{};  // given by insert
  std::string id;   // a UUID
  PaymentKey payment{};
  Paise amount;
  RefundState state = RefundState::pending;
  std::string reason;
  std::string provider_refund_id;  // "": none yet
  Instant created_at{};
  std::optional<UserKey> created_by;
  std::optional<ShiftKey> shift;  // whose drawer it came out of
  std::optional<Instant> ended_at;
  bool operator==(const Refund&) const = default;
};

class Payments {
 public:
  explicit Payments(Database& database);
  ~Payments();
  Payments(const Payments&) = delete;
  Payments& operator=(const Payments&) = delete;

  [[nodiscard]] std::optional<Payment> find(PaymentKey payment);
  [[nodiscard]] std::optional<Payment> find_by_id(std::string_view id);
  [[nodiscard]] std::optional<Payment> find_by_order(std::string_view provider,
                                                     std::string_view order_id);
  /// The oldest first.
  [[nodiscard]] std::vector<Payment> of_session(SessionKey session);
  /// CREATING and PENDING ones of the whole lot, the oldest first. For the start.
  [[nodiscard]] std::vector<Payment> going_on();
  /// What of the session's money is here to stay: payments that came, less refunds that did not
  /// fail.
  [[nodiscard]] Paise credits(SessionKey session);

  [[nodiscard]] std::optional<Refund> find(RefundKey refund);
  [[nodiscard]] std::vector<Refund> refunds_of(PaymentKey payment);
  [[nodiscard]] std::vector<Refund> refunds_of_session(SessionKey session);
  /// PENDING ones of the whole lot, the oldest first. For the start.
  [[nodiscard]] std::vector<Refund> refunds_going_on();

  PaymentKey insert(Transaction& transaction, const Payment& payment);
  /// Writes the whole row.
  void update(Transaction& transaction, const Payment& payment);
  RefundKey insert(Transaction& transaction, const Refund& refund);
  /// Writes the whole row.
  void update(Transaction& transaction, const Refund& refund);

 private:
  struct Statements;
  std::unique_ptr<Statements> statements_;
};

}  // namespace gatehouse::store
