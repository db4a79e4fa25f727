// Whatever a lot does, in whatever order, the audit has nothing to tell: random days of bookings,
// entries, payments, exits, refunds and passages, written as the engine writes them.
#include "edge/store/audit.hpp"
#include "tests/unit/edge/store/parking.hpp"

#include <catch2/catch.hpp>
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

using namespace gatehouse;
using namespace gatehouse::store;
using namespace gatehouse::store::tests;

namespace {

/// One step of a lot's day is a transaction, kept or rolled back.
class LivingLot {
 public:
  void step() {
    now_ += std::chrono::seconds(*rc::gen::inRange(1, 600));
    const bool is_kept = *rc::gen::inRange(0, 6) != 0;
    Transaction transaction = parking_.store->begin();
    act(transaction);
    if (is_kept) {
      static_cast<void>(std::move(transaction).commit(0));
    } else {
      {
        const Transaction rolled_back = std::move(transaction);
      }
      parking_->outbox.forget();
      parking_->clock_notes.forget();
    }
    if (*rc::gen::inRange(0, 30) == 0) parking_.reopen();
  }
  std::vector<std::string> violations() { return audit(*parking_.store).violations; }

 private:
  void act(Transaction& t) {
    const auto open = parking_->sessions.open();
    const auto sessions = parking_.store.number("SELECT count(*) FROM sessions");
    const int choice = *rc::gen::inRange(0, 10);
    if (open.empty() || choice == 0) return begin(t);
    if (choice == 1 && sessions > 0) return pay_late(t, any_session(sessions));
    if (choice == 2) return end_refund(t);
    advance(t, *rc::gen::elementOf(open));
  }

  Session any_session(int sessions) {
    return parking_->sessions.find(SessionKey{*rc::gen::inRange(1, sessions + 1)}).value();
  }

  void tell(Transaction& t, const Session& session) {
    parking_->outbox.append(
        t, {.type = name(session.state), .subject = session.id, .time = now_, .data = "{}"});
    if (*rc::gen::arbitrary<bool>()) {
      const OutboxPosition position = parking_->outbox.position();
      parking_->outbox.save_event_cursor(t, {position.epoch, position.last_sequence});
    }
  }

  void begin(Transaction& t) {
    for (std::uint32_t slot = 0; slot < parking_.plan->slots().size(); ++slot) {
      if (parking_->sessions.find_holder(SlotIndex(slot))) continue;
      Session session = parking_.ticket_for(slot);
      session.created_at = now_;
      if (*rc::gen::arbitrary<bool>()) {
        session.kind = AdmissionKind::deposit;
        session.state = SessionState::pending_payment;
        session.booked = Paise(5'000);
      }
      session.key = parking_->sessions.insert(t, session);
      return tell(t, session);
    }
  }

  /// Brings a session one step on, by what its state lets happen.
  void advance(Transaction& t, Session session) {
    const bool gives_up = *rc::gen::inRange(0, 4) == 0;
    switch (session.state) {
      case SessionState::pending_payment:
        if (gives_up) return close(t, session, SessionState::expired);
        capture(t, session, session.booked);
        session.state = SessionState::booked;
        break;
      case SessionState::booked:
        if (gives_up) return close(t, session, SessionState::cancelled);
        enter(t, session);
        break;
      case SessionState::active:
        if (gives_up) return terminate(t, session);
        bill(session);
        break;
      case SessionState::exit_pending:
        return exit_step(t, session, gives_up);
      case SessionState::completed:
      case SessionState::cancelled:
      case SessionState::expired:
      case SessionState::terminated:
        return;
    }
    parking_->sessions.update(t, session);
    tell(t, session);
  }

  void enter(Transaction& t, Session& session) {
    session.state = SessionState::active;
    session.entry_time = now_;
    session.entry_clock_note = parking_->clock_notes.note(t, {now_, Steady(1s)}, "boot");
    pass(t, session, Passage::entry, "ENTRY_GATE_01");
  }

  void bill(Session& session) {
    session.state = SessionState::exit_pending;
    session.billing_time = now_;
    session.quote =
        SessionQuote{Paise(*rc::gen::element<std::int64_t>(0, 5'000, 12'000)), now_ + 15min};
  }

  void exit_step(Transaction& t, Session session, bool gives_up) {
    const Paise credits = parking_->payments.credits(session.key);
    const Paise charge = session.quote.value().charge;
    if (gives_up) return terminate(t, session);
    if (credits < charge) {
      capture(t, session, charge - credits);
      return;
    }
    const Settlement sums{.charge = charge, .credits = credits, .due = {}, .refund = {}};
    post(t, settled_stay(sums),
         {.at = now_, .cause = LedgerCause::settled_stay, .session = session.key});
    session.settled_at = session.exit_time = now_;
    if (credits > Paise(0)) {
      parking_->receipts.issue(t, {.series = "G1",
                                   .financial_year = "2627",
                                   .session = session.key,
                                   .issued_at = now_,
                                   .total = credits,
                                   .taxable = credits});
    }
    finish(t, session, SessionState::completed);
    pass(t, session, Passage::exit, "EXIT_GATE_01");
  }

  /// CANCELLED or EXPIRED: what was paid goes back.
  void close(Transaction& t, Session session, SessionState state) {
    const Paise credits = parking_->payments.credits(session.key);
    post(t, closed_without_stay(credits, credits),
         {.at = now_, .cause = LedgerCause::closed_without_stay, .session = session.key});
    promise_back(t, session.key);
    finish(t, session, state);
  }

  void terminate(Transaction& t, Session session) {
    const Paise charge = session.quote ? session.quote->charge : Paise(0);
    post(t, terminated_stay(charge, parking_->payments.credits(session.key)),
         {.at = now_, .cause = LedgerCause::terminated_stay, .session = session.key});
    session.close_reason = "towed away";
    parking_->staff_acts.append(t, {.at = now_,
                                    .user = user_,
                                    .session = session.key,
                                    .kind = ActKind::terminated,
                                    .reason = session.close_reason});
    finish(t, session, SessionState::terminated);
  }

  void finish(Transaction& t, Session session, SessionState state) {
    session.state = state;
    session.closed_at = now_;
    parking_->sessions.update(t, session);
    tell(t, session);
  }

  /// Money for a session that may be closed by now: then it goes back at once.
  void pay_late(Transaction& t, const Session& session) {
    const Paise amount(*rc::gen::inRange<std::int64_t>(1, 10'000));
    const PaymentKey payment = capture(t, session, amount);
    if (is_open(session)) return;
    post(t, refund_requested(amount),
         {.at = now_, .cause = LedgerCause::refund_requested, .session = session.key});
    parking_->payments.insert(t, Refund{.id = uuid(++parking_.ids),
                                        .payment = payment,
                                        .amount = amount,
                                        .reason = "late",
                                        .created_at = now_});
  }

  PaymentKey capture(Transaction& t, const Session& session, Paise amount) {
    const PaymentKey payment = parking_->payments.insert(t, Payment{.id = uuid(++parking_.ids),
                                                                    .session = session.key,
                                                                    .provider = "razorpay",
                                                                    .amount = amount,
                                                                    .state = PaymentState::success,
                                                                    .created_at = now_,
                                                                    .paid_at = now_});
    post(t, payment_captured(Account::provider_razorpay, amount),
         {.at = now_,
          .cause = LedgerCause::payment_captured,
          .session = session.key,
          .payment = payment});
    return payment;
  }

  void promise_back(Transaction& t, SessionKey session) {
    for (const Payment& payment : parking_->payments.of_session(session)) {
      parking_->payments.insert(t, Refund{.id = uuid(++parking_.ids),
                                          .payment = payment.key,
                                          .amount = payment.amount,
                                          .reason = "cancelled",
                                          .created_at = now_});
    }
  }

  void end_refund(Transaction& t) {
    const auto going_on = parking_->payments.refunds_going_on();
    if (going_on.empty()) return;
    Refund refund = *rc::gen::elementOf(going_on);
    Payment payment = parking_->payments.find(refund.payment).value();
    refund.state = RefundState::success;
    refund.ended_at = now_;
    parking_->payments.update(t, refund);
    payment.state =
        refund.amount == payment.amount ? PaymentState::refunded : PaymentState::partially_refunded;
    parking_->payments.update(t, payment);
    post(t, refund_paid(Account::provider_razorpay, refund.amount),
         {.at = now_,
          .cause = LedgerCause::refund_paid,
          .session = payment.session,
          .refund = refund.key});
  }

  void post(Transaction& t, const LedgerEntries& entries, const Posting& posting) {
    parking_->ledger.append(t, entries, posting);
  }

  /// A scan, its answers, the authorisation and its opening; whether it is seen to end is chance.
  void pass(Transaction& t, const Session& session, Passage direction, const std::string& gate) {
    const ScanKey scan = parking_->scans.insert(t, {.gate = gate,
                                                    .scan_id = uuid(++parking_.ids),
                                                    .code = session.code.text(),
                                                    .session = session.key,
                                                    .received_at = now_});
    if (*rc::gen::arbitrary<bool>()) {
      parking_->scans.answer(t, scan,
                             {.at = now_,
                              .decision = DecisionKind::pay,
                              .reason = Reason::payment_due,
                              .payload = "{}"});
    }
    parking_->scans.answer(
        t, scan,
        {.at = now_, .decision = DecisionKind::open, .reason = Reason::paid, .payload = "{}"});
    Authorisation passage{.session = session.key, .gate = gate, .direction = direction, .at = now_};
    passage.key = parking_->openings.insert(t, passage);
    const OpeningKey opening = parking_->openings.insert(t, Opening{.authorisation = passage.key,
                                                                    .scan = scan,
                                                                    .gate = gate,
                                                                    .barrier = "b1",
                                                                    .session = session.key,
                                                                    .at = now_});
    if (!*rc::gen::arbitrary<bool>()) return;
    parking_->openings.set_status(t, opening, OpeningStatus::passed, now_ + 5s);
    passage.confirmed_at = now_ + 5s;
    passage.closed = true;
    parking_->openings.update(t, passage);
  }

  Parking parking_;
  UserKey user_ = parking_.staff();
  Instant now_ = noon;
};

}  // namespace

TEST_CASE("whatever a lot does, the audit has nothing to tell", "[store][audit]") {
  rc::prop("for any sequence of steps, kept or rolled back", [] {
    LivingLot lot;
    const int steps = *rc::gen::inRange(1, 80);
    for (int i = 0; i < steps; ++i) lot.step();
    RC_ASSERT(lot.violations() == std::vector<std::string>{});
  });
}
