// Letting a car through a gate: authorisations, the openings of barriers made for them, and what
// the barriers tell of them (docs/contract/modbus.md, "What the gateway does").
//
// An opening is recorded in the commit that authorises it and ordered after it; it is never ordered
// again by itself. What was lost comes back by another scan on the same authorisation. The engine's
// thread.
#pragma once

#include "edge/engine/lanes.hpp"
#include "edge/engine/turn.hpp"

#include <optional>

namespace gatehouse::engine {

/// On whose behalf a barrier opens.
struct OpeningFor {
  GateIndex gate{};
  store::Passage direction = store::Passage::entry;
  std::optional<store::ScanKey> scan;
  store::OpeningCause cause = store::OpeningCause::scan;
  std::optional<store::UserKey> by_user = {};
};

/// Authorises a passage and orders the opening. Where the lane cannot open now only the
/// authorisation is recorded: a later scan opens on it. A lane without a barrier is passed at once.
void let_through(Turn& turn, const Lanes& lanes, store::Session& session, const OpeningFor& what);

/// An authorisation at this gate whose passage was not confirmed and that may open once more now.
std::optional<store::Authorisation> find_repeatable(Turn& turn, const store::Session& session,
                                                    const OpeningFor& what);
/// One more opening on it.
void open_again(Turn& turn, const Lanes& lanes, const store::Session& session,
                store::Authorisation authorisation, const OpeningFor& what);

/// By hand: no session is touched. Without effect at a lane that has no barrier.
void open_by_hand(Turn& turn, GateIndex gate, store::OpeningCause cause, store::UserKey user,
                  const std::string& reason);

/// What the barriers tell.
void report(Turn& turn, Lanes& lanes, const BarrierReported& reported);
void report(Turn& turn, Lanes& lanes, const OpeningReported& reported);
void report(Turn& turn, Lanes& lanes, const IntrusionReported& reported);

/// At the start: what was ordered by an earlier process is never carried out by this one. Its scan
/// is told to come again.
void give_up_earlier_orders(Turn& turn);

/// Nothing opens on it any more.
void close_authorisation(Turn& turn, const store::Session& session, store::Passage direction);

/// Passages that nobody was seen to make, after the time to try again: of an entry a person is
/// told.
void find_unconfirmed(Turn& turn);

}  // namespace gatehouse::engine
