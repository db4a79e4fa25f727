// A directory for backups beside a lot that has seen something, and what its files hold.
#pragma once

#include "edge/store/backup.hpp"
#include "edge/store/restore.hpp"
#include "tests/unit/edge/store/parking.hpp"

#include <algorithm>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace gatehouse::store::tests {

namespace fs = std::filesystem;

inline std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void write_bytes(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

struct Box {
  Parking parking;
  gatehouse::tests::TempDir dir;

  Box() {
    parking.stayed(0);
    parking.parked(1);
    event();
  }
  void event() {
    parking.commit([&](Transaction& t) {
      parking->outbox.append(t, {.type = "parking.session.opened.v1",
                                 .subject = "s",
                                 .time = noon,
                                 .data = R"({"a":1})"});
    });
  }
  [[nodiscard]] fs::path file(const char* name) const { return dir / name; }
  [[nodiscard]] std::expected<BackupFacts, std::string> back_up(const char* name) const {
    return store::back_up({.store = parking.store.path(), .to = file(name), .is_wanted = {}});
  }
  [[nodiscard]] RestoreOptions from(const char* name) const {
    return {.backup = file(name), .store = dir / "new.db", .lot = "demo", .at = noon + 24h};
  }
  /// Everything in the directory by name, without what SQLite keeps beside an open store.
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& entry : fs::directory_iterator(dir.path()))
      all.push_back(entry.path().filename().string());
    std::ranges::sort(all);
    return all;
  }
};

inline std::int64_t number(const fs::path& store, const std::string& query) {
  auto database = Database::open({.path = store});
  return database.raw().execAndGet(query).getInt64();
}

inline std::string text(const fs::path& store, const std::string& query) {
  auto database = Database::open({.path = store});
  return database.raw().execAndGet(query).getString();
}

}  // namespace gatehouse::store::tests
