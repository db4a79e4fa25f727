// What the books of the simulated lot must say, whatever happened. Each throws Violation.
#pragma once

#include "edge/domain/plan.hpp"
#include "edge/engine/occupancy_board.hpp"
#include "edge/store/database.hpp"
#include "simulators/world/disk.hpp"
#include "simulators/world/gate_books.hpp"
#include "simulators/world/gate_staff.hpp"

#include <optional>
#include <string>

namespace gatehouse::world {

/// The audit finds nothing on a copy of the disk.
void check_audit(const Disk& disk);
/// One open session for a slot, one for a vehicle.
void check_open_sessions(Books& books);
/// Nobody is locked in, and who needs nobody's help has had none.
void check_left(const Car& car, bool leaves_by_itself);
/// What the process believes of bays is what a new one would read.
void check_claims(Books& books, const engine::OccupancyBoard& board, const LotPlan& plan);
/// What staff are told of a barrier that does not work.
std::optional<std::string> find_barrier_alert(store::Database& database);
/// Nothing is said of barriers that stand well.
void check_no_barrier_alerts(store::Database& database);
/// The cash in the books is what drivers handed over, once.
void check_cash(Books& books, const Staff& staff);

}  // namespace gatehouse::world
