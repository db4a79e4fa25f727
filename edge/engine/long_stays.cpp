#include "edge/engine/long_stays.hpp"

#include "edge/engine/announce.hpp"

#include <fmt/format.h>

namespace gatehouse::engine {
namespace {

// The next look finds the others: a lot that was off for a week must not stand still over it.
constexpr int stays_at_once = 100;

/// Where its car is to be looked for.
std::string place_of(const LotPlan& plan, const store::Session& session) {
  return session.slot ? plan.slot(*session.slot).id.text() : plan.zone(session.zone).id.text();
}

}  // namespace

void look_for_long_stays(Turn& turn) {
  const BillingRules& rules = turn.premises.billing;
  // Hours of a stay, which a demo lot counts faster.
  const auto length = std::chrono::minutes(rules.long_stay).count() * rules.minute;
  for (const store::Session& session :
       turn.books.sessions.inside_since(turn.now.utc - length, long_stay_alert, stays_at_once)) {
    raise(turn, {long_stay_alert, session.id, store::Severity::warning,
                 fmt::format("A vehicle has stood in {} for more than {} hours",
                             place_of(turn.premises.plan, session), rules.long_stay.count())});
  }
}

}  // namespace gatehouse::engine
