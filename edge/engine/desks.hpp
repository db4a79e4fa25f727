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

// Signing in and out.
CallOutcome decide(Turn& turn, Lanes& lanes, const Actor& actor, const SignIn& asked);
CallOutcome decide(Turn& turn, Lanes& lanes, const Actor& actor, const Refresh& asked);
CallOutcome decide(Turn& turn, Lanes& lanes, const Actor& actor, const SignOut& asked);
CallOutcome decide(Turn& turn, Lanes& lanes, const Actor& actor, const ChangePassword& asked);

// Accounts, and whose data they are.
CallOutcome decide(Turn& turn, Lanes& lanes, const Actor& actor, const AddAccount& asked);
CallOutcome decide(Turn& turn, Lanes& lanes, const Actor& actor, const EditAccount& asked);
CallOutcome decide(Turn& turn, Lanes& lanes, const Actor& actor, const RemoveAccount& asked);
CallOutcome decide(Turn& turn, Lanes& lanes, const Actor& actor, const Erase& asked);

// A user's own.
CallOutcome decide(Turn& turn, Lanes& lanes, const Actor& actor, const KeepVehicle& asked);
CallOutcome decide(Turn& turn, Lanes& lanes, const Actor& actor, const DropVehicle& asked);
CallOutcome decide(Turn& turn, Lanes& lanes, const Actor& actor, const EditBooking& asked);

// Money and alerts that wait for an administrator.
CallOutcome decide(Turn& turn, Lanes& lanes, const Actor& actor, const MakeRefund& asked);
CallOutcome decide(Turn& turn, Lanes& lanes, const Actor& actor, const ResolveException& asked);
CallOutcome decide(Turn& turn, Lanes& lanes, const Actor& actor, const AcknowledgeAlert& asked);

// The lot itself, as administrators change it.
CallOutcome decide(Turn& turn, Lanes& lanes, const Actor& actor, const AddZone& asked);
CallOutcome decide(Turn& turn, Lanes& lanes, const Actor& actor, const ChangeZone& asked);
CallOutcome decide(Turn& turn, Lanes& lanes, const Actor& actor, const RemoveZone& asked);
CallOutcome decide(Turn& turn, Lanes& lanes, const Actor& actor, const AddSlot& asked);
CallOutcome decide(Turn& turn, Lanes& lanes, const Actor& actor, const ChangeSlot& asked);
CallOutcome decide(Turn& turn, Lanes& lanes, const Actor& actor, const RemoveSlot& asked);
CallOutcome decide(Turn& turn, Lanes& lanes, const Actor& actor, const ChangeSettings& asked);

}  // namespace gatehouse::engine
