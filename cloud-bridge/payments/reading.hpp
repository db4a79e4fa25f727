// What the readers of both providers' answers have in common: strict on ids, amounts and
// currencies, lenient on everything else. Pure; any thread.
#pragma once

#include "cloud-bridge/payments/http.hpp"
#include "cloud-bridge/payments/json.hpp"
#include "edge/domain/money.hpp"
#include "edge/domain/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::payments {

/// An id that may stand in a path: 1–64 characters of [A-Za-z0-9_-].
bool is_plain_id(std::string_view text);
/// The text of a member, "" where there is none.
std::string text_of(const Json& json, std::string_view name);
/// The id of a member that may stand in a path, "" where there is none.
std::string id_of(const Json& json, std::string_view name);
/// A whole, not negative number of paise.
std::optional<Paise> paise_of(const Json& json, std::string_view name);
/// The same, 0 where there is none: what is no amount to be relied on.
Paise paise_or_nothing(const Json& json, std::string_view name);
/// Unix seconds, or milliseconds; nullopt where there are none, or not of this age.
std::optional<Instant> seconds_of(const Json& json, std::string_view name);
std::optional<Instant> milliseconds_of(const Json& json, std::string_view name);
std::int64_t to_unix_seconds(Instant instant);
/// In small letters; for words such as `UPI`.
std::string small_letters(std::string text);

}  // namespace gatehouse::payments
