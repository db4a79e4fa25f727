#include "simulators/world/gate_process.hpp"

#include "edge/domain/invariant.hpp"
#include "edge/store/accounts.hpp"
#include "edge/store/lot.hpp"
#include "edge/store/migrate.hpp"
#include "simulators/world/process.hpp"

#include <utility>

namespace gatehouse::world {
namespace {

using namespace std::chrono_literals;

store::Database open_on(Disk& disk) {
  return store::Database::open({.path = "lot.db", .vfs = disk.vfs_name(), .exclusive = true});
}

LanePlan lane(const char* id, LaneDirection direction, std::uint32_t barrier,
              std::vector<ZoneIndex> zones) {
  return {.id = GateId::parse(id).value(),
          .direction = direction,
          .barrier = BarrierIndex(barrier),
          .zones = std::move(zones)};
}

/// A day of the lot in a few minutes: an hour of a stay takes one of ours, windows are as short.
engine::Premises premises_of(const LotPlan& plan, const GateProcessParts& parts) {
  BillingRules billing;
  billing.walk_in_hold = 2min;
  billing.exit_window = 1min;
  billing.minute = 1s;
  return {.plan = plan,
          .gates = gate_plan(),
          .gate_rules = {.scan_ttl = 15s,
                         .debounce = 3000ms,
                         .reopen_window = 25s,
                         .pay_wait = 60s,
                         .bad_codes_per_minute = 3},
          .billing = billing,
          .local = [&calendar = parts.calendar](Instant at) { return calendar.local(at); },
          .boot = parts.boot};
}

}  // namespace

std::string PlainQr::svg(std::string_view text) const {
  return "<svg><path d='" + std::string(text) + "'/></svg>";
}

GatePlan gate_plan() {
  const ZoneIndex a{0U};
  const ZoneIndex b{1U};
  std::vector<BarrierId> barriers;
  for (const char* id : {"b1", "b2", "b3", "b4"}) barriers.push_back(BarrierId::parse(id).value());
  return {
      {lane("ENTRY_1", LaneDirection::entry, 0, {a, b}),
       lane("EXIT_1", LaneDirection::exit, 1, {a, b}),
       lane("BOTH_1", LaneDirection::both, 2, {b, a}), lane("EXIT_2", LaneDirection::exit, 3, {b})},
      std::move(barriers)};
}

store::UserKey init_gate_store(Disk& disk, const std::array<ZoneSize, 2>& zones, Instant now) {
  store::LotSeed seed{.lot = *LotId::parse("world"), .name = "World", .zones = {}};
  constexpr std::array ids{"A", "B"};
  for (std::size_t i = 0; i < zones.size(); ++i) {
    store::ZoneSeed zone{.zone = {.id = *ZoneId::parse(ids[i]), .name = ids[i]}, .slots = {}};
    zone.zone.rates.hourly_rate = zones[i].hourly_rate;
    for (std::size_t n = 1; n <= zones[i].slots; ++n)
      zone.slots.push_back(*SlotId::parse(numbered_slot_name(ids[i], n)));
    seed.zones.push_back(std::move(zone));
  }
  init_store(disk, seed, now);
  store::Database database = open_on(disk);
  store::Accounts accounts(database);
  store::Transaction transaction = database.begin();
  const auto staff = accounts.insert(transaction, {.username = "staff",
                                                   .role = store::Role::staff,
                                                   .gate = {},
                                                   .password_hash = "x",
                                                   .email = {},
                                                   .phone_number = {},
                                                   .created_at = now});
  require(staff.has_value(), "a new store has no staff yet");
  static_cast<void>(std::move(transaction).commit(0));
  return *staff;
}

GateProcess::GateProcess(const GateProcessParts& parts)
    : database_((open_on(parts.disk))),
      plan_((store::migrate(database_), store::load_plan(database_))),
      books_(database_, *plan_),
      premises_(premises_of(*plan_, parts)),
      inbox_(std::make_unique<engine::Inbox>(plan_->slots().size())) {
  engine_ = std::make_unique<engine::Engine>(engine::Engine::Parts{
      .plan = *plan_,
      .database = database_,
      .inbox = *inbox_,
      .clock = parts.clock,
      .calendar = parts.calendar,
      .outside = parts.outside,
      .settings = {},
      .gates = engine::GateParts{
          .premises = premises_, .qr = qr_, .random = parts.bytes, .ticket_key = ticket_key}});
}

}  // namespace gatehouse::world
