// What the engine tells the audit's chain: calls and how they ended, what the API saw, and the life
// of the process; and the outbox of where the chain ends, so that the cloud can prove it was not
// cut.
//
// All of it in the transaction of what it tells of. Never a secret: no ticket's code, no password,
// no body. The engine's thread.
#pragma once

#include "edge/engine/audit_inbox.hpp"
#include "edge/engine/call.hpp"
#include "edge/engine/turn.hpp"

#include <cstdint>

namespace gatehouse::engine {

/// A call that was decided. One that only asks is not told of; and refusals of who has no account
/// are counted with the inbox's, as anybody can bring any number of them.
void record_call(Turn& turn, const Call& call, const CallAnswer& said);

void record_sightings(Turn& turn, AuditInbox::Taking taking);

/// The process begins, and what it found: rows that were cut off the chain raise an alert.
void record_start(Turn& turn);
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
