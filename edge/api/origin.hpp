// Where a call comes from, as the audit's chain tells it, and what an Idempotency-Key makes of it
// (docs/contract/http.md). Pure; any thread.
#pragma once

#include "edge/api/message.hpp"
#include "edge/api/router.hpp"
#include "edge/engine/audit_inbox.hpp"
#include "edge/engine/origin.hpp"

#include <expected>
#include <optional>
#include <string>

namespace gatehouse::api {

/// The scope, the key and what tells another request, without a way to render; nullopt: it names no
/// key, or is of a kind for which there is none. The error is a finished refusal.
std::expected<std::optional<engine::OnlyOnce>, Response> only_once(const Call& call);

/// Of a call that may change something; without an action of one that only reads.
engine::Origin origin_of(const Call& call);
engine::Sighting sighting_of(const Call& call, std::string outcome, std::string detail);

engine::Rendered rendered(Response response);
Response response_of(const engine::Rendered& answer);

}  // namespace gatehouse::api
