// The daily backup: one for each day of the lot, due at `[backup] at`, made as soon as it is
// missing (also after the box was off), named by its day, copied away, and forgotten when there are
// `keep_days` newer ones. An empty file beside it, `{backup}.copied`, says that it was copied: who
// restarts meanwhile copies it then.
//
//   BackupRota rota({.settings = config.backup, …});
//   rota.tick(wanted);   // now and then: does what is due, and waits until it is done
//
// tick() on one thread; collect() on any. What goes wrong becomes an alert, and is tried again.
#pragma once

#include "edge/engine/alarms.hpp"
#include "edge/engine/metrics.hpp"
#include "edge/engine/ports.hpp"
#include "edge/gateway/config.hpp"
#include "edge/store/backup.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::gateway {

using IsWanted = std::function<bool()>;

class BackupRota final : public engine::MetricsSource {
 public:
  using MakeBackup =
      std::function<std::expected<store::BackupFacts, std::string>(const store::BackupOptions&)>;
  using RunProgram = std::function<std::expected<void, std::string>(
      const std::vector<std::string>& words, std::chrono::milliseconds timeout, const IsWanted&)>;

  /// Clock, calendar and alarms outlive it.
  struct Parts {
    BackupSettings settings;
    std::filesystem::path store;
    std::string lot;
    const engine::Clock& clock;
    const engine::Calendar& calendar;
    engine::Alarms& alarms;
    MakeBackup back_up = store::back_up;
    RunProgram run_program;
  };
  explicit BackupRota(Parts parts);

  void tick(const IsWanted& is_wanted);
  void collect(std::vector<engine::Sample>& samples) const override;

 private:
  [[nodiscard]] std::chrono::sys_days due_on() const;
  [[nodiscard]] std::filesystem::path path_of(std::chrono::sys_days date) const;
  [[nodiscard]] std::vector<std::chrono::sys_days> dates() const;
  [[nodiscard]] std::optional<std::filesystem::path> to_copy(std::chrono::sys_days due) const;
  void make(std::chrono::sys_days due, const IsWanted& is_wanted);
  void copy(const std::filesystem::path& path, const IsWanted& is_wanted);
  void forget_old(std::chrono::sys_days due) const;
  void watch_age(std::chrono::sys_days due);
  void tell(const char* kind, std::string message);

  const Parts parts_;
  const Instant began_;
  Steady next_try_{};
  std::map<std::string, bool> told_;           // by kind: whether it was its end
  std::atomic<std::int64_t> newest_at_ms_{0};  // when the newest was due; 0: none
  std::atomic<std::uint64_t> made_{0};
  std::atomic<std::uint64_t> failed_{0};
  std::atomic<std::uint64_t> copied_{0};
  std::atomic<std::uint64_t> copies_failed_{0};
};

}  // namespace gatehouse::gateway
