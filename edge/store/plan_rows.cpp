#include "edge/store/plan_rows.hpp"

#include "edge/domain/invariant.hpp"
#include "edge/store/columns.hpp"

#include <algorithm>

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {

using Key = std::int64_t;

constexpr const char* zone_columns =
    "SELECT key, id, name, hourly_rate_paise, active, walk_in, operating_hours, contact, location, "
    "features, removed, (SELECT count(*) FROM slots WHERE zone = zones.key AND removed = 0) "
    "FROM zones WHERE ";
constexpr const char* slot_columns =
    "SELECT s.id, z.id, s.out_of_service, s.removed FROM slots AS s JOIN zones AS z "
    "ON z.key = s.zone WHERE ";

// Of a slot's row, and of a zone's.
constexpr const char* slot_is_used =
    "(EXISTS (SELECT 1 FROM sessions WHERE slot = slots.key) "
    " OR EXISTS (SELECT 1 FROM incidents WHERE slot = slots.key) "
    " OR EXISTS (SELECT 1 FROM slot_outages WHERE slot = slots.key))";
constexpr const char* zone_is_used = "EXISTS (SELECT 1 FROM sessions WHERE zone = zones.key)";

std::string joined_lines(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    if (!text.empty()) text += '\n';
    text += line;
  }
  return text;
}

std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

std::vector<RateBand> bands_of(SQLite::Database& raw, Key zone) {
  SQLite::Statement query(raw,
                          "SELECT from_minute, to_minute, hourly_rate_paise FROM rate_bands "
                          "WHERE zone = ? ORDER BY from_minute");
  std::vector<RateBand> bands;
  Run run(query, zone);
  while (run.next()) {
    const auto from = run.get<std::chrono::minutes>();
    const auto to = run.get<std::chrono::minutes>();
    bands.push_back({from, to, run.get<Paise>()});
  }
  return bands;
}

ZoneRow read_zone(SQLite::Database& raw, Run& row) {
  const Key key = row.get<Key>();
  ZoneRow zone{.plan = {.id = row.parsed(ZoneId::parse, "id of a zone"),
                        .name = row.get<std::string>(),
                        .rates = {row.get<Paise>(), bands_of(raw, key)}}};
  zone.plan.active = row.get<bool>();
  zone.plan.walk_in = row.get<bool>();
  zone.plan.operating_hours = row.get<std::string>();
  zone.plan.contact = row.get<std::string>();
  zone.plan.location = row.get<std::string>();
  zone.plan.features = split_lines(row.get<std::string>());
  zone.removed = row.get<bool>();
  zone.slots = row.get<std::size_t>();
  return zone;
}

SlotRow read_slot(Run& row) {
  return {.id = row.parsed(SlotId::parse, "id of a slot"),
          .zone = row.get<std::string>(),
          .closed = row.get<bool>(),
          .removed = row.get<bool>()};
}

void write_bands(SQLite::Database& raw, Key zone, const std::vector<RateBand>& bands) {
  SQLite::Statement insert(raw,
                           "INSERT INTO rate_bands (zone, from_minute, to_minute, "
                           "hourly_rate_paise) VALUES (?, ?, ?, ?)");
  for (const RateBand& band : bands) Run(insert, zone, band.from, band.to, band.hourly_rate).exec();
}

bool is_so(SQLite::Database& raw, const std::string& question, std::string_view id) {
  SQLite::Statement query(raw, question);
  return Run(query, id).next();
}

}  // namespace

std::vector<ZoneRow> PlanRows::zones() {
  return attempt("cannot read the zones", [&] {
    SQLite::Statement query(database_.raw(),
                            std::string(zone_columns) + "removed = 0 ORDER BY key");
    std::vector<ZoneRow> found;
    Run run(query);
    while (run.next()) found.push_back(read_zone(database_.raw(), run));
    return found;
  });
}

std::vector<SlotRow> PlanRows::slots(std::string_view zone) {
  return attempt("cannot read the slots", [&] {
    SQLite::Statement query(
        database_.raw(),
        std::string(slot_columns) + "s.removed = 0 AND (?1 = '' OR z.id = ?1) ORDER BY s.key");
    return all(Run(query, zone), read_slot);
  });
}

std::optional<ZoneRow> PlanRows::find_zone(std::string_view id) {
  return attempt("cannot read a zone", [&]() -> std::optional<ZoneRow> {
    SQLite::Statement query(database_.raw(), std::string(zone_columns) + "id = ?");
    Run run(query, id);
    if (!run.next()) return std::nullopt;
    return read_zone(database_.raw(), run);
  });
}

std::optional<SlotRow> PlanRows::find_slot(std::string_view id) {
  return attempt("cannot read a slot", [&] {
    SQLite::Statement query(database_.raw(), std::string(slot_columns) + "s.id = ?");
    return only(Run(query, id), read_slot);
  });
}

bool PlanRows::zone_is_referred_to(std::string_view id) {
  return attempt("cannot look for a zone's history", [&] {
    return is_so(database_.raw(),
                 std::string("SELECT 1 FROM zones WHERE id = ? AND (") + zone_is_used +
                     " OR EXISTS (SELECT 1 FROM slots WHERE zone = zones.key AND " + slot_is_used +
                     "))",
                 id);
  });
}

bool PlanRows::slot_is_referred_to(std::string_view id) {
  return attempt("cannot look for a slot's history", [&] {
    return is_so(database_.raw(),
                 std::string("SELECT 1 FROM slots WHERE id = ? AND ") + slot_is_used, id);
  });
}

std::int64_t PlanRows::insert(Transaction& /*transaction*/, const ZonePlan& zone) {
  return attempt("cannot write a zone", [&] {
    SQLite::Statement insert(database_.raw(),
                             "INSERT INTO zones (id, name, hourly_rate_paise, active, walk_in, "
                             "operating_hours, contact, location, features) "
                             "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    Run(insert, zone.id.text(), zone.name, zone.rates.hourly_rate, zone.active, zone.walk_in,
        zone.operating_hours, zone.contact, zone.location, joined_lines(zone.features))
        .exec();
    const Key key = inserted_key(database_.raw());
    write_bands(database_.raw(), key, zone.rates.bands);
    return key;
  });
}

void PlanRows::update(Transaction& /*transaction*/, const ZonePlan& zone) {
  attempt("cannot write a zone", [&] {
    auto& raw = database_.raw();
    SQLite::Statement update(raw,
                             "UPDATE zones SET name = ?, hourly_rate_paise = ?, active = ?, "
                             "walk_in = ?, operating_hours = ?, contact = ?, location = ?, "
                             "features = ?, removed = 0 WHERE id = ? RETURNING key");
    Key key = 0;
    {
      Run run(update, zone.name, zone.rates.hourly_rate, zone.active, zone.walk_in,
              zone.operating_hours, zone.contact, zone.location, joined_lines(zone.features),
              zone.id.text());
      require(run.next(), "a zone that is updated is there");
      key = run.get<Key>();
    }
    SQLite::Statement forget(raw, "DELETE FROM rate_bands WHERE zone = ?");
    Run(forget, key).exec();
    write_bands(raw, key, zone.rates.bands);
  });
}

void PlanRows::insert(Transaction& /*transaction*/, const SlotId& slot, std::string_view zone) {
  attempt("cannot write a slot", [&] {
    SQLite::Statement insert(
        database_.raw(),
        "INSERT INTO slots (id, zone) VALUES (?, (SELECT key FROM zones WHERE id = ?))");
    Run(insert, slot.text(), zone).exec();
  });
}

void PlanRows::update(Transaction& /*transaction*/, const SlotRow& slot) {
  attempt("cannot write a slot", [&] {
    SQLite::Statement update(database_.raw(),
                             "UPDATE slots SET out_of_service = ?, removed = 0 WHERE id = ?");
    const int rows = Run(update, slot.closed, slot.id.text()).exec();
    require(rows == 1, "a slot that is updated is there");
  });
}

void PlanRows::mark_zone(Transaction& /*transaction*/, std::string_view id) {
  attempt("cannot mark a zone", [&] {
    SQLite::Statement slots(
        database_.raw(),
        "UPDATE slots SET removed = 1 WHERE zone = (SELECT key FROM zones WHERE id = ?)");
    Run(slots, id).exec();
    SQLite::Statement zone(database_.raw(),
                           "UPDATE zones SET removed = 1, active = 0 WHERE id = ?");
    Run(zone, id).exec();
  });
}

void PlanRows::mark_slot(Transaction& /*transaction*/, std::string_view id) {
  attempt("cannot mark a slot", [&] {
    SQLite::Statement slot(database_.raw(), "UPDATE slots SET removed = 1 WHERE id = ?");
    Run(slot, id).exec();
  });
}

void PlanRows::sweep(Transaction& /*transaction*/) {
  attempt("cannot sweep the plan", [&] {
    auto& raw = database_.raw();
    const std::string used_slot = slot_is_used;
    raw.exec(
        "DELETE FROM slot_states WHERE slot IN (SELECT key FROM slots WHERE removed = 1 "
        "AND NOT " +
        used_slot + ")");
    raw.exec("DELETE FROM slots WHERE removed = 1 AND NOT " + used_slot);
    raw.exec("UPDATE slots SET removed = 0, out_of_service = 1 WHERE removed = 1");
    const std::string unused_zone = std::string("removed = 1 AND NOT ") + zone_is_used +
                                    " AND NOT EXISTS (SELECT 1 FROM slots WHERE zone = zones.key)";
    raw.exec("DELETE FROM rate_bands WHERE zone IN (SELECT key FROM zones WHERE " + unused_zone +
             ")");
    raw.exec("DELETE FROM zones WHERE " + unused_zone);
    raw.exec("UPDATE zones SET removed = 0, active = 0 WHERE removed = 1");
  });
}

}  // namespace gatehouse::store
