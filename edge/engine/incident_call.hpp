// The log of incidents, as staff write and read it (docs/contract/http.md, "Staff"). Values.
#pragma once

#include "edge/engine/which_session.hpp"
#include "edge/store/incidents.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::engine {

/// POST `/api/staff/incidents/`
struct NoteIncident {
  store::IncidentKind kind = store::IncidentKind::other;
  std::string description;
  std::string gate;  // "": at none
  std::string slot;  // "": in none
  std::optional<ById> session;
  std::optional<VehicleNumber> vehicle;
};
/// GET: a page of it, the newest first.
struct AskIncidents {
  int page = 1;
  int page_size = 20;
};

struct IncidentNoted {
  store::Incident incident;
};
struct IncidentsShown {
  std::vector<store::Incident> incidents;
  int page = 1;
  int page_size = 20;
  std::int64_t total = 0;
};

}  // namespace gatehouse::engine
