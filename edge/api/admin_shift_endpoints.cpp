// docs/contract/http.md, "Admin": shifts, and the Z report of each, as data and on paper.
#include "edge/api/counter_views.hpp"
#include "edge/api/endpoints.hpp"
#include "edge/api/listing.hpp"
#include "edge/api/reading.hpp"
#include "edge/api/shift_views.hpp"
#include "edge/engine/shift_report.hpp"

#include <limits>
#include <string>
#include <utility>

namespace gatehouse::api {
namespace {

constexpr std::size_t username_characters_max = 100;

engine::ShiftShown look_at_shift(store::Reader& reader, const store::Shift& shift, Instant now) {
  return engine::report_of({reader.shifts, reader.ledger, reader.accounts}, shift, now);
}

Response no_shift() { return failure(404, "no_shift", "There is no such shift open"); }

Asked ask_shifts(const ReadingRoom& room, const Call& call) {
  auto form = Form::of_query(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  const Paging paging = paging_in(*form, Export::csv);
  store::ShiftFilter filter;
  filter.opened = period_in(*form, {"date", "from", "to"}, room.today());
  filter.open = flag_in(*form, "open");
  if (const auto username = form->text("user", Need::optional, username_characters_max)) {
    const auto user = room.accounts.find(*username);
    if (user) filter.user = user->key;
    if (!user) form->wrong("user", "is the name of no account");
  }
  if (!form->is_good()) return std::unexpected(form->refusal());
  return [&room, paging, filter](store::Reader& reader) {
    const auto found = reader.lists.shifts(filter, paging.rows());
    if (auto refusal = refuse_long_export(paging, found.total)) return std::move(*refusal);
    const Instant now = room.clock.now().utc;
    Listed listed{.plural = "shifts", .total = found.total};
    for (const store::ShiftKey key : found.keys) {
      if (const auto shift = reader.shifts.find(key))
        listed.rows.push_back(shift_fields(look_at_shift(reader, *shift, now)));
    }
    listed.empty = shift_fields({});
    return list_response(paging, std::move(listed));
  };
}

/// The number of a shift in a path; nullopt: it is none.
std::optional<store::ShiftKey> shift_in_path(const Call& call) {
  constexpr std::size_t digits_max = 9;
  const std::string_view text = call.parameter("id");
  if (text.empty() || text.size() > digits_max ||
      text.find_first_not_of("0123456789") != std::string_view::npos)
    return std::nullopt;
  return store::ShiftKey(std::stoll(std::string(text)));
}

Response show(const ReadingRoom& room, store::Reader& reader, const store::Shift& shift,
              PaperFormat format) {
  const Instant now = room.clock.now().utc;
  engine::ShiftShown shown = look_at_shift(reader, shift, now);
  if (format == PaperFormat::json) return shift_response(std::move(shown));
  return paper_response(shift_paper(shown, room.premises.plan, room.premises.local, now), format);
}

Asked ask_shift(const ReadingRoom& room, const Call& call) {
  auto form = Form::of_query(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  const auto format = word_in(*form, "format", parse_paper_format).value_or(PaperFormat::json);
  if (!form->is_good()) return std::unexpected(form->refusal());
  const auto key = shift_in_path(call);
  if (!key) return std::unexpected(no_shift());
  return [&room, key = *key, format](store::Reader& reader) {
    const auto shift = reader.shifts.find(key);
    return shift ? show(room, reader, *shift, format) : no_shift();
  };
}

Asked ask_own_shift(const ReadingRoom& room, const Call& call) {
  auto form = Form::of_query(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  const auto number = form->number("shift_id", 1, std::numeric_limits<int>::max());
  const auto format = word_in(*form, "format", parse_paper_format).value_or(PaperFormat::json);
  if (!form->is_good()) return std::unexpected(form->refusal());
  const bool may_be_anybodys = call.account().role == store::Role::admin;
  return
      [&room, user = call.account().key, number, format, may_be_anybodys](store::Reader& reader) {
        const auto shift =
            number ? reader.shifts.find(store::ShiftKey(*number)) : reader.shifts.find_open(user);
        if (!shift || (shift->user != user && !may_be_anybodys)) return no_shift();
        return show(room, reader, *shift, format);
      };
}

}  // namespace

Handler printing_own_shift(const ReadingRoom& room) { return reading(room, ask_own_shift); }

void add_admin_shift_endpoints(std::vector<Route>& routes, const ReadingRoom& room) {
  routes.push_back({Method::get, "/api/admin/shifts/", Access::admin, reading(room, ask_shifts)});
  routes.push_back(
      {Method::get, "/api/admin/shifts/{id}/", Access::admin, reading(room, ask_shift)});
}

}  // namespace gatehouse::api
