// Where the board's figures of the day come from: the store, through a connection of its own that
// cannot write.
//
//   StoredTraffic traffic("gatehouse.db", clock, calendar);  // while the engine's connection is
//   open
//
// One thread, the server's. A store that cannot be read is a store::StoreError.
#pragma once

#include "edge/engine/ports.hpp"
#include "edge/store/database.hpp"
#include "edge/store/traffic.hpp"

#include <filesystem>

namespace gatehouse::api {

class TrafficSource {
 public:
  virtual ~TrafficSource() = default;
  /// Cheap while nothing happens: asked every second while somebody looks.
  [[nodiscard]] virtual store::TrafficCount today() = 0;
};

class StoredTraffic final : public TrafficSource {
 public:
  /// Clock and calendar outlive it.
  StoredTraffic(const std::filesystem::path& store_path, const engine::Clock& clock,
                const engine::Calendar& calendar)
      : clock_(clock),
        calendar_(calendar),
        database_(store::Database::open({.path = store_path, .read_only = true})),
        log_(database_) {}

  [[nodiscard]] store::TrafficCount today() override {
    return log_.count(clock_.now().utc, [this](Instant at) -> std::int64_t {
      return calendar_.local(at).date.time_since_epoch().count();
    });
  }

 private:
  const engine::Clock& clock_;
  const engine::Calendar& calendar_;
  store::Database database_;
  store::TrafficLog log_;
};

}  // namespace gatehouse::api
