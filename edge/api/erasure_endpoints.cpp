// docs/contract/http.md, "Admin": a person's data is erased on request; the money rows stay.
#include "edge/api/account_views.hpp"
#include "edge/api/desk.hpp"
#include "edge/api/endpoints.hpp"
#include "edge/api/listing.hpp"
#include "edge/api/reading.hpp"
#include "edge/api/which_session.hpp"

#include <limits>
#include <utility>

namespace gatehouse::api {
namespace {

using Whose = decltype(engine::Erase::whose);

/// Exactly one of the three; nullopt: what the form calls wrong.
std::optional<Whose> whose_in(Form& form) {
  std::optional<Whose> whose;
  const auto user = form.number("user_id", 1, std::numeric_limits<int>::max());
  auto vehicle = form.vehicle("vehicle_number", Need::optional);
  auto id = form.id("session_id", Need::optional);
  auto session = id ? session_id_of(std::move(*id), Ids::uuid_or_number) : std::nullopt;
  if (id && !session) form.wrong("session_id", "is no id of a session");
  const int named =
      int{form.has("user_id")} + int{form.has("vehicle_number")} + int{form.has("session_id")};
  if (named != 1) form.wrong("user_id", "or vehicle_number or session_id is required, one of them");
  if (user) whose = store::UserKey{*user};
  if (vehicle) whose = std::move(*vehicle);
  if (session) whose = engine::ById{std::move(*session)};
  return whose;
}

Parsed parse_erasure(const Desk& /*desk*/, const Call& call) {
  auto form = Form::of_body(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  auto whose = whose_in(*form);
  auto reason = form->text("reason", Need::required, store::erasure_reason_characters_max);
  if (!whose || !reason || !form->is_good()) return std::unexpected(form->refusal());
  return engine::Erase{std::move(*whose), std::move(*reason)};
}

Asked ask_erasures(const ReadingRoom& /*room*/, const Call& call) {
  auto form = Form::of_query(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  const Paging paging = paging_in(*form, Export::csv);
  if (!form->is_good()) return std::unexpected(form->refusal());
  return [paging](store::Reader& reader) {
    const auto total = static_cast<std::uint64_t>(reader.erasures.count());
    if (auto refusal = refuse_long_export(paging, total)) return std::move(*refusal);
    Listed listed{.plural = "erasures", .total = total};
    const store::Page page = paging.rows();
    for (const store::Erasure& erasure :
         reader.erasures.page(static_cast<int>(page.rows), static_cast<std::int64_t>(page.skipped)))
      listed.rows.push_back(erasure_fields(erasure));
    listed.empty = erasure_fields({});
    return list_response(paging, std::move(listed));
  };
}

}  // namespace

void add_erasure_endpoints(std::vector<Route>& routes, const Desk& desk) {
  routes.push_back({Method::post, "/api/admin/erasures/", Access::admin,
                    asking(desk, parse_erasure, erased_response)});
}

void add_erasure_list_endpoint(std::vector<Route>& routes, const ReadingRoom& room) {
  routes.push_back(
      {Method::get, "/api/admin/erasures/", Access::admin, reading(room, ask_erasures)});
}

}  // namespace gatehouse::api
