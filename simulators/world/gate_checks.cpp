#include "simulators/world/gate_checks.hpp"

#include "edge/store/alerts.hpp"
#include "edge/store/audit.hpp"
#include "edge/store/payments.hpp"
#include "edge/store/sessions.hpp"
#include "simulators/world/shown.hpp"

#include <cstdint>
#include <set>
#include <string>

namespace gatehouse::world {

void check_audit(const Disk& disk) {
  const auto copy = disk.copy();
  auto database =
      store::Database::open({.path = "lot.db", .vfs = copy->vfs_name(), .exclusive = true});
  const store::AuditReport audit = store::audit(database);
  if (!audit.violations.empty()) throw Violation("audit: " + audit.violations.front());
}

void check_open_sessions(store::Database& database, const LotPlan& plan) {
  std::set<std::size_t> slots;
  std::set<std::string> plates;
  store::Sessions sessions(database, plan);
  for (const store::Session& session : sessions.open()) {
    if (store::holds_slot(session) && !slots.insert(at(*session.slot)).second)
      throw Violation("two open sessions hold one slot");
    if (session.vehicle && !plates.insert(session.vehicle->text()).second)
      throw Violation("two open sessions of one vehicle");
  }
}

void check_no_barrier_alerts(store::Database& database) {
  for (const store::Alert& alert : store::Alerts(database).open()) {
    if (alert.kind == "barrier_fault" || alert.kind == "barrier_unreachable")
      throw Violation("an alert stands although all is well: " + alert.message);
  }
}

void check_cash(store::Database& database, const LotPlan& plan, const Staff& staff) {
  store::Sessions sessions(database, plan);
  store::Payments payments(database);
  for (std::int64_t key = 1; const auto session = sessions.find(store::SessionKey(key)); ++key) {
    Paise cash;
    for (const store::Payment& payment : payments.of_session(session->key)) cash += payment.amount;
    if (!staff.may_have_taken(session->code.text(), cash))
      throw Violation("the books hold cash that is not what a driver handed over");
  }
}

}  // namespace gatehouse::world
