#include "simulators/world/shown.hpp"

#include "edge/store/lot.hpp"
#include "edge/store/slots.hpp"

namespace gatehouse::world {

void Trace::add(std::string_view text) {
  for (const char c : text) hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
}

void Trace::add(std::uint64_t number) { add(std::to_string(number) + ' '); }

void Shown::act(const store::Committed<engine::Effects>& effects) {
  if (cut_) throw PowerCut();
  if (check_one_in_ > 0 && ++acts_ % check_one_in_ == 0) check_durable(effects.value());
  for (const auto& change : effects->slots) {
    slots_[at(change.slot)] = change.shown;
    trace_.add(plan_.slot(change.slot).id.text());
    trace_.add(name(change.shown.status));
  }
  for (const auto& change : effects->zones) {
    show(zones_[at(change.zone)], change.availability, plan_.zone(change.zone).id.text());
  }
  if (effects->lot) show(lot_, *effects->lot, "the lot");
}

void Shown::show(engine::Availability& shown, const engine::Availability& next,
                 std::string_view of) {
  const bool same_but_for_numbers = shown.counts == next.counts &&
                                    shown.available == next.available &&
                                    shown.hourly_rate == next.hourly_rate;
  if (next.seq < shown.seq) throw Violation("the seq of " + std::string(of) + " fell");
  if (next.seq == shown.seq && !same_but_for_numbers) {
    throw Violation("two availabilities of " + std::string(of) + " carry one seq");
  }
  shown = next;
  trace_.add(of);
  trace_.add(next.seq);
  trace_.add(next.available);
}

void Shown::check_durable(const engine::Effects& effects) {
  ++durable_checks_;
  const auto survivor = disk_->as_if_cut_now();
  store::Database database =
      store::Database::open({.path = "lot.db", .vfs = survivor->vfs_name(), .exclusive = true});
  const auto plan = store::load_plan(database);
  store::SlotStates states(database, *plan);
  const auto slots = states.load(Instant{});
  for (const auto& change : effects.slots) {
    // A slot without a row is free and without a sensor.
    if (slots[at(change.slot)].status != change.shown.status) {
      throw Violation("slot " + plan->slot(change.slot).id.text() +
                      " was shown before it was on disk");
    }
  }
  const auto zones = states.load_zone_counts();
  for (const auto& change : effects.zones) {
    if (zones[at(change.zone)].seq < change.availability.seq) {
      throw Violation("an availability was shown before its seq was on disk");
    }
  }
}

void check_availability(const LotPlan& plan, const engine::Availability& availability,
                        std::size_t zone) {
  std::uint32_t slots = 0;
  for (const SlotPlan& slot : plan.slots()) slots += at(slot.zone) == zone ? 1U : 0U;
  using enum SlotStatus;
  const SlotCounts& counts = availability.counts;
  const std::uint32_t sum = availability.available + counts.of(occupied) + counts.of(reserved) +
                            counts.of(unknown) + counts.of(out_of_service);
  if (counts.total() != slots) throw Violation("a zone's counts are not its slots");
  if (availability.active && sum != slots) throw Violation("availability does not add up");
  if (!availability.active && availability.available != 0) {
    throw Violation("something is available in a closed zone");
  }
}

}  // namespace gatehouse::world
