// One process a store: an advisory lock on `{store}.lock`, held as long as the object lives and
// given back by the kernel when the process dies. The store's own file is never opened beside
// SQLite: closing it would drop SQLite's locks.
#pragma once

#include <filesystem>
#include <optional>

namespace gatehouse::store {

class ProcessLock {
 public:
  /// nullopt: another process holds it. Throws StoreError::unusable when the lock file cannot be
  /// made.
  static std::optional<ProcessLock> take(const std::filesystem::path& store_path);

  ProcessLock(ProcessLock&& other) noexcept;
  ProcessLock(const ProcessLock&) = delete;
  ProcessLock& operator=(const ProcessLock&) = delete;
  ProcessLock& operator=(ProcessLock&&) = delete;
  ~ProcessLock();

 private:
  explicit ProcessLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace gatehouse::store
