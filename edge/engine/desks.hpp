// The desks behind staff_desk.hpp: what one kind of call asks for, decided (docs/contract/http.md,
// "Staff"). Each records everything that it answers, or nothing where it refuses. The engine's
// thread.
#pragma once

#include "edge/engine/call.hpp"
#include "edge/engine/lanes.hpp"
#include "edge/engine/turn.hpp"

#include <expected>

namespace gatehouse::engine {

using CallOutcome = std::expected<CallResult, CallRefused>;

CallOutcome refused(Refusal why);

// Shifts.
CallOutcome decide(Turn& turn, Lanes& lanes, const Actor& actor, const OpenShift& asked);
CallOutcome decide(Turn& turn, Lanes& lanes, const Actor& actor, const CloseShift& asked);
CallOutcome decide(Turn& turn, Lanes& lanes, const Actor& actor, const AskShift& asked);

// What is out of the ordinary about a session.
CallOutcome decide(Turn& turn, Lanes& lanes, const Actor& actor, const LostTicket& asked);
CallOutcome decide(Turn& turn, Lanes& lanes, const Actor& actor, const Terminate& asked);
CallOutcome decide(Turn& turn, Lanes& lanes, const Actor& actor, const LetOut& asked);
CallOutcome decide(Turn& turn, Lanes& lanes, const Actor& actor, const CancelBooking& asked);
CallOutcome decide(Turn& turn, Lanes& lanes, const Actor& actor, const BookSlot& asked);

// Barriers by hand.
CallOutcome decide(Turn& turn, Lanes& lanes, const Actor& actor, const MoveBarrier& asked);

// The log of incidents.
CallOutcome decide(Turn& turn, Lanes& lanes, const Actor& actor, const NoteIncident& asked);
CallOutcome decide(Turn& turn, Lanes& lanes, const Actor& actor, const AskIncidents& asked);

}  // namespace gatehouse::engine
