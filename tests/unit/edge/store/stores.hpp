// Stores for tests: in a directory of their own, at the newest schema, with a small lot.
#pragma once

#include "edge/store/database.hpp"
#include "edge/store/lot.hpp"
#include "edge/store/migrate.hpp"
#include "tests/support/temp_dir.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store::tests {

using namespace std::chrono_literals;

inline constexpr Instant noon = std::chrono::sys_days(std::chrono::year{2026} / 11 / 20) + 12h;

inline ZoneSeed zone_seed(const std::string& id, std::size_t slots) {
  ZoneSeed seed{
      .zone = {.id = ZoneId::parse(id).value(), .name = "Zone " + id, .rates = {Paise(5'000), {}}},
      .slots = {}};
  for (std::size_t i = 1; i <= slots; ++i) {
    seed.slots.push_back(SlotId::parse(numbered_slot_name(id, i)).value());
  }
  return seed;
}

/// The lot `demo`: zone A with three slots, zone B with two.
inline LotSeed demo_seed() {
  return {.lot = LotId::parse("demo").value(),
          .name = "Demo lot",
          .zones = {zone_seed("A", 3), zone_seed("B", 2)}};
}

/// A store on disk that can be closed and opened again.
class TestStore {
 public:
  explicit TestStore(std::string vfs = {}) : vfs_(std::move(vfs)) {
    database_ =
        std::make_unique<Database>(Database::open({.path = path(), .create = true, .vfs = vfs_}));
    migrate(*database_);
    seed(*database_, demo_seed(), noon);
  }
  [[nodiscard]] std::filesystem::path path() const { return dir_ / "gatehouse.db"; }
  Database& operator*() { return *database_; }
  Database* operator->() { return database_.get(); }
  void close() { database_.reset(); }
  void open(int log_frames_max = 16'384) {
    database_ = std::make_unique<Database>(
        Database::open({.path = path(), .vfs = vfs_, .log_frames_max = log_frames_max}));
  }
  void reopen() { close(), open(); }

  int number(const std::string& query) { return database_->raw().execAndGet(query).getInt(); }
  std::string text(const std::string& query) {
    return database_->raw().execAndGet(query).getString();
  }
  void run(const std::string& sql) { database_->raw().exec(sql); }
  /// Whether SQLite itself refuses it.
  bool refuses(const std::string& sql) {
    try {
      run(sql);
      return false;
    } catch (const SQLite::Exception&) {
      return true;
    }
  }

 private:
  gatehouse::tests::TempDir dir_;
  std::string vfs_;
  std::unique_ptr<Database> database_;
};

/// The kind of StoreError that the work ends with, if any.
template <class Work>
std::optional<StoreError::Kind> failure(Work&& work) {
  try {
    work();
    return std::nullopt;
  } catch (const StoreError& error) {
    return error.kind();
  }
}

}  // namespace gatehouse::store::tests
