// What every list has in common: its pages, its dates, its exports.
#include "edge/api/listing.hpp"

#include "edge/domain/local_days.hpp"

#include <catch2/catch.hpp>

namespace gatehouse::api {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;

/// 20 November 2026, ten in the morning UTC.
constexpr Instant now = sys_days(std::chrono::year(2026) / 11 / 20) + 10h;

WallTime ahead(Instant instant, std::chrono::minutes offset) {
  const Instant wall = instant + offset;
  const auto date = std::chrono::floor<std::chrono::days>(wall);
  return {date, std::chrono::floor<std::chrono::minutes>(wall - date)};
}
WallTime in_delhi(Instant instant) { return ahead(instant, 330min); }
/// Clocks go back by an hour at 01:00 UTC on 25 October 2026.
WallTime in_berlin(Instant instant) {
  const Instant back = sys_days(std::chrono::year(2026) / 10 / 25) + 1h;
  return ahead(instant, instant < back ? 120min : 60min);
}

const LocalTime delhi = in_delhi;
const LocalTime berlin = in_berlin;

Form query(std::string text) {
  Request request;
  request.query = std::move(text);
  return Form::of_query(request).value();
}

bool refuses(const Form& form, const std::string& member) {
  return !form.is_good() && form.refusal().body.contains("\"" + member + "\":");
}

TEST_CASE("a list has twenty rows a page unless it is told otherwise", "[api][listing]") {
  Form usual = query("");
  const Paging first = paging_in(usual, Export::none);
  CHECK(usual.is_good());
  CHECK(first.rows().rows == 20);
  CHECK(first.rows().skipped == 0);
  Form asked = query("page=3&page_size=200");
  const Paging third = paging_in(asked, Export::csv);
  CHECK(asked.is_good());
  CHECK(third.rows().rows == 200);
  CHECK(third.rows().skipped == 400);
}

TEST_CASE("pages that there cannot be are refused by name", "[api][listing]") {
  const auto [text, member] = GENERATE(table<const char*, const char*>({
      {"page=0", "page"},
      {"page=-1", "page"},
      {"page=1.5", "page"},
      {"page=99999999999999999999", "page"},
      {"page=x", "page"},
      {"page_size=0", "page_size"},
      {"page_size=201", "page_size"},
      {"page_size=%00", "page_size"},
      {"page=1&page=2", "page"},
      {"format=pdf", "format"},
      {"sort=id", "sort"},
  }));
  CAPTURE(text);
  Form form = query(text);
  static_cast<void>(paging_in(form, Export::csv));
  CHECK(refuses(form, member));
}

TEST_CASE("what cannot be exported knows no format", "[api][listing]") {
  Form form = query("format=csv");
  static_cast<void>(paging_in(form, Export::none));
  CHECK(refuses(form, "format"));
}

TEST_CASE("an export without a page is of everything, up to its bound", "[api][listing]") {
  Form whole = query("format=csv");
  const Paging all = paging_in(whole, Export::csv);
  CHECK(all.rows().rows == export_rows_max);
  CHECK_FALSE(refuse_long_export(all, export_rows_max));
  const auto refused = refuse_long_export(all, export_rows_max + 1);
  REQUIRE(refused);
  CHECK(refused->status == 400);
  Form page = query("format=csv&page=2");
  const Paging second = paging_in(page, Export::csv);
  CHECK(second.rows().rows == 20);
  CHECK_FALSE(refuse_long_export(second, export_rows_max + 1));
}

TEST_CASE("a day begins at the lot's midnight", "[api][listing]") {
  const sys_days date = std::chrono::year(2026) / 11 / 20;
  CHECK(day_begins(delhi, date) == Instant(date) - 330min);
  const sys_days longest = std::chrono::year(2026) / 10 / 25;
  CHECK(day_begins(berlin, longest) == Instant(longest) - 2h);
  CHECK(day_begins(berlin, longest + std::chrono::days(1)) == Instant(longest) + 23h);
}

TEST_CASE("dates bound a list by whole days of the lot, times by themselves", "[api][listing]") {
  const Today today{delhi, now};
  const PeriodMembers members{"date", "from", "to"};
  const Instant begins = sys_days(std::chrono::year(2026) / 11 / 20) - 330min;
  const auto [text, from, until] =
      GENERATE_COPY(table<const char*, std::optional<Instant>, std::optional<Instant>>({
          {"", std::nullopt, std::nullopt},
          {"date=today", begins, begins + 24h},
          {"date=2026-11-20", begins, begins + 24h},
          {"from=2026-11-20", begins, std::nullopt},
          {"to=today", std::nullopt, begins + 24h},
          {"from=2026-11-19&to=2026-11-20", begins - 24h, begins + 24h},
          {"from=2026-11-20T10:00:00Z&to=2026-11-20T16:30:00%2B05:30", now, now + 1h},
      }));
  CAPTURE(text);
  Form form = query(text);
  CHECK(period_in(form, members, today) == store::Period{from, until});
  CHECK(form.is_good());
}

TEST_CASE("dates that are none are refused by name", "[api][listing]") {
  const auto [text, member] = GENERATE(table<const char*, const char*>({
      {"date=2026-02-30", "date"},
      {"date=2026-13-01", "date"},
      {"date=20-11-2026", "date"},
      {"date=yesterday", "date"},
      {"date=2026-11-20T10:00:00Z", "date"},
      {"date=today&from=today", "date"},
      {"from=1969-12-31", "from"},
      {"from=' OR 1=1", "from"},
      {"from=2026-11-20&to=2026-11-18", "to"},
      {"to=1%001", "to"},
  }));
  CAPTURE(text);
  Form form = query(text);
  static_cast<void>(period_in(form, {"date", "from", "to"}, {delhi, now}));
  CHECK(refuses(form, member));
}

TEST_CASE("local time is cut into hours, days, weeks from Monday, and months", "[api][listing]") {
  const auto name = [&](Step step) { return name_of(bucket_of(delhi, now, step), step); };
  CHECK(name(Step::hour) == "2026-11-20 15:00");
  CHECK(name(Step::day) == "2026-11-20");
  CHECK(name(Step::week) == "2026-11-16");
  CHECK(name(Step::month) == "2026-11");
  const Bucket month = bucket_of(delhi, now, Step::month);
  CHECK(name_of(next_bucket(next_bucket(month, Step::month), Step::month), Step::month) ==
        "2027-01");
  const Bucket evening{sys_days(std::chrono::year(2026) / 12 / 31), 23h};
  CHECK(name_of(next_bucket(evening, Step::hour), Step::hour) == "2027-01-01 00:00");
}

TEST_CASE("money is written as the first clients knew it", "[api][fields]") {
  const auto [paise, text] = GENERATE(table<std::int64_t, const char*>({
      {0, "0.0"},
      {5, "0.05"},
      {50, "0.5"},
      {10'000, "100.0"},
      {13'050, "130.5"},
      {13'055, "130.55"},
      {-250, "-2.5"},
  }));
  CHECK(rupees_number(Paise(paise)) == text);
}

TEST_CASE("no cell of an export is taken for a formula", "[api][fields]") {
  const auto [text, cell] = GENERATE(table<const char*, const char*>({
      {"Priya Singh", "Priya Singh"},
      {"=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\""},
      {"+1", "\"'+1\""},
      {"-1", "\"'-1\""},
      {"@SUM(A1)", "\"'@SUM(A1)\""},
      {"\t=1", "\"'\t=1\""},
      {"=\"x\"", "\"'=\"\"x\"\"\""},
      {"a,b", "\"a,b\""},
      {"say \"hi\"", "\"say \"\"hi\"\"\""},
      {"two\nlines", "\"two\nlines\""},
      {"", ""},
  }));
  CHECK(csv_cell(text) == cell);
}

TEST_CASE("fields are shown as JSON and as a row, what is nested only as JSON", "[api][fields]") {
  Fields fields;
  fields.text("name", "=\"<b>\x01\"")
      .number("count", -3)
      .tenths("percent", 389)
      .flag("open", true)
      .null("left")
      .rupees("due", Paise(150))
      .nested("more", "[1]")
      .time("at", now);
  CHECK(fields.json() ==
        R"({"name":"=\"<b>\u0001\"","count":-3,"percent":38.9,"open":true,"left":null,)"
        R"("due":1.5,"more":[1],"at":"2026-11-20T10:00:00.000Z"})");
  CHECK(fields.csv_header() == "name,count,percent,open,left,due,at\r\n");
  CHECK(fields.csv_row() == "\"'=\"\"<b>\x01\"\"\",-3,38.9,true,,1.5,2026-11-20T10:00:00.000Z\r\n");
  Fields broken;
  broken.text("code", "a\xFF");
  CHECK(broken.json() == "{\"code\":\"a\xEF\xBF\xBD\"}");
}

}  // namespace
}  // namespace gatehouse::api
