#include "edge/store/slots.hpp"

#include "edge/domain/invariant.hpp"
#include "edge/store/columns.hpp"
#include "edge/store/statement.hpp"
#include "edge/store/time_column.hpp"

#include <array>

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {
std::vector<std::int64_t> keys(SQLite::Database& raw, const char* query_text) {
  std::vector<std::int64_t> found;
  SQLite::Statement query(raw, query_text);
  while (query.executeStep()) found.push_back(query.getColumn(0).getInt64());
  return found;
}

SlotStatus parse_status(std::string_view text) {
  using enum SlotStatus;
  for (const SlotStatus status : {free, reserved, occupied, unknown, out_of_service}) {
    if (name(status) == text) return status;
  }
  throw StoreError(StoreError::Kind::unusable, "the store holds an impossible slot status");
}

template <class Number>
std::optional<Number> optional_number(const SQLite::Column& column) {
  if (column.isNull()) return std::nullopt;
  return static_cast<Number>(column.getInt64());
}

SlotState read_state(SQLite::Statement& row) {
  SlotState state;
  SensorMemory& sensor = state.sensor;
  sensor.spoke = row.getColumn(1).getInt() != 0;
  sensor.occupied = row.getColumn(2).getInt() != 0;
  sensor.offline = row.getColumn(3).getInt() != 0;
  sensor.restarted = row.getColumn(4).getInt() != 0;
  sensor.seq = optional_number<std::uint64_t>(row.getColumn(5));
  if (const auto ts = optional_number<std::int64_t>(row.getColumn(6))) sensor.ts = from_column(*ts);
  sensor.heard_at = from_column(row.getColumn(7).getInt64());
  sensor.battery_percent = optional_number<std::uint8_t>(row.getColumn(8));
  sensor.rssi_dbm = optional_number<std::int16_t>(row.getColumn(9));
  state.firmware = row.getColumn(10).getString();
  state.status = parse_status(row.getColumn(11).getText());
  state.since = from_column(row.getColumn(12).getInt64());
  return state;
}

template <class Number>
void bind_optional(SQLite::Statement& statement, int position, const std::optional<Number>& value) {
  if (value) {
    statement.bind(position, static_cast<std::int64_t>(*value));
  } else {
    statement.bind(position);
  }
}

}  // namespace

struct SlotStates::Statements {
  explicit Statements(SQLite::Database& raw)
      : save(raw,
             "INSERT OR REPLACE INTO slot_states (slot, spoke, occupied, offline, restarted, seq, "
             "ts, heard_at, battery_percent, rssi_dbm, firmware, status, since) "
             "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
        zone(raw, "UPDATE zones SET availability_seq = ?, availability_at = ? WHERE key = ?"),
        lot(raw, "UPDATE lot_availability SET seq = ?, at = ?"),
        heartbeat(raw, "UPDATE heartbeat SET at = ?") {}
  Statement save;
  Statement zone;
  Statement lot;
  Statement heartbeat;
};

SlotStates::SlotStates(Database& database, const LotPlan& plan) : database_(database) {
  try {
    slot_keys_ = keys(database.raw(), "SELECT key FROM slots ORDER BY key");
    zone_keys_ = keys(database.raw(), "SELECT key FROM zones ORDER BY key");
    statements_ = std::make_unique<Statements>(database.raw());
  } catch (const SQLite::Exception&) {
    throw_store_error("cannot read the slots");
  }
  require(slot_keys_.size() == plan.slots().size(), "the plan is this store's");
  require(zone_keys_.size() == plan.zones().size(), "the plan is this store's");
}

SlotStates::~SlotStates() = default;

std::vector<SlotState> SlotStates::load(Instant now) {
  try {
    std::vector<SlotState> states(slot_keys_.size());
    for (SlotState& state : states) state.since = now;
    SQLite::Statement query(database_.raw(),
                            "SELECT slot, spoke, occupied, offline, restarted, seq, ts, heard_at, "
                            "battery_percent, rssi_dbm, firmware, status, since "
                            "FROM slot_states ORDER BY slot");
    std::size_t index = 0;
    while (query.executeStep()) {
      const std::int64_t key = query.getColumn(0).getInt64();
      while (index < slot_keys_.size() && slot_keys_[index] != key) ++index;  // both in key order
      if (index == slot_keys_.size()) throw_impossible("state of a slot that is not there");
      states[index] = read_state(query);
    }
    return states;
  } catch (const SQLite::Exception&) {
    throw_store_error("cannot read the slots' states");
  }
}

std::vector<ChangeCount> SlotStates::load_zone_counts() {
  try {
    std::vector<ChangeCount> counts;
    SQLite::Statement query(database_.raw(),
                            "SELECT availability_seq, availability_at FROM zones ORDER BY key");
    while (query.executeStep()) {
      counts.push_back({static_cast<std::uint64_t>(query.getColumn(0).getInt64()),
                        from_column(query.getColumn(1).getInt64())});
    }
    return counts;
  } catch (const SQLite::Exception&) {
    throw_store_error("cannot read the zones' counters");
  }
}

ChangeCount SlotStates::load_lot_count() {
  try {
    SQLite::Statement query(database_.raw(), "SELECT seq, at FROM lot_availability");
    if (!query.executeStep()) return {};
    return {static_cast<std::uint64_t>(query.getColumn(0).getInt64()),
            from_column(query.getColumn(1).getInt64())};
  } catch (const SQLite::Exception&) {
    throw_store_error("cannot read the lot's counter");
  }
}

void SlotStates::save(Transaction& /*transaction*/, SlotIndex slot, const SlotStateView& state) {
  try {
    SQLite::Statement& save = statements_->save;
    const SensorMemory& sensor = state.sensor;
    renew(save);
    save.bind(1, slot_keys_[at(slot)]);
    save.bind(2, sensor.spoke ? 1 : 0);
    save.bind(3, sensor.occupied ? 1 : 0);
    save.bind(4, sensor.offline ? 1 : 0);
    save.bind(5, sensor.restarted ? 1 : 0);
    bind_optional(save, 6, sensor.seq);
    if (sensor.ts) {
      save.bind(7, to_column(*sensor.ts));
    } else {
      save.bind(7);
    }
    save.bind(8, to_column(sensor.heard_at));
    bind_optional(save, 9, sensor.battery_percent);
    bind_optional(save, 10, sensor.rssi_dbm);
    save.bind(11, std::string(state.firmware));
    save.bindNoCopy(12, name(state.status).data());
    save.bind(13, to_column(state.since));
    save.exec();
  } catch (const SQLite::Exception&) {
    throw_store_error("cannot save a slot's state");
  }
}

void SlotStates::save_zone_count(Transaction& /*transaction*/, ZoneIndex zone,
                                 const ChangeCount& count) {
  try {
    SQLite::Statement& update = statements_->zone;
    renew(update);
    update.bind(1, static_cast<std::int64_t>(count.seq));
    update.bind(2, to_column(count.at));
    update.bind(3, zone_keys_[at(zone)]);
    update.exec();
  } catch (const SQLite::Exception&) {
    throw_store_error("cannot save a zone's counter");
  }
}

void SlotStates::save_lot_count(Transaction& /*transaction*/, const ChangeCount& count) {
  try {
    SQLite::Statement& update = statements_->lot;
    renew(update);
    update.bind(1, static_cast<std::int64_t>(count.seq));
    update.bind(2, to_column(count.at));
    update.exec();
  } catch (const SQLite::Exception&) {
    throw_store_error("cannot save the lot's counter");
  }
}

void SlotStates::save_heartbeat(Transaction& /*transaction*/, Instant now) {
  try {
    SQLite::Statement& update = statements_->heartbeat;
    renew(update);
    update.bind(1, to_column(now));
    update.exec();
  } catch (const SQLite::Exception&) {
    throw_store_error("cannot save the heartbeat");
  }
}

}  // namespace gatehouse::store
