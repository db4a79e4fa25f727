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
// itself, as the seed decides, or all of it as is asked for. It may also fail, once or from then
// on, and keep its power. Has no shared memory: WAL works in exclusive mode only. One thread;
// outlives every connection opened on it.
#pragma once

#include "simulators/random.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace gatehouse::world {

/// What becomes of bytes that were written and not synced when the power goes.
enum class Unsynced : std::uint8_t {
  by_chance,  // each write for itself
  lost,
  kept,
  torn,  // the last write, in the middle; the others are kept
};

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
  /// The power goes now.
  void cut_power() { without_power_ = true; }
  /// The `boundaries`-th one from now fails, and nothing of it is done; or every one from then on,
  /// until repair().
  void fail_after(std::uint64_t boundaries, bool for_good) {
    boundaries_to_failure_ = boundaries;
    fails_for_good_ = for_good;
  }
  void repair() {
    boundaries_to_failure_ = 0;
    is_broken_ = fails_for_good_ = false;
  }
  /// It has failed and was not repaired.
  [[nodiscard]] bool has_failed() const { return is_broken_; }
  [[nodiscard]] bool is_about_to_lose_power() const { return boundaries_left_ > 0; }
  [[nodiscard]] bool is_without_power() const { return without_power_; }
  /// After every connection was closed. Returns whether a write was torn in two.
  bool restore_power(Unsynced fate = Unsynced::by_chance);

  /// Writes, truncations, syncs and deletions so far.
  [[nodiscard]] std::uint64_t boundaries() const { return boundaries_; }

  /// Whether a power cut now could lose anything.
  [[nodiscard]] bool has_unsynced() const;

  /// The bytes that would be there if the power went now and everything unsynced were lost, on a
  /// disk of their own.
  [[nodiscard]] std::unique_ptr<Disk> as_if_cut_now() const;
  /// Everything as it is, unsynced bytes too.
  [[nodiscard]] std::unique_ptr<Disk> copy() const;

  /// A disk that lies: it reports a sync and does none. For the proof that lies are caught.
  void lie_about_syncs() { lies_ = true; }
  /// Whoever asks for synchronous=FULL gets NORMAL: commits are not synced. A deliberate defect.
  void weaken_synchronous() { is_weak_ = true; }
  [[nodiscard]] bool is_weak() const { return is_weak_; }

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
  /// Counts a boundary; false: the power is gone, or this one failed.
  bool pass_boundary();
  [[nodiscard]] bool is_lying() const { return lies_; }
  std::map<std::string, std::shared_ptr<File>>& files() { return files_; }
  simulators::Random& random() { return random_; }

 private:
  struct Registration;

  std::string name_;
  simulators::Random random_;
  std::map<std::string, std::shared_ptr<File>> files_;
  void let_survive(File& file, Unsynced fate, bool& was_torn);

  std::uint64_t boundaries_ = 0;
  std::uint64_t boundaries_left_ = 0;        // 0: the power stays
  std::uint64_t boundaries_to_failure_ = 0;  // 0: none comes
  bool without_power_ = false;
  bool fails_for_good_ = false;
  bool is_broken_ = false;
  bool is_weak_ = false;
  bool lies_ = false;
  std::unique_ptr<Registration> registration_;
};

}  // namespace gatehouse::world
