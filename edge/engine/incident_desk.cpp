#include "edge/domain/invariant.hpp"
#include "edge/engine/desk_rules.hpp"
#include "edge/engine/desks.hpp"

#include <utility>

namespace gatehouse::engine {

CallOutcome decide(Turn& turn, Lanes& /*lanes*/, const Actor& actor, const NoteIncident& asked) {
  store::Incident incident{.id = turn.tickets.make_id(),
                           .at = turn.now.utc,
                           .user = actor.user,
                           .username = {},
                           .kind = asked.kind,
                           .description = asked.description,
                           .gate = asked.gate,
                           .slot = asked.slot,
                           .session = {},
                           .session_id = {},
                           .vehicle = asked.vehicle};
  if (asked.session) {
    const auto session = find(turn, *asked.session);
    if (!session) return refused(Refusal::invalid_qr);
    incident.session = session->key;
    if (!incident.vehicle) incident.vehicle = session->vehicle;
  }
  auto noted = turn.books.incidents.find(turn.books.incidents.append(turn.transaction, incident));
  require(noted.has_value(), "an incident that was written is there");
  return IncidentNoted{std::move(*noted)};
}

CallOutcome decide(Turn& turn, Lanes& /*lanes*/, const Actor& /*actor*/,
                   const AskIncidents& asked) {
  const std::int64_t skipped = (std::int64_t{asked.page} - 1) * asked.page_size;
  return IncidentsShown{turn.books.incidents.page(asked.page_size, skipped), asked.page,
                        asked.page_size, turn.books.incidents.count()};
}

}  // namespace gatehouse::engine
