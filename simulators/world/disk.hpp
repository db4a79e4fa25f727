// A disk that loses its power: an SQLite VFS in memory, for one simulated process at a time.
//
//   Disk disk(seed);
//   auto database = store::Database::open({.path = "lot.db", .create = true,
//                                          .vfs = disk.vfs_name(), .exclusive = true});
//   disk.cut_power_after(17);     // at the 17th write, sync or other boundary from here
//   …                             // from then on every operation fails; the process must stop
//   disk.restore_power();         // synced bytes are there; of the others some, some torn
//
// What was written and not synced may survive, be lost, or be torn at 512 bytes, each write for
// itself, as the seed decides. Has no shared memory: WAL works in exclusive mode only. One thread;
// outlives every connection opened on it.
#pragma once

#include "simulators/random.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace gatehouse::world {

class Disk {
 public:
  explicit Disk(std::uint64_t seed);
  ~Disk();
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;

  [[nodiscard]] const std::string& vfs_name() const { return name_; }

  /// The power goes at the `boundaries`-th write, truncation, sync or deletion from now; 1 is the
  /// next.
  void cut_power_after(std::uint64_t boundaries) { boundaries_left_ = boundaries; }
  void keep_power() { boundaries_left_ = 0; }
  [[nodiscard]] bool is_about_to_lose_power() const { return boundaries_left_ > 0; }
  [[nodiscard]] bool is_without_power() const { return without_power_; }
  /// After every connection was closed. Returns whether a write was torn in two.
  bool restore_power();

  /// The bytes that would be there if the power went now and everything unsynced were lost, on a
  /// disk of their own.
  [[nodiscard]] std::unique_ptr<Disk> as_if_cut_now() const;
  /// Everything as it is, unsynced bytes too.
  [[nodiscard]] std::unique_ptr<Disk> copy() const;

  /// A disk that lies: it reports a sync and does none. For the proof that lies are caught.
  void lie_about_syncs() { lies_ = true; }

  /// What the VFS reads, writes and counts; for disk.cpp.
  struct Write {
    std::size_t offset;
    std::vector<unsigned char> bytes;  // empty: a truncation to `offset`
  };
  struct File {
    std::vector<unsigned char> now;
    std::vector<unsigned char> synced;
    std::vector<Write> unsynced;
    bool name_synced = false;  // it exists after a power cut
  };
  /// Counts a boundary; false: the power is gone.
  bool pass_boundary();
  [[nodiscard]] bool is_lying() const { return lies_; }
  std::map<std::string, std::shared_ptr<File>>& files() { return files_; }
  simulators::Random& random() { return random_; }

 private:
  struct Registration;

  std::string name_;
  simulators::Random random_;
  std::map<std::string, std::shared_ptr<File>> files_;
  std::uint64_t boundaries_left_ = 0;  // 0: the power stays
  bool without_power_ = false;
  bool lies_ = false;
  std::unique_ptr<Registration> registration_;
};

}  // namespace gatehouse::world
