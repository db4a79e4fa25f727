// Administrators change the lot: its zones, slots and settings. What is committed here is what the
// next start of the process reads; a planned outage alone takes effect at once.
#include "edge/domain/invariant.hpp"
#include "edge/domain/limits.hpp"
#include "edge/engine/desks.hpp"

#include <algorithm>
#include <string>
#include <unordered_set>
#include <utility>

namespace gatehouse::engine {
namespace {

using store::SlotRow;
using store::ZoneRow;

/// Whether a slot, or a gate, has this id: both are names of devices.
bool is_taken(Turn& turn, const SlotId& slot) {
  const auto row = turn.books.plan_rows.find_slot(slot.text());
  return (row && !row->removed) || turn.premises.gates.find_gate(slot.text());
}

/// Counted from the rows: what was added since the start is not in the running plan.
bool has_room_for(Turn& turn, std::size_t slots, std::size_t zones) {
  const auto rows = turn.books.plan_rows.zones();
  for (const ZoneRow& zone : rows) slots += zone.slots;
  return slots <= limits::slots_max && rows.size() + zones <= limits::zones_max;
}

/// A slot that was marked as deleted comes back, if it belongs there.
std::optional<Refusal> put_slot(Turn& turn, const SlotId& slot, const std::string& zone) {
  const auto row = turn.books.plan_rows.find_slot(slot.text());
  if (is_taken(turn, slot) || (row && row->zone != zone)) return Refusal::id_taken;
  if (row) {
    turn.books.plan_rows.update(turn.transaction, SlotRow{.id = slot, .zone = zone});
  } else {
    turn.books.plan_rows.insert(turn.transaction, slot, zone);
  }
  return std::nullopt;
}

/// The first number of its zone that nothing is called by.
std::optional<SlotId> next_slot(Turn& turn, const std::string& zone) {
  // Looked up one by one a large zone would hold up everybody else.
  std::unordered_set<std::string> there;
  for (const SlotRow& row : turn.books.plan_rows.slots(zone)) there.insert(row.id.text());
  for (std::size_t number = 1; number <= limits::slots_max; ++number) {
    const auto slot = SlotId::parse(numbered_slot_name(zone, number));
    if (!slot) return std::nullopt;
    if (there.contains(slot->text())) continue;
    if (!turn.books.plan_rows.find_slot(slot->text()) && !is_taken(turn, *slot)) return *slot;
  }
  return std::nullopt;
}

ZoneStored zone_stored(Turn& turn, std::string_view id, bool is_new) {
  turn.effects.lot_changed = true;
  auto row = turn.books.plan_rows.find_zone(id);
  require(row.has_value(), "a zone that was written is there");
  return {std::move(*row), is_new};
}

SlotStored slot_stored(Turn& turn, std::string_view id, bool is_new) {
  auto row = turn.books.plan_rows.find_slot(id);
  require(row.has_value(), "a slot that was written is there");
  return {std::move(*row), turn.books.outages.find(id), is_new};
}

std::optional<ZoneRow> find_zone(Turn& turn, std::string_view id) {
  auto row = turn.books.plan_rows.find_zone(id);
  return row && !row->removed ? std::move(row) : std::nullopt;
}

std::optional<SlotRow> find_slot(Turn& turn, std::string_view id) {
  auto row = turn.books.plan_rows.find_slot(id);
  return row && !row->removed ? std::move(row) : std::nullopt;
}

bool is_in_use(Turn& turn, std::string_view id) {
  const auto slot = turn.premises.plan.find_slot(id);
  return slot && turn.books.sessions.find_holder(*slot);
}

/// lot.toml names it: without it the next start would not know where the gate leads.
bool has_gate(Turn& turn, std::string_view zone) {
  const auto index = turn.premises.plan.find_zone(zone);
  return index && std::ranges::any_of(turn.premises.gates.lanes(), [&](const LanePlan& lane) {
           return lane.names_zones && lane.leads_to(*index);
         });
}

void end_outage(Turn& turn, std::string_view id) {
  if (const auto outage = turn.books.outages.find(id))
    turn.books.outages.end(turn.transaction, outage->key, turn.now.utc);
}

void show_outage(Turn& turn, std::string_view id) {
  const auto slot = turn.premises.plan.find_slot(id);
  if (!slot) return;  // new: the next start reads it
  const auto outage = turn.books.outages.find(id);
  turn.board.plan_outage(*slot, std::nullopt, turn.now.utc);
  if (outage) turn.board.plan_outage(*slot, OutageTime{outage->from, outage->to}, turn.now.utc);
}

}  // namespace

CallOutcome decide(Turn& turn, Lanes& /*lanes*/, const Actor& /*actor*/, const AddZone& asked) {
  const std::string& id = asked.zone.id.text();
  const auto before = turn.books.plan_rows.find_zone(id);
  if (before && !before->removed) return refused(Refusal::id_taken);
  if (!has_room_for(turn, asked.slots.size(), 1)) return refused(Refusal::lot_full);
  // All or nothing: looked at before anything is written.
  for (const SlotId& slot : asked.slots) {
    const auto row = turn.books.plan_rows.find_slot(slot.text());
    if (is_taken(turn, slot) || (row && row->zone != id)) return refused(Refusal::id_taken);
  }
  if (before) {
    turn.books.plan_rows.update(turn.transaction, asked.zone);
  } else {
    static_cast<void>(turn.books.plan_rows.insert(turn.transaction, asked.zone));
  }
  for (const SlotId& slot : asked.slots)
    require(!put_slot(turn, slot, id), "a slot that was looked at is free");
  return zone_stored(turn, id, true);
}

CallOutcome decide(Turn& turn, Lanes& /*lanes*/, const Actor& /*actor*/, const ChangeZone& asked) {
  auto row = find_zone(turn, asked.id);
  if (!row) return refused(Refusal::zone_not_found);
  ZonePlan& zone = row->plan;
  zone.name = asked.name.value_or(zone.name);
  zone.rates.hourly_rate = asked.hourly_rate.value_or(zone.rates.hourly_rate);
  zone.rates.bands = asked.bands.value_or(zone.rates.bands);
  zone.active = asked.active.value_or(zone.active);
  zone.walk_in = asked.walk_in.value_or(zone.walk_in);
  zone.operating_hours = asked.operating_hours.value_or(zone.operating_hours);
  zone.contact = asked.contact.value_or(zone.contact);
  zone.location = asked.location.value_or(zone.location);
  zone.features = asked.features.value_or(zone.features);
  turn.books.plan_rows.update(turn.transaction, zone);
  return zone_stored(turn, asked.id, false);
}

CallOutcome decide(Turn& turn, Lanes& /*lanes*/, const Actor& /*actor*/, const RemoveZone& asked) {
  auto row = find_zone(turn, asked.id);
  if (!row) return refused(Refusal::zone_not_found);
  turn.effects.lot_changed = true;
  const bool is_last = turn.books.plan_rows.zones().size() == 1;
  const bool is_kept =
      is_last || has_gate(turn, asked.id) || turn.books.plan_rows.zone_is_referred_to(asked.id);
  if (is_kept) {
    row->plan.active = false;
    turn.books.plan_rows.update(turn.transaction, row->plan);
  } else {
    turn.books.plan_rows.mark_zone(turn.transaction, asked.id);
  }
  return Removed{asked.id, is_kept};
}

CallOutcome decide(Turn& turn, Lanes& /*lanes*/, const Actor& /*actor*/, const AddSlot& asked) {
  if (!find_zone(turn, asked.zone)) return refused(Refusal::zone_not_found);
  if (!has_room_for(turn, 1, 0)) return refused(Refusal::lot_full);
  const auto slot = asked.slot ? asked.slot : next_slot(turn, asked.zone);
  if (!slot) return refused(Refusal::id_taken);
  if (const auto why = put_slot(turn, *slot, asked.zone)) return refused(*why);
  turn.effects.lot_changed = true;
  return slot_stored(turn, slot->text(), true);
}

CallOutcome decide(Turn& turn, Lanes& /*lanes*/, const Actor& actor, const ChangeSlot& asked) {
  auto row = find_slot(turn, asked.id);
  if (!row) return refused(Refusal::slot_not_found);
  const Instant from = asked.outage ? asked.outage->from.value_or(turn.now.utc) : turn.now.utc;
  // The clock went on since somebody looked at it for the caller.
  if (asked.outage && asked.outage->to && *asked.outage->to <= from)
    return refused(Refusal::action_not_possible);
  const bool closes = asked.closed.value_or(row->closed) && !row->closed;
  if (closes && is_in_use(turn, asked.id)) return refused(Refusal::slot_in_use);
  if (asked.closed && *asked.closed != row->closed) {
    row->closed = *asked.closed;
    turn.books.plan_rows.update(turn.transaction, *row);
    turn.effects.lot_changed = true;
  }
  if (asked.ends_outage || asked.outage) {
    end_outage(turn, asked.id);
    if (asked.outage) {
      static_cast<void>(turn.books.outages.plan(turn.transaction, {.slot = asked.id,
                                                                   .from = from,
                                                                   .to = asked.outage->to,
                                                                   .reason = asked.outage->reason,
                                                                   .created_at = turn.now.utc,
                                                                   .created_by = actor.user,
                                                                   .ended_at = {}}));
    }
    show_outage(turn, asked.id);
  }
  return slot_stored(turn, asked.id, false);
}

CallOutcome decide(Turn& turn, Lanes& /*lanes*/, const Actor& /*actor*/, const RemoveSlot& asked) {
  auto row = find_slot(turn, asked.id);
  if (!row) return refused(Refusal::slot_not_found);
  if (is_in_use(turn, asked.id)) return refused(Refusal::slot_in_use);
  turn.effects.lot_changed = true;
  const bool is_kept = turn.books.plan_rows.slot_is_referred_to(asked.id);
  if (is_kept) {
    row->closed = true;
    turn.books.plan_rows.update(turn.transaction, *row);
  } else {
    turn.books.plan_rows.mark_slot(turn.transaction, asked.id);
  }
  return Removed{asked.id, is_kept};
}

CallOutcome decide(Turn& turn, Lanes& /*lanes*/, const Actor& actor, const ChangeSettings& asked) {
  for (const store::Setting& setting : asked.set)
    turn.books.settings.put(turn.transaction, setting, turn.now.utc, actor.user);
  for (const std::string& key : asked.reset) turn.books.settings.drop(turn.transaction, key);
  if (!asked.set.empty() || !asked.reset.empty()) turn.effects.lot_changed = true;
  return SettingsStored{};
}

}  // namespace gatehouse::engine
