#include "edge/engine/audit_trail.hpp"

#include "edge/engine/announce.hpp"

#include <chrono>
#include <utility>

#include <fmt/format.h>

namespace gatehouse::engine {
namespace {

constexpr std::chrono::minutes shown_every{1};
constexpr std::chrono::minutes counted_for{1};
// edge/engine/origin.hpp
constexpr const char* of_customers = "USER";
constexpr const char* of_devices = "DEVICE";
constexpr const char* of_nobody = "";

bool is_refused_token(const CallAnswer& said) {
  return said.result && std::holds_alternative<TokensRefused>(*said.result);
}

std::string outcome_of(const CallAnswer& said) {
  if (!said.result) return std::string(name(said.result.error().why));
  return is_refused_token(said) ? "bad_token" : "done";
}

store::AuditEntry entry_of(const Turn& turn, const Call& call, const About& about,
                           const CallAnswer& said) {
  const bool is_somebody = call.actor.user != store::UserKey{};
  return {.at = turn.now.utc,
          .until = turn.now.utc,
          .times = 1,
          .user = is_somebody ? std::optional(call.actor.user) : std::nullopt,
          .user_name = call.from.role == of_customers ? "" : call.actor.name,
          .role = call.from.role,
          .address = call.from.address,
          .action = call.from.action,
          .targets = about.targets(),
          .outcome = outcome_of(said),
          .detail = about.detail()};
}

Sighting sighting_of(store::AuditEntry entry) {
  return {.user = entry.user,
          .user_name = std::move(entry.user_name),
          .role = std::move(entry.role),
          .address = std::move(entry.address),
          .action = std::move(entry.action),
          .target = std::move(entry.targets),
          .outcome = std::move(entry.outcome),
          .detail = std::move(entry.detail)};
}

void append(Turn& turn, std::string action, std::string outcome, std::string detail) {
  turn.audit_chain.append(turn.transaction, {.at = turn.now.utc,
                                             .until = turn.now.utc,
                                             .action = std::move(action),
                                             .outcome = std::move(outcome),
                                             .detail = std::move(detail)});
}

}  // namespace

bool CallTrail::is_counted(const Turn& turn, const Call& call, const CallAnswer& said) {
  if (turn.audit_inbox == nullptr) return false;
  const std::string& role = call.from.role;
  if (is_refused_token(said)) return true;
  if (!said.result) return role == of_nobody || role == of_customers || role == of_devices;
  if (role != of_customers) return false;
  if (turn.now.steady - minute_began_ >= counted_for) {
    done_.clear();
    minute_began_ = turn.now.steady;
  }
  return ++done_[call.actor.user] > done_rows_max;
}

void CallTrail::record(Turn& turn, const Call& call, About about, const CallAnswer& said) {
  const bool is_kept_only = std::holds_alternative<KeepAnswer>(call.what);
  if (call.from.action.empty() || is_kept_only) return;
  if (said.result) tell_result(about, *said.result);
  store::AuditEntry entry = entry_of(turn, call, about, said);
  if (is_counted(turn, call, said)) return turn.audit_inbox->saw(sighting_of(std::move(entry)));
  turn.audit_chain.append(turn.transaction, std::move(entry));
}

void record_sightings(Turn& turn, AuditInbox::Taking taking) {
  if (turn.audit_inbox == nullptr) return;
  for (store::AuditEntry& entry : turn.audit_inbox->take(turn.now.steady, taking))
    turn.audit_chain.append(turn.transaction, std::move(entry));
}

void record_start(Turn& turn) {
  const std::int64_t missing = turn.audit_chain.missing();
  if (missing == 0) return append(turn, "gatehouse run", "started", {});
  const std::string what = cut_off_sentence(missing);
  append(turn, "gatehouse run", "cut_off", what);
  raise(turn, {audit_cut_off, "audit", store::Severity::critical, what});
}

std::string cut_off_sentence(std::int64_t missing) {
  return fmt::format(
      "The end of the audit log was tampered with, rows cut off or their seal: {} at least",
      missing);
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
