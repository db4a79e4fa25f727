// Going out: a scan that bills, and money that lets the waiting car go (docs/contract/mqtt.md,
// "Decision", "Later answers"; http.md, "Life cycles and sums"). The engine's thread.
#pragma once

#include "edge/engine/answers.hpp"
#include "edge/engine/bill.hpp"
#include "edge/engine/lanes.hpp"
#include "edge/engine/turn.hpp"

#include <optional>

namespace gatehouse::engine {

/// A scan at a lane that lets out.
void decide_exit(Turn& turn, const Lanes& lanes, store::Session& session, const Asker& asker,
                 std::optional<PaymentMethod> method);

/// The gate at which this session's car waits now, and its scan there: the last scan at that gate
/// is this session's, not too old, and the loop has not been left since.
struct Waiting {
  GateIndex gate{};
  store::Scan scan;
};
std::optional<Waiting> find_waiting(Turn& turn, const Lanes& lanes, const store::Session& session);

/// An order is to be paid at this gate: the call that asked for it is the gate's last scan, unless
/// the car waits there by its own. Once the money is confirmed the gate opens.
void wait_at_gate(Turn& turn, const Lanes& lanes, GateIndex gate, const store::Session& session,
                  const store::Payment& order);

/// Nothing is due any more: the session is closed and its car let out, at `gate` by a scan that is
/// made for it, or where it waits.
void settle_and_let_out(Turn& turn, const Lanes& lanes, store::Session& session, const Bill& bill,
                        std::optional<GateIndex> gate);

}  // namespace gatehouse::engine
