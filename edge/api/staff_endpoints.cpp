// docs/contract/http.md, "Staff": entry, bill and exit at the counter.
#include "edge/api/desk.hpp"
#include "edge/api/endpoints.hpp"
#include "edge/api/form.hpp"
#include "edge/api/gate_views.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace gatehouse::api {
namespace {

// A code is never longer than the contract's 100 characters; other programs' codes are refused as
// unknown, not as wrong.
constexpr std::size_t code_characters_max = 100;

/// A UUID, or the short number that staff may use; nullopt: neither.
std::optional<std::string> session_id_of(std::string text) {
  constexpr std::size_t number_digits_max = 18;
  constexpr std::size_t uuid_characters = 36;
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  const bool is_number =
      text.size() <= number_digits_max && text.find_first_not_of("0123456789") == std::string::npos;
  const bool is_uuid = text.size() == uuid_characters &&
                       text.find_first_not_of("0123456789abcdef-") == std::string::npos;
  if (!is_number && !is_uuid) return std::nullopt;
  return text;
}

/// Exactly one of the members that name a session; what else there is of them is a problem.
bool names_one(Form& form, std::span<const std::string_view> members) {
  const auto given =
      std::ranges::count_if(members, [&](std::string_view member) { return form.has(member); });
  if (given == 1) return true;
  std::string list;
  for (const std::string_view member : members)
    list.append(list.empty() ? "" : ", ").append(member);
  form.wrong(members.front(), "or another: exactly one of " + list + " is required");
  return false;
}

std::optional<engine::WhichSession> session_in(Form& form, const LotPlan& plan,
                                               std::span<const std::string_view> members) {
  std::optional<engine::WhichSession> which;
  const auto is_asked = [&](std::string_view member) {
    return std::ranges::find(members, member) != members.end();
  };
  const bool one = names_one(form, members);
  if (auto code = form.text("qr_code", Need::optional, code_characters_max))
    which = engine::ByCode{std::move(*code)};
  if (auto id = form.id("session_id", Need::optional)) {
    if (auto session = session_id_of(std::move(*id))) {
      which = engine::ById{std::move(*session)};
    } else {
      form.wrong("session_id", "is no id of a session");
    }
  }
  if (is_asked("vehicle_number")) {
    if (auto vehicle = form.vehicle("vehicle_number", Need::optional))
      which = engine::ByVehicle{std::move(*vehicle)};
  }
  if (is_asked("slot")) {
    if (const auto name = form.id("slot", Need::optional)) {
      const auto slot = plan.find_slot(*name);
      if (slot) which = engine::BySlot{*slot};
      if (!slot) form.wrong("slot", "is no slot of this lot");
    }
  }
  return one ? which : std::nullopt;
}

Parsed parse_entry(const Desk& desk, const Call& call) {
  auto form = Form::of_body(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  auto code = form->text("qr_code", Need::required, code_characters_max);
  auto vehicle = form->vehicle("vehicle_number", Need::optional);
  const auto gate = form->gate("gate", desk.gates);
  if (!code || !form->is_good()) return std::unexpected(form->refusal());
  return engine::Enter{.ticket = {std::move(*code)}, .vehicle = std::move(vehicle), .gate = gate};
}

Parsed parse_bill(const Desk& desk, const Call& call) {
  constexpr std::array<std::string_view, 4> members = {"qr_code", "session_id", "vehicle_number",
                                                       "slot"};
  auto form = Form::of_query(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  auto which = session_in(*form, desk.plan, members);
  if (!which || !form->is_good()) return std::unexpected(form->refusal());
  return engine::AskBill{std::move(*which)};
}

Parsed parse_exit(const Desk& desk, const Call& call) {
  constexpr std::array<std::string_view, 2> members = {"qr_code", "session_id"};
  auto form = Form::of_body(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  auto which = session_in(*form, desk.plan, members);
  const auto method_word = form->text("payment_method", Need::required, 20);
  const auto amount = form->rupees("amount");
  const auto tendered = form->rupees("tendered");
  const auto gate = form->gate("gate", desk.gates);
  const auto method = method_word ? parse_payment_method(*method_word) : std::nullopt;
  if (tendered && method == PaymentMethod::online) form->wrong("tendered", "is for CASH only");
  if (!which || !form->is_good()) return std::unexpected(form->refusal());
  if (!method) {
    return std::unexpected(
        failure(400, "invalid_payment_method", "Invalid payment method. Use CASH or ONLINE"));
  }
  return engine::Leave{.which = std::move(*which),
                       .method = *method,
                       .amount = amount,
                       .tendered = tendered,
                       .gate = gate};
}

}  // namespace

void add_staff_endpoints(std::vector<Route>& routes, const Desk& desk) {
  routes.push_back({Method::post, "/api/staff/entry/", Access::staff,
                    asking(desk, parse_entry, entry_response)});
  routes.push_back(
      {Method::get, "/api/staff/bill/", Access::staff, asking(desk, parse_bill, bill_response)});
  routes.push_back(
      {Method::post, "/api/staff/exit/", Access::staff, asking(desk, parse_exit, exit_response)});
}

}  // namespace gatehouse::api
