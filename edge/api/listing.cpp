#include "edge/api/listing.hpp"

#include "edge/domain/local_days.hpp"

#include <utility>

namespace gatehouse::api {
namespace {

using std::chrono::days;

constexpr std::size_t instant_characters_max = 40;

struct Bounds {
  Instant begin{};
  Instant end{};  // of a date: where the next one begins
};

std::optional<Bounds> bounds_in(Form& form, std::string_view name, const Today& today) {
  const auto text = form.text(name, Need::optional, instant_characters_max);
  if (!text) return std::nullopt;
  const auto date = *text == "today" ? today.date() : parse_date(*text);
  if (date) return Bounds{day_begins(today.local, *date), day_begins(today.local, *date + days(1))};
  if (const auto instant = parse_rfc3339(*text)) return Bounds{*instant, *instant};
  form.wrong(name, "is to be a date like 2026-11-20, today, or an RFC 3339 time");
  return std::nullopt;
}

}  // namespace

store::Page Paging::rows() const {
  if (is_export) return {.rows = export_rows_max, .skipped = 0};
  return {.rows = page_size, .skipped = std::uint64_t{page - 1} * page_size};
}

Paging paging_in(Form& form, Export may) {
  Paging paging;
  const bool is_page_named = form.has("page") || form.has("page_size");
  paging.page = static_cast<std::uint32_t>(form.number("page", 1, page_max).value_or(1));
  paging.page_size = static_cast<std::uint32_t>(
      form.number("page_size", 1, page_size_max).value_or(page_size_usual));
  if (may == Export::none) return paging;
  const auto format = form.text("format", Need::optional, instant_characters_max);
  if (format && *format != "json" && *format != "csv") form.wrong("format", "is json or csv");
  paging.is_csv = format == "csv";
  paging.is_export = paging.is_csv && !is_page_named;
  return paging;
}

store::Period period_in(Form& form, const PeriodMembers& members, const Today& today) {
  const auto from = bounds_in(form, members.from, today);
  const auto to = bounds_in(form, members.to, today);
  if (!members.day.empty()) {
    if (const auto day = bounds_in(form, members.day, today)) {
      if (day->begin == day->end) form.wrong(members.day, "is to be a date like 2026-11-20");
      if (from || to) form.wrong(members.day, "cannot stand beside other bounds in time");
      return {day->begin, day->end};
    }
  }
  store::Period period;
  if (from) period.from = from->begin;
  if (to) period.until = to->end;
  if (from && to && to->end < from->begin)
    form.wrong(members.to, "lies before " + std::string(members.from));
  return period;
}

std::string zone_in(Form& form, std::string_view name, const LotPlan& plan) {
  auto id = form.id(name, Need::optional);
  if (!id) return {};
  if (!plan.find_zone(*id)) form.wrong(name, "is no zone of this lot");
  return std::move(*id);
}

std::optional<bool> flag_in(Form& form, std::string_view name) {
  return word_in(form, name, [](std::string_view text) -> std::optional<bool> {
    if (text == "true") return true;
    if (text == "false") return false;
    return std::nullopt;
  });
}

std::optional<Response> refuse_long_export(const Paging& paging, std::uint64_t total) {
  if (!paging.is_export || total <= export_rows_max) return std::nullopt;
  return validation_failure(
      {{"format", "is for " + std::to_string(export_rows_max) + " rows at most, and these are " +
                      std::to_string(total) + ": please narrow the list down"}});
}

Response list_response(const Paging& paging, Listed listed) {
  Response response;
  if (paging.is_csv) {
    response.content_type = "text/csv; charset=utf-8";
    response.headers.push_back(
        {"Content-Disposition", "attachment; filename=\"" + std::string(listed.plural) + ".csv\""});
    response.body = csv_text(listed.rows, listed.empty);
    return response;
  }
  listed.more.nested(listed.plural, json_array(listed.rows));
  Fields pagination;
  pagination.number("page", paging.page)
      .number("page_size", paging.page_size)
      .number("total", static_cast<std::int64_t>(listed.total));
  Fields members;
  members
      .text("message", std::to_string(listed.total) + (listed.total == 1 ? " entry" : " entries"))
      .nested("data", listed.more.json())
      .nested("pagination", pagination.json());
  return success_at_top(members);
}

}  // namespace gatehouse::api
