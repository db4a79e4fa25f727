// Everything behind the endpoints that only read, in one place: what the ReadingRoom refers to.
// Throws StoreError when it is made.
#pragma once

#include "edge/api/reading.hpp"
#include "edge/api/reading_parts.hpp"

namespace gatehouse::api {

struct ReadingSide {
  ReadingSide(const ReadingParts& parts, AccountSource& accounts, const engine::LotView& view,
              const HealthSource& health, const engine::Clock& clock, Pending& pending)
      : readers(parts.store_path, parts.premises.plan),
        gates(parts.premises.gates.lanes().size()),
        room{readers, pending,        accounts, view,        parts.premises, clock,
             gates,   parts.pictures, health,   parts.about, parts.rules} {}
  ReadingSide(const ReadingSide&) = delete;
  ReadingSide& operator=(const ReadingSide&) = delete;

  Readers readers;
  GatesNow gates;
  ReadingRoom room;
};

}  // namespace gatehouse::api
