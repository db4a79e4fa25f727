#include "edge/api/report_views.hpp"

#include "edge/api/device_views.hpp"
#include "edge/api/views.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace gatehouse::api {
namespace {

using std::chrono::days;

constexpr std::size_t alerts_shown = 10;
constexpr std::size_t hours_of_day = 24;

std::int64_t number(std::uint64_t count) { return static_cast<std::int64_t>(count); }

/// Money in and out, and cars, of anything they can be summed by.
struct Sums {
  Paise revenue;
  Paise refunds;
  std::uint64_t payments = 0;
  std::uint64_t entries = 0;
  std::uint64_t exits = 0;
  std::chrono::milliseconds stayed{0};
};

Fields sums_fields(Fields fields, const Sums& sums) {
  fields.rupees("revenue", sums.revenue)
      .rupees("refunds", sums.refunds)
      .rupees("net", sums.revenue - sums.refunds)
      .number("payments", number(sums.payments));
  return fields;
}

/// The rows of one time, summed by whatever is asked of them.
struct Rows {
  std::vector<store::MoneyMoved> takings;
  std::vector<store::MoneyMoved> refunds;
  std::vector<store::CarsPassed> entries;
  std::vector<store::CarsPassed> exits;
};

Rows read_rows(store::Reader& reader, const store::Span& span) {
  return {reader.reports.takings(span), reader.reports.refunds(span), reader.reports.entries(span),
          reader.reports.exits(span)};
}

template <class Key, class KeyOf>
std::map<Key, Sums> money_by(const Rows& rows, KeyOf&& key_of) {
  std::map<Key, Sums> sums;
  for (const store::MoneyMoved& taken : rows.takings) {
    Sums& sum = sums[key_of(taken)];
    sum.revenue += taken.amount;
    sum.payments += taken.times;
  }
  for (const store::MoneyMoved& refunded : rows.refunds)
    sums[key_of(refunded)].refunds += refunded.amount;
  return sums;
}

template <class Key, class KeyOf>
void add_cars(std::map<Key, Sums>& sums, const Rows& rows, KeyOf&& key_of) {
  for (const store::CarsPassed& entered : rows.entries)
    sums[key_of(entered)].entries += entered.cars;
  for (const store::CarsPassed& left : rows.exits) {
    Sums& sum = sums[key_of(left)];
    sum.exits += left.cars;
    sum.stayed += left.stayed;
  }
}

Sums total_of(const Rows& rows) {
  const auto one = [](const auto& /*row*/) { return 0; };
  auto sums = money_by<int>(rows, one);
  add_cars(sums, rows, one);
  return sums[0];
}

/// Whole minutes of the lot, of those who left.
std::int64_t average_minutes(const Sums& sums, const BillingRules& rules) {
  if (sums.exits == 0) return 0;
  const auto average = sums.stayed / static_cast<std::int64_t>(sums.exits);
  return average / rules.minute;
}

store::Span today_of(const ReadingRoom& room) {
  const Today today = room.today();
  return {day_begins(today.local, today.date()), day_begins(today.local, today.date() + days(1))};
}

Fields today_fields(const ReadingRoom& room, store::Reader& reader) {
  const store::Span span = today_of(room);
  const Sums sums = total_of(read_rows(reader, span));
  const store::SessionsBegun begun = reader.reports.begun(span);
  const store::OpenSessions open = reader.reports.open_sessions();
  Fields fields;
  fields.text("date", format_date(room.today().date()))
      .number("bookings",
              number(begun.of(AdmissionKind::deposit) + begun.of(AdmissionKind::prepaid)))
      .number("tickets", number(begun.of(AdmissionKind::walk_in)))
      .number("entries", number(sums.entries))
      .number("exits", number(sums.exits))
      .rupees("revenue", sums.revenue)
      .rupees("refunds", sums.refunds)
      .rupees("net", sums.revenue - sums.refunds)
      .number("active_sessions", number(open.inside))
      .number("waiting_to_pay", number(open.leaving))
      .number("expected", number(open.booked + open.unpaid));
  return fields;
}

Fields overall_fields(store::Reader& reader) {
  const store::Overall overall = reader.reports.overall();
  Fields users;
  for (const store::Role role :
       {store::Role::admin, store::Role::staff, store::Role::user, store::Role::device})
    users.number(role_word(role), number(overall.of(role)));
  Fields fields;
  fields.rupees("revenue", overall.taken)
      .rupees("refunds", overall.refunded)
      .rupees("net", overall.taken - overall.refunded)
      .number("payments", number(overall.payments))
      .number("sessions", number(overall.sessions))
      .nested("users", users.json());
  return fields;
}

Fields occupancy_fields(std::string_view id, std::string_view zone_name,
                        const engine::Availability& now) {
  Fields fields;
  fields.text("zone_id", id)
      .text("zone_name", zone_name)
      .number("total_slots", now.counts.total())
      .number("available_slots", now.available)
      .number("occupied", now.counts.of(SlotStatus::occupied))
      .number("reserved", now.counts.of(SlotStatus::reserved))
      .number("unknown", now.counts.of(SlotStatus::unknown))
      .number("out_of_service", now.counts.of(SlotStatus::out_of_service))
      .tenths("occupancy_percent", now.counts.occupancy_permille());
  return fields;
}

std::string occupancy_json(const engine::LotView& view) {
  std::vector<Fields> zones;
  for (std::size_t i = 0; i < view.plan().zones().size(); ++i) {
    const ZoneIndex zone{static_cast<std::uint32_t>(i)};
    const ZonePlan& plan = view.plan().zone(zone);
    zones.push_back(occupancy_fields(plan.id.text(), plan.name, view.zone(zone)));
  }
  Fields fields;
  fields.nested("zones", json_array(zones));
  return fields.json();
}

std::string devices_json(const ReadingRoom& room, store::Reader& reader) {
  const DeviceCounts counts = count_devices(room, reader);
  Fields fields;
  for (std::size_t i = 0; i < counts.size(); ++i)
    fields.number(name(static_cast<DeviceState>(i)), counts.at(i));
  return fields.json();
}

std::string alerts_json(store::Reader& reader) {
  const auto open = reader.alerts.open();
  std::array<std::int64_t, 3> by_severity{};
  for (const store::Alert& alert : open) ++by_severity.at(std::to_underlying(alert.severity));
  std::vector<Fields> newest;
  for (auto alert = open.rbegin(); alert != open.rend() && newest.size() < alerts_shown; ++alert)
    newest.push_back(alert_fields(*alert));
  Fields fields;
  fields.number("open", static_cast<std::int64_t>(open.size()));
  for (std::size_t i = 0; i < by_severity.size(); ++i)
    fields.number(store::name(static_cast<store::Severity>(i)), by_severity.at(i));
  fields.nested("newest", json_array(newest));
  return fields.json();
}

/// Every step of the time in its order, also those in which nothing happened.
std::vector<Fields> series(const LocalTime& local, const RevenueAsked& asked, const Rows& rows) {
  const auto bucket = [&](const auto& row) { return bucket_of(local, row.quarter, asked.step); };
  auto sums = money_by<Bucket>(rows, bucket);
  add_cars(sums, rows, bucket);
  std::vector<Fields> lines;
  if (asked.span.until <= asked.span.from) return lines;
  const Bucket last = bucket_of(local, asked.span.until - std::chrono::milliseconds(1), asked.step);
  for (Bucket at = bucket_of(local, asked.span.from, asked.step); at <= last;
       at = next_bucket(at, asked.step)) {
    const Sums& sum = sums[at];
    Fields line;
    line.text("begins", name_of(at, asked.step));
    lines.push_back(std::move(sums_fields(std::move(line), sum)
                                  .number("entries", number(sum.entries))
                                  .number("exits", number(sum.exits))));
  }
  return lines;
}

std::string by_zone(const LotPlan& plan, const Rows& rows) {
  const auto zone_of = [](const auto& row) { return row.zone; };
  auto sums = money_by<std::string>(rows, zone_of);
  add_cars(sums, rows, zone_of);
  std::vector<Fields> lines;
  for (const auto& [id, sum] : sums) {
    const auto zone = plan.find_zone(id);
    Fields line;
    line.text_or_null("zone_id", id).text_or_null("zone_name", zone ? plan.zone(*zone).name : "");
    lines.push_back(std::move(sums_fields(std::move(line), sum)
                                  .number("entries", number(sum.entries))
                                  .number("exits", number(sum.exits))));
  }
  return json_array(lines);
}

std::string by_method(const Rows& rows) {
  using Key = std::pair<PaymentMethod, std::string>;
  const auto key_of = [](const store::MoneyMoved& row) { return Key(row.method, row.provider); };
  std::vector<Fields> lines;
  for (const auto& [key, sum] : money_by<Key>(rows, key_of)) {
    Fields line;
    line.text("method", name(key.first)).text_or_null("provider", key.second);
    lines.push_back(sums_fields(std::move(line), sum));
  }
  return json_array(lines);
}

/// Entries by the local hour of the day, the busiest first.
std::string peak_hours(const LocalTime& local, const Rows& rows) {
  std::array<std::uint64_t, hours_of_day> cars{};
  for (const store::CarsPassed& entered : rows.entries) {
    const auto hour = std::chrono::floor<std::chrono::hours>(local(entered.quarter).minute_of_day);
    cars.at(static_cast<std::size_t>(hour.count())) += entered.cars;
  }
  std::vector<std::size_t> hours;
  for (std::size_t hour = 0; hour < cars.size(); ++hour) {
    if (cars.at(hour) > 0) hours.push_back(hour);
  }
  std::ranges::sort(hours, [&](std::size_t one, std::size_t other) {
    return std::pair(cars.at(other), one) < std::pair(cars.at(one), other);
  });
  std::vector<Fields> lines;
  for (const std::size_t hour : hours) {
    Fields line;
    line.number("hour", static_cast<std::int64_t>(hour)).number("entries", number(cars.at(hour)));
    lines.push_back(std::move(line));
  }
  return json_array(lines);
}

/// Tenths of a percent; nothing to compare with: null.
void add_percent(Fields& fields, std::string_view name, Paise part, Paise whole) {
  if (whole <= Paise(0)) {
    fields.null(name);
  } else {
    fields.tenths(name, part.count() * 1000 / whole.count());
  }
}

std::string target_json(const ReadingRoom& room, const RevenueAsked& asked, Paise revenue) {
  const auto daily = room.premises.billing.daily_target;
  if (!daily) return "null";
  const auto length = std::chrono::ceil<days>(asked.span.until - asked.span.from);
  const Paise target = *daily * length.count();
  Fields fields;
  fields.rupees("daily_target", *daily).number("days", length.count()).rupees("target", target);
  add_percent(fields, "reached_percent", revenue, target);
  return fields.json();
}

std::string growth_json(store::Reader& reader, const RevenueAsked& asked, Paise revenue) {
  const auto length = asked.span.until - asked.span.from;
  const store::Span before{asked.span.from - length, asked.span.from};
  Paise then;
  for (const store::MoneyMoved& taken : reader.reports.takings(before)) then += taken.amount;
  Fields fields;
  fields.time("from", before.from).time("to", before.until).rupees("revenue", then);
  add_percent(fields, "change_percent", revenue - then, then);
  return fields.json();
}

}  // namespace

Response dashboard_response(const ReadingRoom& room, store::Reader& reader) {
  Fields data;
  data.nested("today", today_fields(room, reader).json())
      .nested("overall", overall_fields(reader).json())
      .nested("occupancy", occupancy_json(room.view))
      .nested("devices", devices_json(room, reader))
      .nested("alerts", alerts_json(reader))
      .nested("system", health_json(room.health.health(), room.clock.now().utc));
  return success("The lot today", data.json());
}

Response revenue_response(const ReadingRoom& room, store::Reader& reader,
                          const RevenueAsked& asked) {
  const LocalTime& local = room.premises.local;
  const Rows rows = read_rows(reader, asked.span);
  std::vector<Fields> lines = series(local, asked, rows);
  if (asked.is_csv) {
    Listed listed{.plural = "revenue-report", .rows = std::move(lines)};
    return list_response({.is_csv = true}, std::move(listed));
  }
  const Sums total = total_of(rows);
  Fields data;
  data.time("from", asked.span.from)
      .time("to", asked.span.until)
      .nested("total", sums_fields({}, total)
                           .number("entries", number(total.entries))
                           .number("exits", number(total.exits))
                           .json())
      .nested("target", target_json(room, asked, total.revenue))
      .nested("growth", growth_json(reader, asked, total.revenue))
      .number("average_stay_minutes", average_minutes(total, room.premises.billing))
      .nested("peak_hours", peak_hours(local, rows))
      .nested("by_zone", by_zone(room.premises.plan, rows))
      .nested("by_method", by_method(rows))
      .nested("series", json_array(lines));
  return success("₹" + total.revenue.rupees() + " came in", data.json());
}

}  // namespace gatehouse::api
