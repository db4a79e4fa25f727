#include "edge/engine/audit_trail.hpp"

#include "edge/engine/announce.hpp"

#include <chrono>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

namespace gatehouse::engine {
namespace {

constexpr std::chrono::minutes shown_every{1};
constexpr const char* of_customers = "USER";

/// What a call was about, gathered from whatever it and its answer name.
struct About {
  std::string targets;
  std::string detail;

  void target(std::string_view kind, std::string_view id) {
    // The path may have named it already.
    if (id.empty() || targets.contains(id)) return;
    fmt::format_to(std::back_inserter(targets), "{}{} {}", targets.empty() ? "" : " ", kind, id);
  }
  void more(std::string_view text) {
    if (!detail.empty()) detail += "; ";
    detail += text;
  }
};

void tell_gate(About& about, const Premises& premises, std::optional<GateIndex> gate) {
  if (gate) about.target("gate", premises.gates.lane(*gate).id.text());
}
void tell_gate(About& about, const Premises& /*premises*/, const std::string& gate) {
  about.target("gate", gate);
}

template <class Asked>
void tell_asked(About& about, const Premises& premises, const Asked& asked) {
  if constexpr (requires { tell_gate(about, premises, asked.gate); })
    tell_gate(about, premises, asked.gate);
  if constexpr (std::is_same_v<Asked, MoveBarrier>) {
    if (asked.is_emergency) about.more("emergency");
  }
  if constexpr (std::is_same_v<Asked, CancelBooking>) {
    if (asked.only_asks) about.more("only asked");
  }
  if constexpr (requires { asked.tendered->rupees(); }) {
    if (asked.tendered) about.more("tendered " + asked.tendered->rupees());
  }
  if constexpr (requires { std::string_view(asked.reason); }) {
    if (!asked.reason.empty()) about.more("because: " + asked.reason);
  }
  if constexpr (requires { std::string_view(asked.reference); }) {
    if (!asked.reference.empty()) about.more("reference " + asked.reference);
  }
}

void tell_bill(About& about, const BillShown& bill) {
  about.target("session", bill.session_id);
  if (bill.method) about.more(std::string(name(*bill.method)));
  about.more("charged " + bill.sums.charge.rupees());
  if (bill.sums.due > Paise(0)) about.more("due " + bill.sums.due.rupees());
}

template <class Result>
void tell_result(About& about, const Result& result) {
  if constexpr (std::is_same_v<Result, BillShown>) {
    tell_bill(about, result);
  } else if constexpr (requires { tell_bill(about, result.bill); }) {
    tell_bill(about, result.bill);
  } else if constexpr (requires { std::string_view(result.session_id); }) {
    about.target("session", result.session_id);
  } else if constexpr (requires { result.shift.key; }) {
    about.target("shift", std::to_string(std::to_underlying(result.shift.key)));
    about.more("expected " + result.expected.rupees());
    if (result.shift.counted) about.more("counted " + result.shift.counted->rupees());
  } else if constexpr (requires { std::string_view(result.incident.id); }) {
    about.target("incident", result.incident.id);
  }
  if constexpr (requires { result.written_off.rupees(); })
    about.more("written off " + result.written_off.rupees());
  if constexpr (requires { result.refund.rupees(); })
    about.more("refund " + result.refund.rupees());
}

About about(const Premises& premises, const Call& call, const CallAnswer& said) {
  About told;
  told.targets = call.from.target;
  std::visit([&](const auto& asked) { tell_asked(told, premises, asked); }, call.what);
  if (said.result) std::visit([&](const auto& result) { tell_result(told, result); }, *said.result);
  return told;
}

void append(Turn& turn, std::string action, std::string outcome, std::string detail) {
  turn.audit_chain.append(turn.transaction, {.at = turn.now.utc,
                                             .until = turn.now.utc,
                                             .action = std::move(action),
                                             .outcome = std::move(outcome),
                                             .detail = std::move(detail)});
}

}  // namespace

void record_call(Turn& turn, const Call& call, const CallAnswer& said) {
  const bool is_kept_only = std::holds_alternative<KeepAnswer>(call.what);
  if (call.from.action.empty() || is_kept_only) return;
  const bool is_somebody = call.actor.user != store::UserKey{};
  About told = about(turn.premises, call, said);
  std::string outcome(said.result ? "done" : name(said.result.error().why));
  const auto user = is_somebody ? std::optional(call.actor.user) : std::nullopt;
  const std::string user_name = call.from.role == of_customers ? "" : call.actor.name;
  if (!is_somebody && !said.result && turn.audit_inbox != nullptr) {
    return turn.audit_inbox->saw({.address = call.from.address,
                                  .action = call.from.action,
                                  .target = {},
                                  .outcome = std::move(outcome),
                                  .detail = {}});
  }
  turn.audit_chain.append(turn.transaction, {.at = turn.now.utc,
                                             .until = turn.now.utc,
                                             .times = 1,
                                             .user = user,
                                             .user_name = user_name,
                                             .role = call.from.role,
                                             .address = call.from.address,
                                             .action = call.from.action,
                                             .targets = std::move(told.targets),
                                             .outcome = std::move(outcome),
                                             .detail = std::move(told.detail)});
}

void record_sightings(Turn& turn, AuditInbox::Taking taking) {
  if (turn.audit_inbox == nullptr) return;
  for (store::AuditEntry& entry : turn.audit_inbox->take(turn.now.steady, taking))
    turn.audit_chain.append(turn.transaction, std::move(entry));
}

void record_start(Turn& turn) {
  const std::int64_t missing = turn.audit_chain.missing();
  if (missing == 0) return append(turn, "gatehouse run", "started", {});
  const std::string what = fmt::format("{} rows were cut off the end of the audit log", missing);
  append(turn, "gatehouse run", "cut_off", what);
  raise(turn, {"audit_cut_off", "audit", store::Severity::critical, what});
}

void record_stop(Turn& turn) { append(turn, "gatehouse run", "stopped", {}); }

void AuditTeller::look_at_day(const Turn& turn) {
  if (turn.audit_chain.told_on() != turn.premises.local(turn.now.utc).date) is_due_ = true;
}

void AuditTeller::tell(Turn& turn) {
  const store::AuditHead& head = turn.audit_chain.head();
  if (head.sequence == 0) return;
  const bool has_grown = head.sequence != shown_sequence_;
  if (!is_due_ && !(has_grown && turn.now.steady - shown_at_ >= shown_every)) return;
  turn.effects.audit_head = head;
  shown_sequence_ = head.sequence;
  shown_at_ = turn.now.steady;
  if (!std::exchange(is_due_, false)) return;
  announce(turn, "audit.head", "audit",
           fmt::format(R"({{"sequence":{},"hash":"{}","key_id":{}}})", head.sequence, head.hash,
                       head.key_id));
  turn.audit_chain.note_told(turn.transaction, turn.premises.local(turn.now.utc).date);
}

}  // namespace gatehouse::engine
