#include "edge/store/lot.hpp"

#include "edge/store/plan_rows.hpp"
#include "edge/store/time_column.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {

[[noreturn]] void throw_damaged(const std::string& what) {
  throw StoreError(StoreError::Kind::unusable, "the store holds " + what);
}

void seed_lot(SQLite::Database& raw, const LotSeed& seed, Instant now) {
  SQLite::Statement existing(raw, "SELECT id FROM lot");
  if (existing.executeStep()) {
    const std::string id = existing.getColumn(0).getString();
    if (id == seed.lot.text()) return;
    throw StoreError(StoreError::Kind::unusable,
                     "the store belongs to the lot " + id + ", not to " + seed.lot.text());
  }
  SQLite::Statement lot(raw,
                        "INSERT INTO lot (only_row, id, name, created_at) VALUES (1, ?, ?, ?)");
  lot.bind(1, seed.lot.text());
  lot.bind(2, seed.name);
  lot.bind(3, to_column(now));
  lot.exec();
  SQLite::Statement heartbeat(raw, "INSERT INTO heartbeat (only_row, at) VALUES (1, ?)");
  heartbeat.bind(1, to_column(now));
  heartbeat.exec();
  raw.exec("INSERT INTO lot_availability (only_row, seq, at) VALUES (1, 0, 0)");
  raw.exec("INSERT INTO epochs (epoch, last_sequence) VALUES (1, 0)");
}

/// Adds the slots of a zone that are not there; returns how many.
std::size_t seed_slots(SQLite::Database& raw, const ZoneSeed& seed, std::int64_t zone_key) {
  SQLite::Statement existing(raw, "SELECT zone FROM slots WHERE id = ?");
  SQLite::Statement insert(raw, "INSERT INTO slots (id, zone) VALUES (?, ?)");
  std::size_t added = 0;
  for (const SlotId& slot : seed.slots) {
    existing.reset();
    existing.bind(1, slot.text());
    if (existing.executeStep()) {
      if (existing.getColumn(0).getInt64() == zone_key) continue;
      throw StoreError(StoreError::Kind::unusable, "the slot " + slot.text() +
                                                       " belongs to another zone than " +
                                                       seed.zone.id.text() + " in the store");
    }
    insert.reset();
    insert.bind(1, slot.text());
    insert.bind(2, zone_key);
    insert.exec();
    ++added;
  }
  return added;
}

/// What the plan and the file say of a zone that both know.
void compare(const ZonePlan& stored, const ZonePlan& wanted, std::vector<std::string>& found) {
  const auto report = [&](bool same, const char* what) {
    if (!same) found.push_back("zone " + stored.id.text() + ": " + what);
  };
  // The file may name bands in any order.
  const auto in_order = [](Rates rates) {
    std::ranges::sort(rates.bands, {}, &RateBand::from);
    return rates;
  };
  report(stored.active || !wanted.active, "closed in the store");
  report(stored.name == wanted.name, "another name");
  report(in_order(stored.rates) == in_order(wanted.rates), "other rates");
  report(stored.walk_in == wanted.walk_in, "another walk_in");
  report(stored.operating_hours == wanted.operating_hours, "other operating_hours");
  report(stored.contact == wanted.contact, "another contact");
  report(stored.location == wanted.location, "another location");
  report(stored.features == wanted.features, "other features");
}

template <class SomeId>
SomeId stored_id(const SQLite::Column& column) {
  const auto id = SomeId::parse(column.getString());
  if (!id) throw_damaged("an impossible id: " + column.getString());
  return *id;
}

}  // namespace

Seeded seed(Database& database, const LotSeed& seed, Instant now) {
  try {
    Transaction transaction = database.begin();
    auto& raw = database.raw();
    seed_lot(raw, seed, now);
    Seeded added;
    SQLite::Statement existing(raw, "SELECT key FROM zones WHERE id = ?");
    for (const ZoneSeed& zone : seed.zones) {
      existing.reset();
      existing.bind(1, zone.zone.id.text());
      std::int64_t key = 0;
      if (existing.executeStep()) {
        key = existing.getColumn(0).getInt64();
      } else {
        key = PlanRows(database).insert(transaction, zone.zone);
        ++added.zones;
      }
      added.slots += seed_slots(raw, zone, key);
    }
    existing.reset();
    return std::move(transaction).commit(added).value();
  } catch (const SQLite::Exception&) {
    throw_store_error("cannot seed the store");
  }
}

std::unique_ptr<const LotPlan> load_plan(Database& database) {
  try {
    auto& raw = database.raw();
    SQLite::Statement lot(raw, "SELECT id, name FROM lot");
    if (!lot.executeStep()) throw_damaged("no lot yet: `gatehouse init` makes one");

    // What is marked as deleted is swept before a start, and has its place until then.
    std::vector<ZonePlan> zones;
    std::unordered_map<std::int64_t, ZoneIndex> zones_by_key;
    SQLite::Statement zone(raw, "SELECT key, id FROM zones ORDER BY key");
    while (zone.executeStep()) {
      zones_by_key.emplace(zone.getColumn(0).getInt64(), ZoneIndex(zones.size()));
      auto row = PlanRows(database).find_zone(zone.getColumn(1).getString());
      if (!row) throw_damaged("a zone that cannot be read");
      zones.push_back(std::move(row->plan));
    }
    std::vector<SlotPlan> slots;
    SQLite::Statement slot(raw, "SELECT id, zone, out_of_service FROM slots ORDER BY key");
    while (slot.executeStep()) {
      const auto id = stored_id<SlotId>(slot.getColumn(0));
      const auto its_zone = zones_by_key.find(slot.getColumn(1).getInt64());
      if (its_zone == zones_by_key.end()) {
        throw_damaged("slot " + id.text() + " of a zone that it does not hold");
      }
      slots.push_back(
          {.id = id, .zone = its_zone->second, .out_of_service = slot.getColumn(2).getInt() != 0});
    }
    return std::make_unique<const LotPlan>(stored_id<LotId>(lot.getColumn(0)),
                                           lot.getColumn(1).getString(), std::move(zones),
                                           std::move(slots));
  } catch (const SQLite::Exception&) {
    throw_store_error("cannot read the lot's plan");
  }
}

std::vector<std::string> differences(const LotPlan& plan, const LotSeed& seed) {
  std::vector<std::string> found;
  std::unordered_set<std::string_view> named_zones;
  std::unordered_set<std::string_view> named_slots;
  if (plan.lot() != seed.lot) found.push_back("the store belongs to the lot " + plan.lot().text());
  if (plan.lot_name() != seed.name) found.emplace_back("the lot: another name");
  for (const ZoneSeed& wanted : seed.zones) {
    const auto zone = plan.find_zone(wanted.zone.id.text());
    named_zones.insert(wanted.zone.id.text());
    if (zone) {
      compare(plan.zone(*zone), wanted.zone, found);
    } else {
      found.push_back("zone " + wanted.zone.id.text() +
                      " is in the file only: `gatehouse init` adds it");
    }
    for (const SlotId& slot : wanted.slots) {
      named_slots.insert(slot.text());
      const auto index = plan.find_slot(slot.text());
      if (!index) {
        if (!zone) continue;  // said of the zone
        found.push_back("slot " + slot.text() + " is in the file only: `gatehouse init` adds it");
      } else if (plan.slot(*index).zone != zone) {
        found.push_back("slot " + slot.text() + " belongs to another zone in the store");
      } else if (plan.slot(*index).out_of_service) {
        found.push_back("slot " + slot.text() + " is closed in the store");
      }
    }
  }
  for (const ZonePlan& zone : plan.zones()) {
    if (!named_zones.contains(zone.id.text()))
      found.push_back("zone " + zone.id.text() + " is in the store only");
  }
  for (const SlotPlan& slot : plan.slots()) {
    if (!named_slots.contains(slot.id.text()))
      found.push_back("slot " + slot.id.text() + " is in the store only");
  }
  return found;
}

}  // namespace gatehouse::store
