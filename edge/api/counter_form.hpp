// Members of a request that several calls of staff have in common (docs/contract/http.md, "Staff").
// Pure; any thread.
#pragma once

#include "edge/api/form.hpp"
#include "edge/api/router.hpp"
#include "edge/domain/billing.hpp"

#include <cstddef>
#include <expected>
#include <optional>
#include <string>

namespace gatehouse::api {

/// `stay`: which of a suspect stay's two lengths is the true one.
std::optional<StayLength> stay_in(Form& form);

/// `reason`, for the record; and a payment's `reference`, as the driver showed it.
std::optional<std::string> reason_in(Form& form, Need need);
std::optional<std::string> reference_in(Form& form);

// Of `CASH` and `ONLINE`, with room for what is neither.
inline constexpr std::size_t payment_word_characters_max = 20;
/// To a `payment_method` that is neither.
Response unknown_payment_method();

/// The session that a path's `{id}` names; or 404.
std::expected<std::string, Response> session_id_in_path(const Call& call);

}  // namespace gatehouse::api
