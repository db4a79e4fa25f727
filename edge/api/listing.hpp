// What lists have in common (docs/contract/http.md, "Lists"): pages, exports, and filters by date
// and by word. All that is wrong with a query is told at once, by the Form it is asked through.
//
//   auto form = Form::of_query(call.request);
//   const Paging paging = paging_in(*form, Export::csv);
//   filter.created = period_in(*form, {"date", "from", "to"}, days);
//   filter.state = word_in(*form, "status", parse_session_state);
//   if (!form->is_good()) return std::unexpected(form->refusal());
//
// Pure; any thread.
#pragma once

#include "edge/api/fields.hpp"
#include "edge/api/form.hpp"
#include "edge/domain/billing.hpp"
#include "edge/domain/plan.hpp"
#include "edge/store/lists.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::api {

inline constexpr std::uint32_t page_size_usual = 20;
inline constexpr std::uint32_t page_size_max = 200;
inline constexpr int page_max = 1'000'000;
// What one export holds: about 20 MB of text. Longer times are exported in parts.
inline constexpr std::uint32_t export_rows_max = 50'000;

enum class Export : std::uint8_t { none, csv };

struct Paging {
  std::uint32_t page = 1;
  std::uint32_t page_size = page_size_usual;
  bool is_export = false;  // `format=csv` without a page: everything
  bool is_csv = false;
  [[nodiscard]] store::Page rows() const;
};

/// `page`, `page_size`, and `format` where a list can be exported.
Paging paging_in(Form& form, Export may);

/// Now, where the lot is.
struct Today {
  const LocalTime& local;
  Instant now;
  [[nodiscard]] std::chrono::sys_days date() const { return local(now).date; }
};

/// The members that bound a list in time. `day`: one day; empty: there is no such member.
struct PeriodMembers {
  std::string_view day;
  std::string_view from;
  std::string_view to;
};
/// Each is `today`, a date of the lot or an instant; a date as `to` is its whole day.
store::Period period_in(Form& form, const PeriodMembers& members, const Today& today);

/// The id of a zone of the lot; empty: not asked for.
std::string zone_in(Form& form, std::string_view name, const LotPlan& plan);

/// A word that `parse` understands.
template <class Parse>
auto word_in(Form& form, std::string_view name, Parse&& parse) -> decltype(parse(name)) {
  constexpr std::size_t word_characters_max = 40;
  const auto text = form.text(name, Need::optional, word_characters_max);
  if (!text) return std::nullopt;
  auto word = parse(std::string_view(*text));
  if (!word) form.wrong(name, "is none of the words that are possible here");
  return word;
}
/// `true` or `false`.
std::optional<bool> flag_in(Form& form, std::string_view name);

/// The rows of a list under `plural`, with `more` members beside them in `data`; as a CSV file
/// where that was asked for, whose header is that of `empty` when there are no rows.
struct Listed {
  std::string_view plural;
  std::vector<Fields> rows;
  std::uint64_t total = 0;
  Fields more;
  Fields empty;
};
Response list_response(const Paging& paging, Listed listed);
/// The refusal of an export that would be too long; nullopt: it is not.
std::optional<Response> refuse_long_export(const Paging& paging, std::uint64_t total);

}  // namespace gatehouse::api
