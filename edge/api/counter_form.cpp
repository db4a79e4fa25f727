#include "edge/api/counter_form.hpp"

#include "edge/api/which_session.hpp"
#include "edge/store/staff_acts.hpp"

namespace gatehouse::api {

std::optional<StayLength> stay_in(Form& form) {
  constexpr std::size_t characters_max = 20;
  const auto word = form.text("stay", Need::optional, characters_max);
  if (!word) return std::nullopt;
  const auto length = parse_stay_length(*word);
  if (!length) form.wrong("stay", "is to be `utc` or `steady`");
  return length;
}

std::optional<std::string> reason_in(Form& form, Need need) {
  return form.text("reason", need, store::act_reason_characters_max);
}

std::optional<std::string> reference_in(Form& form) {
  return form.text("reference", Need::optional, store::act_reference_characters_max);
}

Response unknown_payment_method() {
  return failure(400, "invalid_payment_method", "Invalid payment method. Use CASH or ONLINE");
}

std::expected<std::string, Response> session_id_in_path(const Call& call) {
  auto id = session_id_of(std::string(call.parameter("id")), Ids::uuid_or_number);
  if (id) return std::move(*id);
  return std::unexpected(failure(404, "not_found", "There is no such session"));
}

}  // namespace gatehouse::api
