// One process a store, held as long as the object lives and given back by the kernel when the
// process dies. The store's own file is never opened beside SQLite: closing it would drop SQLite's
// locks.
//
// Two locks, as each misses something. An advisory lock on `{store}.lock` beside the file itself,
// wherever symbolic links lead: also seen from another container, but whoever deletes the lock file
// makes a second one possible. And a name in the kernel made of the file's device and number: the
// same for every path and hard link to it, and nothing to delete, but seen in one network namespace
// only (unix(7), abstract sockets).
#pragma once

#include <filesystem>
#include <optional>

namespace gatehouse::store {

class ProcessLock {
 public:
  /// nullopt: another process holds it. A store that does not exist yet has only the lock file.
  /// Throws StoreError::unusable when the lock file cannot be made.
  static std::optional<ProcessLock> take(const std::filesystem::path& store_path);

  ProcessLock(ProcessLock&& other) noexcept;
  ProcessLock(const ProcessLock&) = delete;
  ProcessLock& operator=(const ProcessLock&) = delete;
  ProcessLock& operator=(ProcessLock&&) = delete;
  ~ProcessLock();

 private:
  ProcessLock() = default;
  int file_ = -1;
  int name_ = -1;  // a socket that is never spoken to
};

}  // namespace gatehouse::store
