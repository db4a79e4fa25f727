#include "edge/engine/gate_desk.hpp"

#include "edge/engine/announce.hpp"
#include "edge/engine/answers.hpp"
#include "edge/engine/entry.hpp"
#include "edge/engine/exit.hpp"
#include "edge/engine/gate_payloads.hpp"

#include <chrono>
#include <utility>

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
  if (!lane.count_stale() || std::exchange(lane.is_clock_wrong, true)) return;
  raise(turn, {"clock_skew", gate, store::Severity::warning,
               fmt::format("The clock of the reader at {} is wrong", gate)});
}

/// None of our tickets, or more of them than a reader may bring.
Reason bad_code(Turn& turn, Lane& lane, const std::string& gate) {
  if (!lane.count_bad_code(turn.now.steady)) return Reason::invalid_code;
  if (!std::exchange(lane.brings_bad_codes, true)) {
    raise(turn, {"bad_codes", gate, store::Severity::warning,
                 fmt::format("Many codes that are none of ours at {}", gate)});
  }
  return Reason::throttled;
}

/// The same code at the same gate a moment ago, and its car has not been seen to go through since:
/// its newest answer is the answer to this scan too. A moment from the scan that was decided, so
/// that a reader that never rests is heard again.
std::optional<store::Scan> find_debounced(Turn& turn, const Lane& lane, const store::Scan& scan,
                                          Steady received) {
  if (scan.code.empty()) return std::nullopt;
  const auto decided = lane.find_decided(scan.code, received, turn.premises.gate_rules.debounce);
  auto before = decided ? turn.books.scans.find(*decided) : std::optional<store::Scan>();
  if (!before || !before->answer) return std::nullopt;
  return before;
}

/// Nobody is asked for money that was paid since.
bool still_holds(Turn& turn, const store::Scan& before) {
  if (before.answer->decision != DecisionKind::pay || !before.session) return true;
  const auto session = turn.books.sessions.find(*before.session);
  return session && is_inside(session->state) && session->quote &&
         bill_of(turn, *session).sums.due > Paise(0);
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
  else if (before.answer->reason == Reason::paid || before.answer->reason == Reason::nothing_due)
    said.amount_due = Paise(0);
  answer(turn, asker, said);
}

/// In a lane of both directions: its entry was not confirmed, and the time to try again is not
/// over. At another gate than its own it is let through neither in nor out: a copy of a ticket may
/// come there in the same moment. Later whoever brings this code wants to leave.
bool is_still_entering(Turn& turn, const store::Session& session, GateIndex gate) {
  if (session.state != SessionState::active) return false;
  const auto entry = turn.books.openings.find_open(session.key, store::Passage::entry);
  if (!entry) return false;
  const auto waited = turn.now.utc - entry->seen_open_at.value_or(entry->at);
  if (waited > turn.premises.gate_rules.reopen_window) return false;
  if (entry->gate != turn.premises.gates.lane(gate).id.text()) return waited >= waited.zero();
  const OpeningFor entering{.gate = gate, .direction = store::Passage::entry};
  return find_repeatable(turn, session, entering).has_value();
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
  if (session->state == SessionState::booked || session->state == SessionState::pending_payment ||
      is_still_entering(turn, *session, scanned.gate))
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
  turn.effects.scans.push_back({scanned.gate, scan_json(scan)});
  const Asker asker{turn.books.scans.insert(turn.transaction, scan), scanned.gate, scanned.scan_id};
  Lane& lane = lanes.at(scanned.gate);
  if (is_stale(turn, scanned)) {
    note_stale(turn, lane, gate);
    return answer(turn, asker, denied(Reason::stale_scan));
  }
  if (scanned.device_ts) {
    lane.count_timely();
    if (std::exchange(lane.is_clock_wrong, false)) clear(turn, "clock_skew", gate);
  }
  const Steady received = scanned.received.steady;
  const auto before = find_debounced(turn, lane, scan, received);
  if (before && still_holds(turn, *before)) return answer_as_before(turn, asker, *before);
  if (!scan.code.empty()) lane.remember_decided(scan.code, asker.scan, received);
  if (scanned.kind == ScanKind::press) return decide_press(turn, lanes, scanned.vehicle, asker);
  decide_ticket(turn, lanes, scanned, asker);
}

void recall_readers(Turn& turn, Lanes& lanes) {
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    const GateIndex gate{static_cast<std::uint32_t>(i)};
    const std::string& name = turn.premises.gates.lane(gate).id.text();
    Lane& lane = lanes.at(gate);
    lane.is_clock_wrong = turn.books.alerts.find_open("clock_skew", name).has_value();
    lane.brings_bad_codes = turn.books.alerts.find_open("bad_codes", name).has_value();
    for (const store::Authorisation& open : turn.books.openings.open_at(name)) {
      const auto session = turn.books.sessions.find(open.session);
      const bool is_of_press =
          open.direction == store::Passage::entry && session && session->created_gate == name;
      if (is_of_press) lane.pressed = Lane::Pressed{open.session, {}};
    }
  }
}

void look_after_readers(Turn& turn, Lanes& lanes) {
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    const GateIndex gate{static_cast<std::uint32_t>(i)};
    Lane& lane = lanes.at(gate);
    if (!lane.brings_bad_codes || !lane.is_calm(turn.now.steady)) continue;
    lane.brings_bad_codes = false;
    clear(turn, "bad_codes", turn.premises.gates.lane(gate).id.text());
  }
}

}  // namespace gatehouse::engine
