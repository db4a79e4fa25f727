// What the books of the simulated lot must say, whatever happened. Each throws Violation.
#pragma once

#include "edge/domain/plan.hpp"
#include "edge/store/database.hpp"
#include "simulators/world/disk.hpp"
#include "simulators/world/gate_staff.hpp"

namespace gatehouse::world {

/// The audit finds nothing on a copy of the disk.
void check_audit(const Disk& disk);
/// One open session for a slot, one for a vehicle.
void check_open_sessions(store::Database& database, const LotPlan& plan);
/// Nothing is said of barriers that stand well.
void check_no_barrier_alerts(store::Database& database);
/// The cash in the books is what drivers handed over, once.
void check_cash(store::Database& database, const LotPlan& plan, const Staff& staff);

}  // namespace gatehouse::world
