#include "simulators/world/gate_checks.hpp"

#include "edge/store/alerts.hpp"
#include "edge/store/audit.hpp"
#include "edge/store/audit_proof.hpp"
#include "edge/store/audit_rows.hpp"
#include "simulators/world/shown.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace gatehouse::world {

void check_audit(const Disk& disk) {
  const auto copy = disk.copy();
  auto database =
      store::Database::open({.path = "lot.db", .vfs = copy->vfs_name(), .exclusive = true});
  const store::AuditReport audit = store::audit(database);
  if (!audit.violations.empty()) throw Violation("audit: " + audit.violations.front());
  // The world's gateway has no key of its own: the chain begins with its first process.
  if (!store::AuditRows(database).page({}, {.rows = 1, .skipped = 0}).rows.empty()) {
    const auto chain = store::prove_audit_chain(database, {}, {});
    if (!chain.violations.empty()) throw Violation("audit chain: " + chain.violations.front());
  }
}

void check_open_sessions(Books& books) {
  std::set<std::size_t> slots;
  std::set<std::string> plates;
  for (const store::Session& session : books.sessions().open()) {
    if (store::holds_slot(session) && !slots.insert(at(*session.slot)).second)
      throw Violation("two open sessions hold one slot");
    if (session.vehicle && !plates.insert(session.vehicle->text()).second)
      throw Violation("two open sessions of one vehicle");
  }
}

void check_left(const Car& car, bool leaves_by_itself) {
  if (car.where != Car::Where::away && car.where != Car::Where::gone)
    throw Violation("car " + car.plate.text() + " never gets out");
  if (leaves_by_itself && car.lost_its_way)
    throw Violation("car " + car.plate.text() + " needed help to get out");
}

void check_claims(Books& books, const engine::OccupancyBoard& board, const LotPlan& plan) {
  std::vector<Claim> claims(plan.slots().size(), Claim::none);
  for (const store::SlotClaim& each : books.sessions().claims()) claims[at(each.slot)] = each.claim;
  for (std::uint32_t i = 0; i < claims.size(); ++i) {
    if (board.claim(SlotIndex(i)) != claims[i])
      throw Violation("the lot is shown as it would not be after a restart");
  }
}

std::optional<std::string> find_barrier_alert(store::Database& database) {
  for (const store::Alert& alert : store::Alerts(database).open())
    if (alert.kind == "barrier_fault" || alert.kind == "barrier_unreachable") return alert.message;
  return std::nullopt;
}

void check_no_barrier_alerts(store::Database& database) {
  if (const auto alert = find_barrier_alert(database))
    throw Violation("an alert stands although all is well: " + *alert);
}

void check_cash(Books& books, const Staff& staff) {
  for (std::int64_t key = 1; const auto session = books.sessions().find(store::SessionKey(key));
       ++key) {
    Paise cash;
    for (const store::Payment& payment : books.payments().of_session(session->key))
      cash += payment.amount;
    if (!staff.may_have_taken(session->code.text(), cash))
      throw Violation("the books hold cash that is not what a driver handed over");
  }
}

}  // namespace gatehouse::world
