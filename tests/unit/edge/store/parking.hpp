// A lot's sessions, gates and money in a store on disk, for tests: every query class over one
// Database, and short ways to write what a test takes for granted.
#pragma once

#include "edge/store/accounts.hpp"
#include "edge/store/alerts.hpp"
#include "edge/store/clock_notes.hpp"
#include "edge/store/exceptions.hpp"
#include "edge/store/incidents.hpp"
#include "edge/store/ledger.hpp"
#include "edge/store/openings.hpp"
#include "edge/store/outbox.hpp"
#include "edge/store/payments.hpp"
#include "edge/store/receipts.hpp"
#include "edge/store/scans.hpp"
#include "edge/store/sessions.hpp"
#include "edge/store/shifts.hpp"
#include "edge/store/staff_acts.hpp"
#include "tests/unit/edge/store/stores.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>

namespace gatehouse::store::tests {

/// The n-th id of a test, shaped as a UUID.
inline std::string uuid(std::uint64_t n) {
  const std::string digits = std::to_string(n);
  return "00000000-0000-4000-8000-" + std::string(12 - digits.size(), '0') + digits;
}

inline TicketCode ticket(std::uint64_t n) {
  std::array<std::uint8_t, TicketBody::bytes> bits{};
  for (std::size_t i = 0; i < sizeof n; ++i) bits[i] = static_cast<std::uint8_t>(n >> (8 * i));
  return {TicketBody(bits), {1, 2, 3, 4, static_cast<std::uint8_t>(n)}};
}

inline VehicleNumber vehicle(const std::string& text) { return VehicleNumber::parse(text).value(); }

struct Parking {
  TestStore store;
  std::unique_ptr<const LotPlan> plan = load_plan(*store);
  struct Classes {
    Classes(Database& database, const LotPlan& plan)
        : sessions(database, plan),
          scans(database),
          openings(database),
          payments(database),
          ledger(database),
          receipts(database),
          accounts(database),
          shifts(database),
          staff_acts(database),
          exceptions(database),
          incidents(database),
          alerts(database),
          clock_notes(database),
          outbox(database) {}
    Sessions sessions;
    Scans scans;
    Openings openings;
    Payments payments;
    Ledger ledger;
    Receipts receipts;
    Accounts accounts;
    Shifts shifts;
    StaffActs staff_acts;
    Exceptions exceptions;
    Incidents incidents;
    Alerts alerts;
    ClockNotes clock_notes;
    Outbox outbox;
  };
  std::optional<Classes> classes{std::in_place, *store, *plan};
  std::uint64_t ids = 0;

  Parking() { do_not_sync(); }
  Classes* operator->() { return &*classes; }

  void reopen() {
    classes.reset();
    store.reopen();
    do_not_sync();
    classes.emplace(*store, *plan);
  }
  // What survives a power cut has tests of its own; these write a thousand times.
  void do_not_sync() { store.run("PRAGMA synchronous = OFF"); }

  /// One transaction around `work`; what it returns.
  template <class Work>
  auto commit(Work&& work) {
    Transaction transaction = store->begin();
    if constexpr (std::is_void_v<decltype(work(transaction))>) {
      work(transaction);
      static_cast<void>(std::move(transaction).commit(0));
    } else {
      auto result = work(transaction);
      static_cast<void>(std::move(transaction).commit(0));
      return result;
    }
  }

  /// A walk-in in a slot, BOOKED, not written yet.
  Session ticket_for(std::uint32_t slot) {
    const std::uint64_t n = ++ids;
    Session session{.id = uuid(n),
                    .zone = plan->slot(SlotIndex(slot)).zone,
                    .slot = SlotIndex(slot),
                    .code = ticket(n),
                    .rates = {Paise(5'000), {}},
                    .created_at = noon,
                    .expires_at = noon + 15min};
    return session;
  }
  Session insert(Session session) {
    session.key = commit([&](Transaction& t) { return classes->sessions.insert(t, session); });
    return session;
  }
  void update(const Session& session) {
    commit([&](Transaction& t) { classes->sessions.update(t, session); });
  }
  Session parked(std::uint32_t slot, Instant at = noon) {
    Session session = ticket_for(slot);
    session.state = SessionState::booked;
    session = insert(session);
    session.state = SessionState::active;
    session.entry_time = at;
    session.entry_gate = "ENTRY_GATE_01";
    update(session);
    return session;
  }
  Session billed(Session session, Paise charge) {
    session.state = SessionState::exit_pending;
    session.billing_time = noon + 1h;
    session.quote = SessionQuote{charge, noon + 75min};
    update(session);
    return session;
  }

  UserKey staff(const std::string& name = "staff1") {
    return commit([&](Transaction& t) {
      if (const auto known = classes->accounts.find(name)) return known->key;
      return classes->accounts
          .insert(t,
                  {.username = name, .role = Role::staff, .password_hash = "x", .created_at = noon})
          .value();
    });
  }
  ShiftKey shift() {
    const UserKey user = staff();
    if (const auto open = classes->shifts.find_open(user)) return open->key;
    return commit([&](Transaction& t) { return classes->shifts.open(t, user, noon, Paise(0)); });
  }

  /// Cash in the drawer, and in the ledger.
  Payment paid(SessionKey session, Paise amount) {
    Payment payment{.id = uuid(++ids),
                    .session = session,
                    .method = PaymentMethod::cash,
                    .amount = amount,
                    .state = PaymentState::success,
                    .created_at = noon + 1h,
                    .paid_at = noon + 1h,
                    .shift = shift()};
    payment.key = commit([&](Transaction& t) {
      const PaymentKey key = classes->payments.insert(t, payment);
      classes->ledger.append(t, payment_captured(Account::drawer, amount),
                             {.at = noon + 1h,
                              .cause = LedgerCause::payment_captured,
                              .session = session,
                              .payment = key,
                              .shift = payment.shift});
      return key;
    });
    return payment;
  }

  /// Earned, receipted, let out: COMPLETED.
  Session settled(Session session) {
    commit([&](Transaction& t) {
      const Paise charge = session.quote.value().charge;
      const Paise credits = classes->payments.credits(session.key);
      classes->ledger.append(
          t, settled_stay({.charge = charge, .credits = credits, .due = {}, .refund = {}}),
          {.at = noon + 1h, .cause = LedgerCause::settled_stay, .session = session.key});
      classes->receipts.issue(t, {.series = "G1",
                                  .financial_year = "2627",
                                  .session = session.key,
                                  .issued_at = noon + 1h,
                                  .total = credits,
                                  .taxable = credits});
      session.state = SessionState::completed;
      session.settled_at = session.exit_time = session.closed_at = noon + 1h;
      session.exit_gate = "EXIT_GATE_01";
      session.slot_given_back = true;
      classes->sessions.update(t, session);
    });
    return session;
  }
  /// A whole stay that was paid in cash.
  Session stayed(std::uint32_t slot, Paise charge = Paise(5'000)) {
    const Session session = billed(parked(slot), charge);
    if (charge > Paise(0)) paid(session.key, charge);
    return settled(session);
  }

  ScanKey scanned(const std::string& scan_id, std::optional<SessionKey> session = {},
                  Instant at = noon, const std::string& gate = "EXIT_GATE_01") {
    return commit([&](Transaction& t) {
      return classes->scans.insert(t, {.gate = gate,
                                       .scan_id = scan_id,
                                       .code = "PARK-1",
                                       .session = session,
                                       .received_at = at});
    });
  }
  std::uint32_t answered(ScanKey scan, DecisionKind decision, Reason reason, Instant at = noon) {
    return commit([&](Transaction& t) {
      return classes->scans.answer(
          t, scan, {.at = at, .decision = decision, .reason = reason, .payload = "{}"});
    });
  }
};

}  // namespace gatehouse::store::tests
