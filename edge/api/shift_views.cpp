#include "edge/api/shift_views.hpp"

#include <string>
#include <utility>

namespace gatehouse::api {
namespace {

using Lines = std::vector<PaperLine>;

void add_takings(Lines& lines, std::string_view method, const store::MethodTakings& taken) {
  const std::string name(method);
  lines.push_back({name + ", payments", std::to_string(taken.payments)});
  lines.push_back({name + ", taken", money(taken.amount)});
  lines.push_back({name + ", refunds", std::to_string(taken.refunds)});
  lines.push_back({name + ", given back", money(taken.refunded)});
}

void add_count(Lines& lines, const engine::ShiftShown& shown) {
  lines.push_back({"Float", money(shown.shift.cash_float)});
  lines.push_back({"Expected in the drawer", money(shown.expected)});
  if (!shown.shift.counted) return;
  const Paise over = *shown.shift.counted - shown.expected;
  lines.push_back({"Counted", money(*shown.shift.counted)});
  lines.push_back({"Over", money(at_least_nothing(over))});
  lines.push_back({"Short", money(at_least_nothing(-over))});
}

void add_acts(Lines& lines, const store::ShiftActs& acts) {
  lines.push_back({"Lost tickets", std::to_string(acts.lost_tickets)});
  lines.push_back({"Stays chosen", std::to_string(acts.stays_chosen)});
  lines.push_back({"Let out unpaid", std::to_string(acts.let_outs)});
  lines.push_back({"Sessions ended", std::to_string(acts.terminations)});
  lines.push_back({"Barriers opened by hand", std::to_string(acts.openings_by_hand)});
}

}  // namespace

Fields shift_fields(const engine::ShiftShown& shown) {
  const store::Shift& shift = shown.shift;
  Fields fields;
  fields.number("shift_id", std::to_underlying(shift.key))
      .text("user", shown.user)
      .time("opened_at", shift.opened_at)
      .time("closed_at", shift.closed_at);
  if (shift.z_number) {
    fields.number("z_number", *shift.z_number);
  } else {
    fields.null("z_number");
  }
  fields.rupees("float", shift.cash_float)
      .rupees("cash_taken", shown.takings.cash.amount)
      .rupees("cash_refunded", shown.takings.cash.refunded)
      .rupees("online_taken", shown.takings.online.amount)
      .rupees("online_refunded", shown.takings.online.refunded)
      .rupees("expected", shown.expected);
  if (!shift.counted) return std::move(fields.null("counted").null("over").null("short"));
  const Paise over = *shift.counted - shown.expected;
  fields.rupees("counted", *shift.counted)
      .rupees("over", at_least_nothing(over))
      .rupees("short", at_least_nothing(-over));
  return fields;
}

Paper shift_paper(const engine::ShiftShown& shown, const LotPlan& plan, const LocalTime& local,
                  Instant now) {
  const store::Shift& shift = shown.shift;
  Paper paper{.title = shift.z_number ? "Z report " + std::to_string(*shift.z_number)
                                      : std::string("Shift that goes on"),
              .issued_at = shift.closed_at.value_or(now),
              .lines = {}};
  Lines& lines = paper.lines;
  lines.push_back({.what = plan.lot_name(), .value = {}, .is_heading = true});
  lines.push_back({.what = paper.title, .value = {}, .is_heading = true});
  lines.push_back({"Shift", std::to_string(std::to_underlying(shift.key))});
  lines.push_back({"At the drawer", shown.user});
  lines.push_back({"Opened", local_time(local, shift.opened_at)});
  lines.push_back({shift.closed_at ? "Closed" : "As of", local_time(local, paper.issued_at)});
  add_takings(lines, "CASH", shown.takings.cash);
  add_takings(lines, "ONLINE", shown.takings.online);
  add_count(lines, shown);
  add_acts(lines, shown.acts);
  return paper;
}

}  // namespace gatehouse::api
