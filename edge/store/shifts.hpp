// The shifts of those who take cash, and what went through their hands.
//
//   const ShiftKey shift = shifts.open(transaction, user, now, Paise(200'000));
//   …
//   const Shift closed = shifts.close(transaction, shift, later, counted);
//
// A user has at most one open shift. What a drawer should hold stands in the ledger, which is
// written first: the store refuses to close a shift whose drawer does not stand at nothing. A
// closed shift carries a number without gaps, that of its Z report, and stays as it is. The thread
// of the Database; failure is a StoreError.
#pragma once

#include "edge/domain/money.hpp"
#include "edge/domain/time.hpp"
#include "edge/store/database.hpp"
#include "edge/store/keys.hpp"

#include <cstdint>
#include <memory>
#include <optional>

namespace gatehouse::store {

struct Shift {
  ShiftKey key{};  // given by open
  UserKey user{};
  Instant opened_at{};
  Paise cash_float;
  std::optional<Instant> closed_at;
  std::optional<Paise> counted;
  std::optional<std::uint32_t> z_number;  // given by close
  bool operator==(const Shift&) const = default;
};

/// What came and went by one method.
struct MethodTakings {
  std::uint32_t payments = 0;
  Paise amount;
  std::uint32_t refunds = 0;
  Paise refunded;
  bool operator==(const MethodTakings&) const = default;
};

struct Takings {
  MethodTakings cash;    // through the shift's drawer
  MethodTakings online;  // asked for by its user and confirmed during it
  bool operator==(const Takings&) const = default;
};

/// What its user did during a shift, where a mistake or worse would show.
struct ShiftActs {
  std::uint32_t lost_tickets = 0;
  std::uint32_t stays_chosen = 0;
  std::uint32_t let_outs = 0;
  std::uint32_t terminations = 0;
  std::uint32_t openings_by_hand = 0;
  bool operator==(const ShiftActs&) const = default;
};

class Shifts {
 public:
  explicit Shifts(Database& database);
  ~Shifts();
  Shifts(const Shifts&) = delete;
  Shifts& operator=(const Shifts&) = delete;

  [[nodiscard]] std::optional<Shift> find(ShiftKey shift);
  [[nodiscard]] std::optional<Shift> find_open(UserKey user);
  /// Of a shift that is open: until `now`.
  [[nodiscard]] Takings takings(const Shift& shift, Instant now);
  [[nodiscard]] ShiftActs acts(const Shift& shift, Instant now);

  /// A user has at most one open shift: a second is refused.
  ShiftKey open(Transaction& transaction, UserKey user, Instant at, Paise cash_float);
  /// Returns it with its number. Its ledger is written.
  Shift close(Transaction& transaction, ShiftKey shift, Instant at, Paise counted);

 private:
  struct Statements;
  std::unique_ptr<Statements> statements_;
};

}  // namespace gatehouse::store
