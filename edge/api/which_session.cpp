#include "edge/api/which_session.hpp"

#include <algorithm>
#include <utility>

namespace gatehouse::api {
namespace {

/// Exactly one of the members that name a session; what else there is of them is a problem.
bool names_one(Form& form, std::span<const std::string_view> members) {
  const auto given =
      std::ranges::count_if(members, [&](std::string_view member) { return form.has(member); });
  if (given == 1) return true;
  std::string list;
  for (const std::string_view member : members)
    list.append(list.empty() ? "" : ", ").append(member);
  form.wrong(members.front(), members.size() == 1
                                  ? "is required"
                                  : "or another: exactly one of " + list + " is required");
  return false;
}

std::optional<engine::WhichSession> by_id(Form& form, std::string_view member, Ids ids) {
  auto id = form.id(member, Need::optional);
  if (!id) return std::nullopt;
  auto session = session_id_of(std::move(*id), ids);
  if (session) return engine::ById{std::move(*session)};
  form.wrong(member, "is no id of a session");
  return std::nullopt;
}

std::optional<engine::WhichSession> by_slot(Form& form, const LotPlan& plan) {
  const auto name = form.id("slot", Need::optional);
  if (!name) return std::nullopt;
  if (const auto slot = plan.find_slot(*name)) return engine::BySlot{*slot};
  form.wrong("slot", "is no slot of this lot");
  return std::nullopt;
}

std::optional<engine::WhichSession> by(Form& form, const LotPlan& plan, std::string_view member,
                                       Ids ids) {
  if (member == "qr_code") {
    auto code = form.text(member, Need::optional, code_characters_max);
    if (!code) return std::nullopt;
    return engine::ByCode{std::move(*code)};
  }
  if (member == "vehicle_number") {
    auto vehicle = form.vehicle(member, Need::optional);
    if (!vehicle) return std::nullopt;
    return engine::ByVehicle{std::move(*vehicle)};
  }
  return member == "slot" ? by_slot(form, plan) : by_id(form, member, ids);
}

}  // namespace

std::optional<std::string> session_id_of(std::string text, Ids ids) {
  constexpr std::size_t number_digits_max = 18;
  constexpr std::size_t uuid_characters = 36;
  text = in_small_letters(text);
  const bool is_number = !text.empty() && text.size() <= number_digits_max &&
                         text.find_first_not_of("0123456789") == std::string::npos;
  const bool is_uuid = text.size() == uuid_characters &&
                       text.find_first_not_of("0123456789abcdef-") == std::string::npos;
  if (!is_uuid && !(is_number && ids == Ids::uuid_or_number)) return std::nullopt;
  return text;
}

std::optional<engine::WhichSession> session_in(Form& form, const LotPlan& plan,
                                               std::span<const std::string_view> members, Ids ids) {
  std::optional<engine::WhichSession> which;
  const bool one = names_one(form, members);
  for (const std::string_view member : members) {
    if (auto found = by(form, plan, member, ids)) which = std::move(found);
  }
  return one ? which : std::nullopt;
}

}  // namespace gatehouse::api
