// Money that waits for a person (docs/contract/http.md, "Rows": an exception).
//
// An exception is resolved once and keeps what it tells of. The thread of the Database; failure is
// a StoreError.
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

/// The column holds its name.
enum class ExceptionKind : std::uint8_t {
  unmatched,       // money that nobody could place
  wrong_amount,    // not what was asked for
  unrefundable,    // a provider will not give it back
  let_out_unpaid,  // a car that was let out and whose money never came
};
std::string_view name(ExceptionKind kind);
std::optional<ExceptionKind> parse_exception_kind(std::string_view text);

/// How a person dealt with it. The column holds its name.
enum class ExceptionAction : std::uint8_t {
  apply,      // the money counts for a session
  refund,     // it goes back to where it came from
  write_off,  // the lot gives up what it was to get, or keeps what nobody wants back
};
std::string_view name(ExceptionAction action);
std::optional<ExceptionAction> parse_exception_action(std::string_view text);

// As text that people write is bounded.
inline constexpr std::size_t resolution_characters_max = 200;

struct Exception {
  ExceptionKey key{};  // given by insert
  std::string id;      // a UUID
  ExceptionKind kind = ExceptionKind::unmatched;
  std::optional<PaymentKey> payment;
  std::optional<SessionKey> session;  // of let_out_unpaid, always
  Paise amount;
  std::string reason;
  Instant created_at{};
  std::optional<Instant> resolved_at;
  std::string resolution;                      // of a resolved one, always
  std::optional<ExceptionAction> action = {};  // of one that a person resolved
  std::optional<UserKey> resolved_by = {};
  bool operator==(const Exception&) const = default;
};

class Exceptions {
 public:
  explicit Exceptions(Database& database);
  ~Exceptions();
  Exceptions(const Exceptions&) = delete;
  Exceptions& operator=(const Exceptions&) = delete;

  [[nodiscard]] std::optional<Exception> find(std::string_view id);
  [[nodiscard]] std::optional<Exception> find(ExceptionKey exception);
  /// That a session was let out unpaid, resolved or not: at most one.
  [[nodiscard]] std::optional<Exception> find_let_out(SessionKey session);
  /// The oldest first.
  [[nodiscard]] std::vector<Exception> open();

  ExceptionKey insert(Transaction& transaction, const Exception& exception);
  /// Nothing is left to do about it. It is open.
  void resolve(Transaction& transaction, ExceptionKey exception, Instant at,
               std::string_view resolution);
  /// A person dealt with it. It is open.
  struct Verdict {
    ExceptionAction action = ExceptionAction::write_off;
    UserKey by{};
    std::string_view reason;
  };
  void resolve(Transaction& transaction, ExceptionKey exception, Instant at,
               const Verdict& verdict);

 private:
  struct Statements;
  std::unique_ptr<Statements> statements_;
};

}  // namespace gatehouse::store
