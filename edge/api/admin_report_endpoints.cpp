// docs/contract/http.md, "Admin": the dashboard and the revenue report.
#include "edge/api/endpoints.hpp"
#include "edge/api/report_views.hpp"

#include <utility>

namespace gatehouse::api {
namespace {

using std::chrono::days;

constexpr days usual_length{30};
// A year and the days before it that growth is compared with: half a second on a busy lot.
constexpr days length_max{400};
constexpr std::size_t word_characters_max = 20;

/// From `from` to `to`; where one is not said, the usual number of days up to today.
store::Span span_of(const store::Period& period, const Today& today) {
  const Instant tomorrow = day_begins(today.local, today.date() + days(1));
  const Instant until = period.until.value_or(tomorrow);
  if (period.from) return {*period.from, std::max(until, *period.from)};
  const auto last = today.local(until - std::chrono::milliseconds(1)).date;
  return {day_begins(today.local, last - usual_length + days(1)), until};
}

Asked ask_dashboard(const ReadingRoom& room, const Call& call) {
  auto form = Form::of_query(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  if (!form->is_good()) return std::unexpected(form->refusal());
  return [&room](store::Reader& reader) { return dashboard_response(room, reader); };
}

Asked ask_revenue(const ReadingRoom& room, const Call& call) {
  auto form = Form::of_query(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  const Today today = room.today();
  const store::Period period = period_in(*form, {"date", "from", "to"}, today);
  RevenueAsked asked;
  asked.step = word_in(*form, "group", parse_step).value_or(Step::day);
  const auto format = form->text("format", Need::optional, word_characters_max);
  if (format && *format != "json" && *format != "csv") form->wrong("format", "is json or csv");
  asked.is_csv = format == "csv";
  asked.span = span_of(period, today);
  if (asked.span.until - asked.span.from > length_max)
    form->wrong("from", "lies more than 400 days before the end");
  if (!form->is_good()) return std::unexpected(form->refusal());
  return [&room, asked](store::Reader& reader) { return revenue_response(room, reader, asked); };
}

}  // namespace

void add_admin_report_endpoints(std::vector<Route>& routes, const ReadingRoom& room) {
  routes.push_back(
      {Method::get, "/api/admin/dashboard/", Access::admin, reading(room, ask_dashboard)});
  routes.push_back(
      {Method::get, "/api/admin/revenue-report/", Access::admin, reading(room, ask_revenue)});
}

}  // namespace gatehouse::api
