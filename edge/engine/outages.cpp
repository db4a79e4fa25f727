#include "edge/engine/outages.hpp"

namespace gatehouse::engine {

void start_outages(Turn& turn) {
  for (const store::Outage& outage : turn.books.outages.standing()) {
    if (const auto slot = turn.premises.plan.find_slot(outage.slot))
      turn.board.plan_outage(*slot, OutageTime{outage.from, outage.to}, turn.now.utc);
  }
}

void end_outages(Turn& turn) {
  for (const SlotIndex slot : turn.board.outages_over(turn.now.utc)) {
    const std::string& id = turn.premises.plan.slot(slot).id.text();
    if (const auto outage = turn.books.outages.find(id))
      turn.books.outages.end(turn.transaction, outage->key, turn.now.utc);
    turn.board.plan_outage(slot, std::nullopt, turn.now.utc);
  }
}

}  // namespace gatehouse::engine
