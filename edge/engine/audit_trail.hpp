// What the engine tells the audit's chain: calls and how they ended, what the API saw, and the life
// of the process; and the outbox of where the chain ends, so that the cloud can prove it was not
// cut.
//
// All of it in the transaction of what it tells of. Never a secret: no ticket's code, no password,
// no body. The engine's thread.
#pragma once

#include "edge/engine/audit_about.hpp"
#include "edge/engine/audit_inbox.hpp"
#include "edge/engine/call.hpp"
#include "edge/engine/turn.hpp"

#include <cstdint>
#include <string>
#include <unordered_map>

namespace gatehouse::engine {

/// Calls that were decided; one that only asks is not told of.
///
///   About about = about_asked(turn, call);   // audit_about.hpp: before it is decided
///   calls.record(turn, call, std::move(about), said);
///
/// A row is for ever, so nobody may write them without limit. What anybody can bring any number of,
/// who has no account or one that anybody can make, or a device that is out of its mind, is counted
/// with the inbox's: refusals, and of customers what is beyond done_rows_max a minute.
class CallTrail {
 public:
  static constexpr int done_rows_max = 30;

  void record(Turn& turn, const Call& call, About about, const CallAnswer& said);

 private:
  [[nodiscard]] bool is_counted(const Turn& turn, const Call& call, const CallAnswer& said);

  std::unordered_map<store::UserKey, int> done_;  // rows of customers in this minute
  Steady minute_began_{};
};

void record_sightings(Turn& turn, AuditInbox::Taking taking);

/// The process begins, and what it found: rows that were cut off the chain raise an alert.
void record_start(Turn& turn);
/// The alert's kind, and what it says of so many rows (store::AuditChain::missing()).
inline constexpr const char* audit_cut_off = "audit_cut_off";
std::string cut_off_sentence(std::int64_t missing);
void record_stop(Turn& turn);

/// Who is told where the chain ends: the outbox at the start, at the end and once on each of the
/// lot's days; whoever keeps it beside the store also after a minute in which it grew.
class AuditTeller {
 public:
  void tell_now() { is_due_ = true; }
  void look_at_day(const Turn& turn);
  /// At the end of a turn, after the chain was closed.
  void tell(Turn& turn);

 private:
  bool is_due_ = false;
  std::int64_t shown_sequence_ = 0;
  Steady shown_at_{};
};

}  // namespace gatehouse::engine
