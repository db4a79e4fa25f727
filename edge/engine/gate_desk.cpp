#include "edge/engine/gate_desk.hpp"

#include "edge/engine/announce.hpp"
#include "edge/engine/answers.hpp"
#include "edge/engine/entry.hpp"
#include "edge/engine/exit.hpp"

#include <chrono>

#include <fmt/format.h>

namespace gatehouse::engine {
namespace {

store::ScanSource source_of(ScanKind kind) {
  switch (kind) {
    case ScanKind::scan:
      return store::ScanSource::scan;
    case ScanKind::frame:
      return store::ScanSource::frame;
    case ScanKind::press:
      return store::ScanSource::press;
  }
  return store::ScanSource::scan;
}

/// As it was read; a ticket's in its one spelling, so that it is the same at every reader.
std::string spelling(const GateScanned& scanned) {
  if (!scanned.code) return {};
  const auto ticket = TicketCode::parse(*scanned.code);
  return ticket ? ticket->text() : *scanned.code;
}

bool is_stale(const Turn& turn, const GateScanned& scanned) {
  if (!scanned.device_ts) return false;
  return std::chrono::abs(scanned.received.utc - *scanned.device_ts) >
         turn.premises.gate_rules.scan_ttl;
}

void note_stale(Turn& turn, Lane& lane, const std::string& gate) {
  if (!lane.count_stale()) return;
  raise(turn, {"clock_skew", gate, store::Severity::warning,
               fmt::format("The clock of the reader at {} is wrong", gate)});
}

/// None of our tickets, or more of them than a reader may bring.
Reason bad_code(Turn& turn, Lane& lane, const std::string& gate) {
  if (!lane.count_bad_code(turn.now.steady)) return Reason::invalid_code;
  raise(turn, {"bad_codes", gate, store::Severity::warning,
               fmt::format("Many codes that are none of ours at {}", gate)});
  return Reason::throttled;
}

bool went_through_since(Turn& turn, store::SessionKey session, Instant since) {
  for (const auto direction : {store::Passage::entry, store::Passage::exit}) {
    const auto passage = turn.books.openings.find_newest(session, direction);
    if (passage && passage->confirmed_at && *passage->confirmed_at >= since) return true;
  }
  return false;
}

/// The same code at the same gate a moment ago: its newest answer is the answer to this scan too,
/// unless the car has gone through meanwhile.
std::optional<store::Scan> find_debounced(Turn& turn, const store::Scan& scan) {
  if (scan.code.empty()) return std::nullopt;
  auto before = turn.books.scans.find_newest_of_code(
      scan.gate, scan.code, turn.now.utc - turn.premises.gate_rules.debounce);
  if (!before || !before->answer) return std::nullopt;
  if (before->session && went_through_since(turn, *before->session, before->received_at))
    return std::nullopt;
  return before;
}

void answer_as_before(Turn& turn, const Asker& asker, const store::Scan& before) {
  const auto session =
      before.session ? turn.books.sessions.find(*before.session) : std::optional<store::Session>();
  Said said{.answer = {before.answer->decision, before.answer->reason},
            .session = session ? &*session : nullptr,
            .method = before.payment_method.value_or(PaymentMethod::cash),
            .checking = before.answer->decision == DecisionKind::wait};
  if (session && is_inside(session->state) && session->quote)
    said.amount_due = bill_of(turn, *session).sums.due;
  answer(turn, asker, said);
}

void decide_ticket(Turn& turn, Lanes& lanes, const GateScanned& scanned, const Asker& asker) {
  const std::string& gate = turn.premises.gates.lane(scanned.gate).id.text();
  if (!scanned.code) return answer(turn, asker, denied(Reason::unreadable));
  const auto ticket = TicketCode::parse(*scanned.code);
  if (!ticket || !turn.tickets.is_ours(*ticket))
    return answer(turn, asker, denied(bad_code(turn, lanes.at(scanned.gate), gate)));
  auto session = turn.books.sessions.find_by_code(ticket->body);
  if (!session) return answer(turn, asker, denied(Reason::unknown_code));
  switch (turn.premises.gates.lane(scanned.gate).direction) {
    case LaneDirection::entry:
      return decide_entry(turn, lanes, *session, asker);
    case LaneDirection::exit:
      return decide_exit(turn, lanes, *session, asker, scanned.payment_method);
    case LaneDirection::both:
      break;
  }
  const OpeningFor entering{.gate = scanned.gate, .direction = store::Passage::entry};
  const bool still_entering =
      is_inside(session->state) && find_repeatable(turn, *session, entering).has_value();
  if (still_entering || session->state == SessionState::booked ||
      session->state == SessionState::pending_payment)
    return decide_entry(turn, lanes, *session, asker);
  decide_exit(turn, lanes, *session, asker, scanned.payment_method);
}

}  // namespace

void decide(Turn& turn, Lanes& lanes, const GateScanned& scanned) {
  const std::string& gate = turn.premises.gates.lane(scanned.gate).id.text();
  if (const auto before = turn.books.scans.find(gate, scanned.scan_id))
    return repeat_answer(turn, scanned.gate, *before);
  const store::Scan scan{.gate = gate,
                         .scan_id = scanned.scan_id,
                         .source = source_of(scanned.kind),
                         .code = spelling(scanned),
                         .session = {},
                         .received_at = scanned.received.utc,
                         .device_ts = scanned.device_ts,
                         .payment_method = scanned.payment_method,
                         .answer = {}};
  // Looked for before this scan is written down, which would be the newest.
  const bool is_late = is_stale(turn, scanned);
  const auto before = is_late ? std::optional<store::Scan>() : find_debounced(turn, scan);
  const Asker asker{turn.books.scans.insert(turn.transaction, scan), scanned.gate, scanned.scan_id};
  Lane& lane = lanes.at(scanned.gate);
  if (is_late) {
    note_stale(turn, lane, gate);
    return answer(turn, asker, denied(Reason::stale_scan));
  }
  if (scanned.device_ts && lane.count_timely()) clear(turn, "clock_skew", gate);
  if (before) return answer_as_before(turn, asker, *before);
  if (scanned.kind == ScanKind::press) return decide_press(turn, lanes, scanned.vehicle, asker);
  decide_ticket(turn, lanes, scanned, asker);
}

}  // namespace gatehouse::engine
