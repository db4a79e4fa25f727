// Bookings and the stays that grow out of them: one row, one id (docs/contract/http.md, "Life
// cycles and sums").
//
//   Session session = *sessions.find_by_code(code.body);
//   session.state = …;
//   sessions.update(transaction, session);
//
// The store refuses by itself: a second open session of a slot or a vehicle, a step that the life
// cycle does not know, a session closed while its customer account does not stand at zero or, when
// completed, with less earned than its quote. So whoever closes a session writes its ledger first.
// The thread of the Database; failure is a StoreError.
#pragma once

#include "edge/domain/lifecycle.hpp"
#include "edge/domain/money.hpp"
#include "edge/domain/occupancy.hpp"
#include "edge/domain/payment_method.hpp"
#include "edge/domain/plan.hpp"
#include "edge/domain/plate.hpp"
#include "edge/domain/settlement.hpp"
#include "edge/domain/tariff.hpp"
#include "edge/domain/ticket.hpp"
#include "edge/domain/time.hpp"
#include "edge/store/database.hpp"
#include "edge/store/keys.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::store {

/// What a stay was said to cost, a lost ticket's fee included, and until when that holds.
struct SessionQuote {
  Paise charge;
  Instant valid_until{};
  bool operator==(const SessionQuote&) const = default;
};

struct Session {
  SessionKey key{};  // its short number for staff; given by insert
  std::string id;    // a UUID
  AdmissionKind kind = AdmissionKind::walk_in;
  SessionState state = SessionState::booked;
  std::optional<VehicleNumber> vehicle;  // none: a press whose car nobody named
  std::string owner_name;
  std::string phone_number;

  ZoneIndex zone{};
  std::optional<SlotIndex> slot;  // which it holds or held last
  // What is closed has given back its slot, whatever stands here.
  bool slot_given_back = false;
  std::optional<Instant> arrived_in_slot_at;  // none: its car still waits for its slot
  TicketCode code{TicketBody({}), {}};        // another after a lost ticket

  Rates rates;   // of its zone when it began: the price is fixed then
  Paise booked;  // asked for before entry: the fee, or the quote of the hours
  std::optional<std::chrono::hours> prepaid_hours;  // of `prepaid`, always
  Paise surcharge;                                  // for a lost ticket

  Instant created_at{};
  std::optional<UserKey> created_by;
  std::string created_gate;           // "": at no gate
  std::optional<Instant> expires_at;  // while it has not entered

  std::optional<Instant> entry_time;
  std::string entry_gate;
  std::optional<ClockNoteKey> entry_clock_note;
  std::optional<Instant> entry_confirmed_at;

  std::optional<Instant> billing_time;
  std::optional<SessionQuote> quote;
  std::optional<std::chrono::milliseconds> chosen_stay;  // a suspect stay, as staff judged it
  std::optional<PaymentMethod> payment_method;

  std::optional<Instant> exit_time;
  std::string exit_gate;
  std::optional<Instant> let_out_at;  // before its money was confirmed
  std::optional<Instant> settled_at;
  std::optional<Instant> closed_at;  // of what is closed, always
  std::string close_reason;          // of TERMINATED, always

  bool operator==(const Session&) const = default;
};

constexpr bool is_open(const Session& session) { return !is_final(session.state); }
/// Whether its slot is nobody else's.
constexpr bool holds_slot(const Session& session) {
  return is_open(session) && session.slot.has_value() && !session.slot_given_back;
}

struct SlotClaim {
  SlotIndex slot{};
  Claim claim = Claim::none;
  bool operator==(const SlotClaim&) const = default;
};

class Run;

/// Of a session whose car was not seen in its slot yet, as much as says where the car may be. There
/// are as many as the lot is long, and every slot that is taken asks about all.
struct WaitingForSlot {
  SessionKey key;
  ZoneIndex zone;
  std::string entry_gate;
};

class Sessions {
 public:
  /// `plan` as load_plan() gave it for this store.
  Sessions(Database& database, const LotPlan& plan);
  ~Sessions();
  Sessions(const Sessions&) = delete;
  Sessions& operator=(const Sessions&) = delete;

  [[nodiscard]] std::optional<Session> find(SessionKey session);
  [[nodiscard]] std::optional<Session> find_by_id(std::string_view id);
  [[nodiscard]] std::optional<Session> find_by_code(const TicketBody& body);
  /// The open session of a vehicle that was not let out: at most one.
  [[nodiscard]] std::optional<Session> find_open(const VehicleNumber& vehicle);
  /// Who holds a slot: at most one.
  [[nodiscard]] std::optional<Session> find_holder(SlotIndex slot);

  /// Every open session, in the order in which they began.
  [[nodiscard]] std::vector<Session> open();
  /// What the sessions say of slots, for the start. Slots that are not named are nobody's.
  [[nodiscard]] std::vector<SlotClaim> claims();
  /// Open ones that have not entered and whose expires_at has come; the earliest first.
  [[nodiscard]] std::vector<Session> expired(Instant now, int sessions_max);
  /// ACTIVE ones of these zones whose car was not seen in its slot yet, that entered between these
  /// instants, both included, and are `wanted`: so many at most, zone by zone, in the order of
  /// entry.
  [[nodiscard]] std::vector<Session> waiting_for_slot(
      std::span<const ZoneIndex> zones, Instant since, Instant until, std::size_t sessions_max,
      const std::function<bool(const WaitingForSlot&)>& wanted);
  /// Open ones whose vehicle number holds this text and that were not let out, in the order in
  /// which they began.
  [[nodiscard]] std::vector<Session> matching(std::string_view vehicle_text, int sessions_max);
  /// Open ones that were let out before their money was confirmed, the earliest first.
  [[nodiscard]] std::vector<Session> let_out(int sessions_max);
  /// Inside since `entered` or before, not let out, and without an open alert of this kind about
  /// it; the earliest first.
  [[nodiscard]] std::vector<Session> inside_since(Instant entered, std::string_view alert_kind,
                                                  int sessions_max);
  /// Unpaid bookings of a zone.
  [[nodiscard]] std::uint32_t unpaid_holds(ZoneIndex zone);

  /// Open, always: a session is not born closed.
  SessionKey insert(Transaction& transaction, const Session& session);
  /// Writes the whole row of session.key.
  void update(Transaction& transaction, const Session& session);

 private:
  struct Statements;
  [[nodiscard]] Session read(Run& row) const;
  [[nodiscard]] std::optional<Session> only(Run&& run) const;
  [[nodiscard]] std::vector<Session> all(Run&& run) const;
  [[nodiscard]] std::optional<std::int64_t> slot_key(const Session& session) const;
  Database& database_;
  std::vector<std::int64_t> slot_keys_;  // by SlotIndex, ascending
  std::vector<std::int64_t> zone_keys_;  // by ZoneIndex, ascending
  std::unique_ptr<Statements> statements_;
};

}  // namespace gatehouse::store
