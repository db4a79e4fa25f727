#include "edge/engine/barrier_desk.hpp"

#include "edge/domain/invariant.hpp"
#include "edge/engine/desks.hpp"
#include "edge/engine/passages.hpp"

namespace gatehouse::engine {
namespace {

using store::HandOrder;

HandOrder row_of(BarrierOrderKind kind) {
  switch (kind) {
    case BarrierOrderKind::close:
      return HandOrder::close;
    case BarrierOrderKind::hold:
      return HandOrder::hold;
    case BarrierOrderKind::lock:
      return HandOrder::lock;
    case BarrierOrderKind::release:
      return HandOrder::release;
    case BarrierOrderKind::open:
      break;
  }
  require(false, "what opens a barrier is an opening");
  return HandOrder::release;
}

void tell(Turn& turn, BarrierIndex barrier, BarrierOrderKind kind) {
  turn.effects.orders.push_back(
      {.barrier = barrier, .kind = kind, .opening = {}, .passage = {}, .authorised = turn.now});
}

std::optional<Refusal> refusal_to_move(Turn& turn, const Lanes& lanes, const Actor& actor,
                                       GateIndex gate, const MoveBarrier& asked) {
  const BarrierIndex barrier = turn.premises.gates.lane(gate).barrier.value();
  const auto standing =
      turn.books.barrier_orders.find_standing(turn.premises.gates.barrier(barrier).text());
  if (asked.kind == BarrierOrderKind::open) {
    const bool is_locked = standing && standing->kind == HandOrder::lock;
    const bool is_deaf = lanes.at(gate).barrier().state == BarrierState::unreachable;
    if (is_locked || is_deaf) return Refusal::barrier_fault;
    return std::nullopt;
  }
  // Only opening, and raising anew, leave the arm where the emergency put it.
  if (standing && standing->is_emergency && !asked.is_emergency && !actor.is_admin)
    return Refusal::emergency;
  return std::nullopt;
}

void move(Turn& turn, const Actor& actor, GateIndex gate, const MoveBarrier& asked) {
  const LanePlan& lane = turn.premises.gates.lane(gate);
  if (asked.kind == BarrierOrderKind::open)
    return open_by_hand(turn, gate, store::OpeningCause::staff, actor.user, asked.reason);
  turn.books.barrier_orders.append(turn.transaction,
                                   {.at = turn.now.utc,
                                    .gate = lane.id.text(),
                                    .barrier = turn.premises.gates.barrier(*lane.barrier).text(),
                                    .kind = row_of(asked.kind),
                                    .is_emergency = asked.is_emergency,
                                    .by_user = actor.user,
                                    .reason = asked.reason});
  tell(turn, *lane.barrier, asked.kind);
}

}  // namespace

CallOutcome decide(Turn& turn, Lanes& lanes, const Actor& actor, const MoveBarrier& asked) {
  if (asked.gate) {
    if (!turn.premises.gates.lane(*asked.gate).barrier) return BarrierMoved{};
    if (const auto why = refusal_to_move(turn, lanes, actor, *asked.gate, asked))
      return refused(*why);
    move(turn, actor, *asked.gate, asked);
    return BarrierMoved{};
  }
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    const GateIndex gate{static_cast<std::uint32_t>(i)};
    if (turn.premises.gates.lane(gate).barrier) move(turn, actor, gate, asked);
  }
  return BarrierMoved{};
}

void renew_standing_orders(Turn& turn) {
  for (const LanePlan& lane : turn.premises.gates.lanes()) {
    if (!lane.barrier) continue;
    const auto standing =
        turn.books.barrier_orders.find_standing(turn.premises.gates.barrier(*lane.barrier).text());
    if (!standing) continue;
    tell(turn, *lane.barrier,
         standing->kind == HandOrder::hold ? BarrierOrderKind::hold : BarrierOrderKind::lock);
  }
}

}  // namespace gatehouse::engine
