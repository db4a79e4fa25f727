#include "simulators/world/process.hpp"

#include "edge/store/migrate.hpp"
#include "edge/store/outbox.hpp"
#include "edge/store/slots.hpp"

#include <sstream>

namespace gatehouse::world {
namespace {

using namespace std::chrono_literals;

// Room for a burst of a few messages of each slot, so that a seed can fill it.
constexpr std::size_t sensor_capacity_per_slot = 4;

store::Database open_on(Disk& disk, bool create) {
  return store::Database::open(
      {.path = "lot.db", .create = create, .vfs = disk.vfs_name(), .exclusive = true});
}

template <class Value>
void print_optional(std::ostream& out, const std::optional<Value>& value) {
  if (value) {
    out << ' ' << +*value;
  } else {
    out << " -";
  }
}

}  // namespace

WallTime IndianCalendar::local(Instant instant) const {
  const auto local = instant + 5h + 30min;
  const auto date = std::chrono::floor<std::chrono::days>(local);
  return {date, std::chrono::floor<std::chrono::minutes>(local - date)};
}

void init_store(Disk& disk, const store::LotSeed& seed, Instant now) {
  store::Database database = open_on(disk, true);
  store::migrate(database);
  store::seed(database, seed, now);
}

std::unique_ptr<const LotPlan> read_plan(Disk& disk) {
  store::Database database = open_on(disk, false);
  return store::load_plan(database);
}

Process::Process(const ProcessParts& parts) : database_(open_on(parts.disk, false)) {
  store::migrate(database_);
  plan_ = store::load_plan(database_);
  const std::size_t slots = plan_->slots().size();
  inbox_ = std::make_unique<engine::Inbox>(slots, sensor_capacity_per_slot * slots + 2);
  engine_ = std::make_unique<engine::Engine>(
      engine::Engine::Parts{.plan = *plan_,
                            .database = database_,
                            .inbox = *inbox_,
                            .clock = parts.clock,
                            .calendar = parts.calendar,
                            .outside = parts.outside,
                            .settings = {.stale_after = parts.stale_after}});
}

std::string fingerprint(Disk& disk) {
  store::Database database = open_on(disk, false);
  const auto plan = store::load_plan(database);
  store::SlotStates states(database, *plan);
  std::ostringstream out;
  const auto slots = states.load(Instant{});
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const SensorMemory& sensor = slots[i].sensor;
    out << plan->slots()[i].id.text() << ' ' << name(slots[i].status) << ' '
        << slots[i].since.time_since_epoch().count() << ' ' << sensor.spoke << sensor.occupied
        << sensor.offline << sensor.restarted;
    print_optional(out, sensor.seq);
    out << ' ' << (sensor.ts ? sensor.ts->time_since_epoch().count() : -1) << ' '
        << sensor.heard_at.time_since_epoch().count() << '\n';
  }
  for (const auto& zone : states.load_zone_counts()) out << "zone " << zone.seq << '\n';
  out << "lot " << states.load_lot_count().seq << '\n';
  const auto position = store::Outbox(database).position();
  out << "outbox " << position.epoch << ' ' << position.last_sequence << '\n';
  return out.str();
}

}  // namespace gatehouse::world
