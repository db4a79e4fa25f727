// docs/contract/http.md, "Staff": the drawer of a shift, opened with a float and closed with a
// count.
#include "edge/api/counter_views.hpp"
#include "edge/api/desk.hpp"
#include "edge/api/endpoints.hpp"
#include "edge/api/form.hpp"
#include "edge/api/listing.hpp"
#include "edge/api/paper.hpp"

#include <limits>
#include <string>
#include <utility>

namespace gatehouse::api {
namespace {

/// The only member of a body: an amount.
std::expected<Paise, Response> amount_in(const Call& call, std::string_view member) {
  auto form = Form::of_body(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  const auto amount = form->rupees(member, Need::required);
  if (!amount || !form->is_good()) return std::unexpected(form->refusal());
  return *amount;
}

Parsed parse_open(const Desk& /*desk*/, const Call& call) {
  const auto cash_float = amount_in(call, "float");
  if (!cash_float) return std::unexpected(cash_float.error());
  return engine::OpenShift{*cash_float};
}

Parsed parse_close(const Desk& /*desk*/, const Call& call) {
  const auto counted = amount_in(call, "counted");
  if (!counted) return std::unexpected(counted.error());
  return engine::CloseShift{*counted};
}

Parsed parse_shift(const Desk& /*desk*/, const Call& call) {
  auto form = Form::of_query(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  const auto number = form->number("shift_id", 1, std::numeric_limits<int>::max());
  static_cast<void>(word_in(*form, "format", parse_paper_format));
  if (!form->is_good()) return std::unexpected(form->refusal());
  engine::AskShift asked{.shift = {}, .may_be_anybodys = call.account().role == store::Role::admin};
  if (number) asked.shift = store::ShiftKey(*number);
  return asked;
}

}  // namespace

void add_shift_endpoints(std::vector<Route>& routes, const Desk& desk, const ReadingRoom* room) {
  routes.push_back({Method::post, "/api/staff/shift/open/", Access::staff,
                    asking(desk, parse_open, shift_opened_response)});
  routes.push_back({Method::post, "/api/staff/shift/close/", Access::staff,
                    asking(desk, parse_close, shift_response)});
  Handler shown = asking(desk, parse_shift, shift_response);
  if (room != nullptr) {
    shown = [shown, printed = printing_own_shift(*room)](Call call, Answer answer) {
      const bool is_paper = call.request.query.find("format=") != std::string::npos;
      (is_paper ? printed : shown)(std::move(call), std::move(answer));
    };
  }
  routes.push_back({Method::get, "/api/staff/shift/", Access::staff, std::move(shown)});
}

}  // namespace gatehouse::api
