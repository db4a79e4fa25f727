// What the desks have in common: which session is meant, and what keeps it from being let in or
// out (docs/contract/http.md, "Staff"). The engine's thread.
#pragma once

#include "edge/engine/bill.hpp"
#include "edge/engine/call.hpp"
#include "edge/engine/lanes.hpp"
#include "edge/engine/turn.hpp"

#include <optional>
#include <string>

namespace gatehouse::engine {

/// The one that is meant; nullopt: there is none.
std::optional<store::Session> find(Turn& turn, const WhichSession& which);

/// A lane that staff name must lead there and be of the right direction; one that lets in must be
/// able to open, or nothing is recorded. Who leaves is billed and settled whatever the arm does.
std::optional<Refusal> refusal_of_lane(const Turn& turn, const Lanes& lanes,
                                       std::optional<GateIndex> gate, ZoneIndex zone,
                                       LaneDirection not_of);

/// Why nothing of this session can be billed: it is not inside.
std::optional<Refusal> exit_refusal(const store::Session& session);

/// The length that staff chose for a suspect stay: what it is billed by, and that it was chosen.
struct Choice {
  StayLength length = StayLength::utc;
  std::string reason;
};
/// The bill of a session that is inside; with a choice, by that length where it is suspect. Refuses
/// with the bill where a choice is missing or cannot be made.
std::expected<Bill, CallRefused> bill_by(Turn& turn, const store::Session& session,
                                         const std::optional<Choice>& choice);
/// Writes down that it was made, with both lengths. Before the bill becomes the session's quote.
void record_choice(Turn& turn, const Actor& actor, const store::Session& session,
                   const std::optional<Choice>& choice);

/// Writes down what staff decided about a session.
void record_act(Turn& turn, const Actor& actor, const store::Session& session, store::ActKind kind,
                const std::string& reason, const std::string& detail = {},
                const std::string& reference = {});

std::string slot_name(const Turn& turn, const store::Session& session);
std::string vehicle_name(const store::Session& session);

}  // namespace gatehouse::engine
