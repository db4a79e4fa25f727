#include "edge/engine/exit.hpp"

#include "edge/engine/announce.hpp"
#include "edge/engine/gate_payloads.hpp"
#include "edge/engine/money.hpp"
#include "edge/engine/passages.hpp"

namespace gatehouse::engine {
namespace {

using store::Passage;

bool leads_here(const Turn& turn, GateIndex gate, const store::Session& session) {
  return turn.premises.gates.lane(gate).leads_to(session.zone);
}

Said refused(Reason reason, const store::Session& session) {
  const bool for_staff = reason == Reason::ask_staff;
  return {.answer = {for_staff ? DecisionKind::wait : DecisionKind::deny, reason},
          .session = &session};
}

OpeningFor opening_for(const Asker& asker) {
  return {.gate = asker.gate, .direction = Passage::exit, .scan = asker.scan};
}

/// `open` with its reason, or why the arm stays shut although all is settled.
Said way_out(const Lane& lane, const store::Session& session, Reason reason) {
  Said said{.answer = {DecisionKind::open, reason}, .session = &session, .amount_due = Paise(0)};
  if (lane.passable() == Passable::yes) return said;
  const bool locked = lane.passable() == Passable::locked;
  said.answer = {DecisionKind::deny, locked ? Reason::out_of_service : Reason::barrier_fault};
  return said;
}

Reason settled_reason(Turn& turn, const store::Session& session) {
  for (const store::Payment& payment : turn.books.payments.of_session(session.key)) {
    const bool paid_for_exit = is_captured(payment.state) && session.billing_time &&
                               payment.paid_at && *payment.paid_at >= *session.billing_time;
    if (paid_for_exit) return Reason::paid;
  }
  return Reason::nothing_due;
}

/// A closed session comes again: its opening was lost, or it paid away from any gate.
void decide_second_exit(Turn& turn, const Lanes& lanes, store::Session& session,
                        const Asker& asker) {
  const OpeningFor what = opening_for(asker);
  const Lane& lane = lanes.at(asker.gate);
  const Reason reason = settled_reason(turn, session);
  if (const auto authorisation = find_repeatable(turn, session, what)) {
    answer(turn, asker, way_out(lane, session, reason));
    return open_again(turn, lanes, session, *authorisation, what);
  }
  const bool left_by_no_gate =
      session.exit_gate.empty() && !turn.books.openings.find_newest(session.key, Passage::exit);
  const bool in_time = turn.now.utc - *session.settled_at <= turn.premises.billing.exit_window;
  if (!left_by_no_gate) return answer(turn, asker, denied(Reason::already_exited, session));
  // It paid away from the gate and came too late: its bill is closed, but its car may stand here.
  if (!in_time) return answer(turn, asker, refused(Reason::ask_staff, session));
  if (!leads_here(turn, asker.gate, session))
    return answer(turn, asker, denied(Reason::wrong_gate, session));
  let_through(turn, lanes, session, what);
  session.exit_gate = turn.premises.gates.lane(asker.gate).id.text();
  turn.books.sessions.update(turn.transaction, session);
  answer(turn, asker, way_out(lane, session, reason));
}

std::optional<Reason> exit_refusal(const Turn& turn, const store::Session& session,
                                   GateIndex gate) {
  switch (session.state) {
    case SessionState::pending_payment:
    case SessionState::booked:
      return Reason::not_entered;
    case SessionState::cancelled:
      return Reason::booking_cancelled;
    case SessionState::expired:
      return Reason::booking_expired;
    case SessionState::terminated:
      return Reason::ask_staff;
    case SessionState::completed:
    case SessionState::active:
    case SessionState::exit_pending:
      break;
  }
  if (session.let_out_at) return Reason::already_exited;
  if (session.state != SessionState::completed && !leads_here(turn, gate, session))
    return Reason::wrong_gate;
  return std::nullopt;
}

/// What is said at a gate while an order is to be paid.
Said order_shown(const store::Session& session, const store::Payment& order) {
  const bool is_asked = order.state == PaymentState::pending;
  return {.answer = {is_asked ? DecisionKind::pay : DecisionKind::wait, Reason::payment_pending},
          .session = &session,
          .amount_due = order.amount,
          .method = PaymentMethod::online,
          .checking = !is_asked};
}

/// The amount is due: the barrier stays shut, whatever the driver chooses.
void ask_payment(Turn& turn, store::Session& session, const Asker& asker, const Bill& bill,
                 std::optional<PaymentMethod> method) {
  quote_exit(turn, session, bill);
  const Paise due = bill.sums.due;
  const bool by_default_online = turn.premises.takes_online_payments && due >= online_due_min;
  const PaymentMethod chosen =
      method.value_or(by_default_online ? PaymentMethod::online : PaymentMethod::cash);
  if (chosen == PaymentMethod::cash || due < online_due_min) {
    return answer(turn, asker,
                  {.answer = {DecisionKind::pay, Reason::payment_due},
                   .session = &session,
                   .amount_due = due,
                   .method = PaymentMethod::cash});
  }
  answer(turn, asker, order_shown(session, ask_online(turn, session, due)));
}

store::ScanKey record_api_scan(Turn& turn, GateIndex gate, const store::Session& session,
                               std::optional<PaymentMethod> method, std::string& scan_id) {
  scan_id = turn.tickets.make_id();
  const store::Scan scan{.gate = turn.premises.gates.lane(gate).id.text(),
                         .scan_id = scan_id,
                         .source = store::ScanSource::api,
                         .code = session.code.text(),
                         .session = session.key,
                         .received_at = turn.now.utc,
                         .device_ts = {},
                         .payment_method = method,
                         .answer = {}};
  turn.effects.scans.push_back({gate, scan_json(scan)});
  return turn.books.scans.insert(turn.transaction, scan);
}

}  // namespace

void decide_exit(Turn& turn, const Lanes& lanes, store::Session& session, const Asker& asker,
                 std::optional<PaymentMethod> method) {
  if (const auto reason = exit_refusal(turn, session, asker.gate))
    return answer(turn, asker, refused(*reason, session));
  if (session.state == SessionState::completed)
    return decide_second_exit(turn, lanes, session, asker);
  const Bill bill = bill_of(turn, session);
  if (bill.suspicion) return answer(turn, asker, refused(Reason::ask_staff, session));
  if (!bill.sums.nothing_due()) return ask_payment(turn, session, asker, bill, method);
  const std::string& gate = turn.premises.gates.lane(asker.gate).id.text();
  const Reason reason = settled_reason(turn, session);
  settle_exit(turn, session, bill, gate);
  let_through(turn, lanes, session, opening_for(asker));
  answer(turn, asker, way_out(lanes.at(asker.gate), session, reason));
}

std::optional<Waiting> find_waiting(Turn& turn, const Lanes& lanes, const store::Session& session) {
  // Where it scanned last: a car that drove on to another gate waits there and nowhere else.
  std::optional<Waiting> last;
  bool is_told_to_wait = false;
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    const GateIndex gate{static_cast<std::uint32_t>(i)};
    const LanePlan& lane = turn.premises.gates.lane(gate);
    if (lane.direction == LaneDirection::entry) continue;
    auto scan = turn.books.scans.find_newest_at(lane.id.text());
    if (!scan || scan->session != session.key || !scan->answer) continue;
    if (last && last->scan.key > scan->key) continue;
    const DecisionKind told = scan->answer->decision;
    is_told_to_wait = told == DecisionKind::pay || told == DecisionKind::wait;
    last = Waiting{gate, std::move(*scan)};
  }
  if (!last || !is_told_to_wait) return std::nullopt;
  const auto waited = turn.now.utc - last->scan.received_at;
  const Lane& lane = lanes.at(last->gate);
  const auto left = lane.left_at();
  const bool still_there = !lane.is_seen_empty() && (!left || *left < last->scan.received_at);
  if (waited > turn.premises.gate_rules.pay_wait || !still_there) return std::nullopt;
  return last;
}

void wait_at_gate(Turn& turn, const Lanes& lanes, GateIndex gate, const store::Session& session,
                  const store::Payment& order) {
  const auto waiting = find_waiting(turn, lanes, session);
  const bool by_its_own_scan =
      waiting && waiting->gate == gate && waiting->scan.source != store::ScanSource::api;
  if (by_its_own_scan) return;
  std::string scan_id;
  const store::ScanKey scan = record_api_scan(turn, gate, session, PaymentMethod::online, scan_id);
  answer(turn, {scan, gate, scan_id}, order_shown(session, order));
}

void settle_and_let_out(Turn& turn, const Lanes& lanes, store::Session& session, const Bill& bill,
                        std::optional<GateIndex> gate) {
  // It is gone already: only its money was missing.
  if (session.let_out_at) return settle_exit(turn, session, bill, session.exit_gate);
  const auto waiting = find_waiting(turn, lanes, session);
  if (!gate && waiting) gate = waiting->gate;
  if (!gate) return settle_exit(turn, session, bill, "");
  settle_exit(turn, session, bill, turn.premises.gates.lane(*gate).id.text());
  const Reason reason = settled_reason(turn, session);
  const Said said = way_out(lanes.at(*gate), session, reason);
  if (waiting && waiting->gate == *gate) {
    let_through(turn, lanes, session,
                {.gate = *gate, .direction = Passage::exit, .scan = waiting->scan.key});
    return answer_later(turn, waiting->scan.key, said);
  }
  std::string scan_id;
  const store::ScanKey scan =
      record_api_scan(turn, *gate, session, session.payment_method, scan_id);
  let_through(turn, lanes, session, {.gate = *gate, .direction = Passage::exit, .scan = scan});
  answer(turn, {scan, *gate, scan_id}, said);
}

}  // namespace gatehouse::engine
