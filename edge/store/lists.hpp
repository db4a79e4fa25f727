// What people look through: sessions, payments, refunds, scans and alerts, the newest first,
// filtered and page by page (docs/contract/http.md, "Lists").
//
//   const auto found = lists.sessions({.state = SessionState::active}, {.rows = 20, .skipped = 0});
//   for (const SessionKey key : found.keys) show(sessions.find(key));
//
// A list names rows; what is in them is read from the classes of their kind. An index serves each
// filter (migrations/0005_reports.sql). Reads only. The thread of the Database; failure is a
// StoreError.
#pragma once

#include "edge/domain/decision.hpp"
#include "edge/domain/lifecycle.hpp"
#include "edge/domain/money.hpp"
#include "edge/domain/payment_method.hpp"
#include "edge/domain/plate.hpp"
#include "edge/domain/time.hpp"
#include "edge/store/accounts.hpp"
#include "edge/store/alerts.hpp"
#include "edge/store/database.hpp"
#include "edge/store/exceptions.hpp"
#include "edge/store/keys.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::store {

struct Page {
  std::uint32_t rows = 20;
  std::uint64_t skipped = 0;
};

/// From `from` on, and before `until`.
struct Period {
  std::optional<Instant> from;
  std::optional<Instant> until;
  bool operator==(const Period&) const = default;
};

template <class Key>
struct Found {
  std::vector<Key> keys;    // of the page
  std::uint64_t total = 0;  // of all pages
};

// What is not set filters nothing.

struct SessionFilter {
  std::optional<SessionState> state;
  Period created;
  std::string zone;             // its id
  std::optional<UserKey> user;  // who made it
  std::optional<VehicleNumber> vehicle;
  /// An id, short number, ticket code, payment, order or provider's payment; or how a vehicle's
  /// number begins.
  std::string search;
};

/// Open ones that have stood longest come first: those inside, then those that are to come.
struct OpenFilter {
  std::optional<SessionState> state;
  std::string zone;  // its id
};

struct PaymentFilter {
  Period created;
  std::optional<PaymentMethod> method;
  std::string provider;
  std::optional<PaymentState> state;
};

struct RefundFilter {
  Period created;
  std::optional<RefundState> state;
};

struct ScanFilter {
  Period received;
  std::string gate;
  std::optional<DecisionKind> decision;  // of the newest answer
  std::optional<SessionKey> session;
};

struct UserFilter {
  std::optional<Role> role;
  std::optional<bool> disabled;
  std::string search;  // how the name begins, or an e-mail address or telephone number
};

struct AlertFilter {
  Period raised;
  std::string kind;
  std::optional<Severity> severity;
  std::optional<bool> open;
  std::optional<bool> acknowledged;
};

struct ExceptionFilter {
  Period created;
  std::optional<ExceptionKind> kind;
  std::optional<bool> open;
};

struct ShiftFilter {
  Period opened;
  std::optional<UserKey> user;
  std::optional<bool> open;
};

/// Of payments whose money came.
struct MethodTotal {
  PaymentMethod method = PaymentMethod::cash;
  std::uint64_t payments = 0;
  Paise amount;
  Paise refunded;  // of them, refunds that did not fail
  bool operator==(const MethodTotal&) const = default;
};

class Lists {
 public:
  explicit Lists(Database& database) : database_(database) {}

  [[nodiscard]] Found<SessionKey> sessions(const SessionFilter& filter, const Page& page);
  [[nodiscard]] Found<SessionKey> open_sessions(const OpenFilter& filter, const Page& page);
  [[nodiscard]] Found<PaymentKey> payments(const PaymentFilter& filter, const Page& page);
  /// By method, in the order of their names; a method without payments is left out.
  [[nodiscard]] std::vector<MethodTotal> totals(const PaymentFilter& filter);
  [[nodiscard]] Found<RefundKey> refunds(const RefundFilter& filter, const Page& page);
  [[nodiscard]] Found<ScanKey> scans(const ScanFilter& filter, const Page& page);
  [[nodiscard]] Found<AlertKey> alerts(const AlertFilter& filter, const Page& page);
  /// In the order of names.
  [[nodiscard]] Found<UserKey> users(const UserFilter& filter, const Page& page);

  [[nodiscard]] Found<ExceptionKey> exceptions(const ExceptionFilter& filter, const Page& page);
  [[nodiscard]] Found<ShiftKey> shifts(const ShiftFilter& filter, const Page& page);

  /// Open sessions that a user made, the newest first.
  [[nodiscard]] std::vector<SessionKey> open_of_user(UserKey user);
  /// The newest scans of a gate, at most so many.
  [[nodiscard]] std::vector<ScanKey> newest_at(std::string_view gate, std::uint32_t rows);
  /// The UUID of a session.
  [[nodiscard]] std::string id_of(SessionKey session);

 private:
  Database& database_;
};

}  // namespace gatehouse::store
