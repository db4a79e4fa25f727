// Which session a request means: by the code of its ticket, its id, a vehicle's number or a slot.
//
//   constexpr std::array<std::string_view, 2> members = {"qr_code", "session_id"};
//   auto which = session_in(form, desk.plan, members);
//   if (!which || !form.is_good()) return std::unexpected(form.refusal());
//
// Pure; any thread.
#pragma once

#include "edge/api/form.hpp"
#include "edge/domain/plan.hpp"
#include "edge/engine/which_session.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace gatehouse::api {

// A code is never longer than the contract's 100 characters; other programs' codes are refused as
// unknown, not as wrong.
inline constexpr std::size_t code_characters_max = 100;

/// Whether the short number that staff use is an id too: nobody else is to guess it.
enum class Ids : std::uint8_t { uuid_only, uuid_or_number };

/// A UUID in small letters, or the short number; nullopt: neither.
std::optional<std::string> session_id_of(std::string text, Ids ids);

/// Exactly one of `members`, which are some of qr_code, session_id, booking_id, vehicle_number and
/// slot; nullopt: what the form calls wrong.
std::optional<engine::WhichSession> session_in(Form& form, const LotPlan& plan,
                                               std::span<const std::string_view> members,
                                               Ids ids = Ids::uuid_or_number);

}  // namespace gatehouse::api
