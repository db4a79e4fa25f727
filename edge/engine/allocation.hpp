// Which slot is given: the first free one of a zone, in the order of the plan
// (docs/contract/http.md). Free says the board: nobody holds it, its sensor does not say occupied
// and is not silent, it is in service. The engine's thread.
#pragma once

#include "edge/engine/turn.hpp"

#include <optional>
#include <span>

namespace gatehouse::engine {

/// The first free slot of an active zone; nullopt: none.
std::optional<SlotIndex> first_free(const Turn& turn, ZoneIndex zone);

/// As first_free, of the first of these zones that has one.
std::optional<SlotIndex> first_free(const Turn& turn, std::span<const ZoneIndex> zones);

/// Whether the sensor lets a car in: a slot that it calls occupied or that it is silent about is
/// given to nobody.
bool may_be_entered(const Turn& turn, SlotIndex slot);

/// The session holds this slot from now on, and no other.
void hold(Turn& turn, store::Session& session, SlotIndex slot);
/// The session holds none any more.
void give_back(Turn& turn, store::Session& session);
/// The board learns what the session's state says of its slot.
void show_claim(Turn& turn, const store::Session& session);

}  // namespace gatehouse::engine
