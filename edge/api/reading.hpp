// What the endpoints that only read stand on, and the shape they have: parse and check → read on a
// worker → answer.
//
//   routes.push_back({Method::get, "/api/admin/scans/", Access::admin,
//                     reading(room, [](const ReadingRoom& room, const Call& call) -> Asked { …
//                     })});
//
// parse runs on the server's thread and gives the question or a finished refusal; the question is
// asked on a worker, of one moment of the store, and never makes the engine wait. Too many
// questions: 503 `busy`. Any thread.
#pragma once

#include "edge/api/account_source.hpp"
#include "edge/api/gates_now.hpp"
#include "edge/api/health.hpp"
#include "edge/api/listing.hpp"
#include "edge/api/lot_rules.hpp"
#include "edge/api/pending.hpp"
#include "edge/api/readers.hpp"
#include "edge/api/reading_parts.hpp"
#include "edge/api/router.hpp"
#include "edge/api/session_views.hpp"
#include "edge/engine/lot_view.hpp"
#include "edge/engine/ports.hpp"
#include "edge/engine/premises.hpp"

#include <expected>
#include <functional>

namespace gatehouse::api {

/// Everything referred to outlives the router.
struct ReadingRoom {
  Readers& readers;
  Pending& pending;
  AccountSource& accounts;
  const engine::LotView& view;
  const engine::Premises& premises;
  const engine::Clock& clock;
  const GatesNow& gates;
  const TicketPictures& pictures;
  const HealthSource& health;
  LotAbout about;
  const LotRules* rules = nullptr;  // null: nobody can look at the settings

  [[nodiscard]] Today today() const { return {premises.local, clock.now().utc}; }
};

using Question = std::function<Response(store::Reader&)>;
using Asked = std::expected<Question, Response>;

/// A page of sessions, or all of them as a file.
Response sessions_response(const ReadingRoom& room, store::Reader& reader, const Paging& paging,
                           const store::SessionFilter& filter, Viewer viewer);

Handler reading(const ReadingRoom& room,
                std::function<Asked(const ReadingRoom&, const Call&)> parse);

}  // namespace gatehouse::api
