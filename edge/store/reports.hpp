// Sums over a time: what came in, what went back, who came and left.
//
// Sums are made by quarters of an hour, which every time zone's hours and days are made of: whoever
// knows the lot's calendar puts them together. Reads only. The thread of the Database; failure is a
// StoreError.
#pragma once

#include "edge/domain/money.hpp"
#include "edge/domain/payment_method.hpp"
#include "edge/domain/settlement.hpp"
#include "edge/domain/time.hpp"
#include "edge/store/accounts.hpp"
#include "edge/store/database.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace gatehouse::store {

/// From `from` on, and before `until`.
struct Span {
  Instant from{};
  Instant until{};
};

struct MoneyMoved {
  Instant quarter{};  // the instant it begins
  std::string zone;   // "": of no session
  PaymentMethod method = PaymentMethod::cash;
  std::string provider;  // "": CASH
  Paise amount;
  std::uint64_t times = 0;
  bool operator==(const MoneyMoved&) const = default;
};

struct CarsPassed {
  Instant quarter{};
  std::string zone;
  std::uint64_t cars = 0;
  std::chrono::milliseconds stayed{0};  // of those who left, all together
  bool operator==(const CarsPassed&) const = default;
};

struct SessionsBegun {
  std::array<std::uint64_t, 3> by_kind{};  // by AdmissionKind
  [[nodiscard]] std::uint64_t of(AdmissionKind kind) const {
    return by_kind.at(static_cast<std::size_t>(kind));
  }
};

struct OpenSessions {
  std::uint64_t unpaid = 0;   // PENDING_PAYMENT
  std::uint64_t booked = 0;   // paid, or a ticket: its car is to come
  std::uint64_t inside = 0;   // ACTIVE, EXIT_PENDING
  std::uint64_t leaving = 0;  // of these EXIT_PENDING
};

/// Since the store began.
struct Overall {
  std::uint64_t sessions = 0;
  std::uint64_t payments = 0;  // whose money came
  Paise taken;
  Paise refunded;
  std::array<std::uint64_t, 4> users{};  // by Role; not the disabled ones
  [[nodiscard]] std::uint64_t of(Role role) const {
    return users.at(static_cast<std::size_t>(role));
  }
};

class Reports {
 public:
  explicit Reports(Database& database) : database_(database) {}

  // In the order of time.

  /// Payments that came.
  [[nodiscard]] std::vector<MoneyMoved> takings(const Span& span);
  /// Refunds that were paid out.
  [[nodiscard]] std::vector<MoneyMoved> refunds(const Span& span);
  [[nodiscard]] std::vector<CarsPassed> entries(const Span& span);
  [[nodiscard]] std::vector<CarsPassed> exits(const Span& span);

  [[nodiscard]] SessionsBegun begun(const Span& span);
  [[nodiscard]] OpenSessions open_sessions();
  [[nodiscard]] Overall overall();

 private:
  [[nodiscard]] std::vector<MoneyMoved> money(const char* sql, const Span& span);
  [[nodiscard]] std::vector<CarsPassed> cars(const char* sql, const Span& span);

  Database& database_;
};

}  // namespace gatehouse::store
