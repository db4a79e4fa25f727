#include "edge/engine/answers.hpp"

#include "edge/engine/announce.hpp"
#include "edge/engine/gate_payloads.hpp"

#include <fmt/format.h>

namespace gatehouse::engine {
namespace {

std::string message_of(const Turn& turn, const Said& said) {
  const LotPlan& plan = turn.premises.plan;
  const bool names_slot = said.session != nullptr && said.session->slot;
  return lane_message(turn.premises.language, said.answer.reason,
                      {.amount_due = said.amount_due.value_or(Paise(0)),
                       .method = said.method,
                       .slot = names_slot ? plan.slot(*said.session->slot).id.text() : "",
                       .checking = said.checking});
}

void announce_scan(Turn& turn, const Asker& asker, const Said& said) {
  const std::string& gate = turn.premises.gates.lane(asker.gate).id.text();
  const std::string session = said.session == nullptr
                                  ? std::string()
                                  : fmt::format(R"(,"session_id":"{}")", said.session->id);
  announce(
      turn, "gate.scanned", gate,
      fmt::format(R"({{"gate":"{}","scan_id":"{}","decision":"{}","reason":"{}","update":{}{}}})",
                  gate, asker.scan_id, name(said.answer.kind), name(said.answer.reason),
                  asker.answers, session));
}

}  // namespace

void answer(Turn& turn, const Asker& asker, const Said& said) {
  const bool with_ticket = said.with_ticket && said.session != nullptr;
  const std::string code = with_ticket ? said.session->code.text() : std::string();
  const std::string picture = with_ticket ? turn.qr.svg(code) : std::string();
  const std::string message = message_of(turn, said);
  std::string payload =
      decision_json(turn.premises.plan, {.scan_id = asker.scan_id,
                                         .gate = turn.premises.gates.lane(asker.gate).id.text(),
                                         .answer = said.answer,
                                         .message = message,
                                         .update = asker.answers,
                                         .session = said.session,
                                         .amount_due = said.amount_due,
                                         .code = code,
                                         .qr_svg = picture,
                                         .at = turn.now.utc});
  if (said.session != nullptr)
    turn.books.scans.set_session(turn.transaction, asker.scan, said.session->key);
  turn.books.scans.answer(turn.transaction, asker.scan,
                          {.update = asker.answers,
                           .at = turn.now.utc,
                           .decision = said.answer.kind,
                           .reason = said.answer.reason,
                           .payload = payload});
  announce_scan(turn, asker, said);
  turn.effects.decisions.push_back({asker.gate, std::move(payload), asker.answers > 0});
}

void repeat_answer(Turn& turn, GateIndex gate, const store::Scan& scan) {
  if (scan.answer) turn.effects.decisions.push_back({gate, scan.answer->payload});
}

void answer_later(Turn& turn, store::ScanKey scan, const Said& said) {
  const auto asked = turn.books.scans.find(scan);
  if (!asked || !asked->answer) return;
  const auto gate = turn.premises.gates.find_gate(asked->gate);
  if (!gate) return;
  const Answer before{asked->answer->decision, asked->answer->reason};
  if (!may_follow(before, said.answer)) return;
  answer(turn, {scan, *gate, asked->scan_id, asked->answer->update + 1}, said);
}

Said denied(Reason reason) { return {.answer = {DecisionKind::deny, reason}}; }

Said denied(Reason reason, const store::Session& session) {
  return {.answer = {DecisionKind::deny, reason}, .session = &session};
}

}  // namespace gatehouse::engine
