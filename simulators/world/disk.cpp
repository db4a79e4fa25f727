#include "simulators/world/disk.hpp"

#include "edge/domain/invariant.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <new>
#include <string_view>

#include <sqlite3.h>

namespace gatehouse::world {
namespace {

constexpr std::size_t sector_bytes = 512;

struct OpenFile {
  sqlite3_file base;
  Disk* disk;
  std::shared_ptr<Disk::File>* file;
};

OpenFile& opened(sqlite3_file* file) { return *reinterpret_cast<OpenFile*>(file); }
Disk& disk_of(sqlite3_vfs* vfs) { return *static_cast<Disk*>(vfs->pAppData); }

void write_into(std::vector<unsigned char>& bytes, const Disk::Write& write) {
  if (write.bytes.empty()) {
    bytes.resize(write.offset);
    return;
  }
  if (bytes.size() < write.offset + write.bytes.size()) {
    bytes.resize(write.offset + write.bytes.size());
  }
  std::copy(write.bytes.begin(), write.bytes.end(),
            bytes.begin() + static_cast<std::ptrdiff_t>(write.offset));
}

int file_close(sqlite3_file* file) {
  delete opened(file).file;
  return SQLITE_OK;
}

int file_read(sqlite3_file* file, void* out, int wanted, sqlite3_int64 offset) {
  if (opened(file).disk->is_without_power()) return SQLITE_IOERR_READ;
  const auto& bytes = (*opened(file).file)->now;
  const auto begin = std::min(static_cast<std::size_t>(offset), bytes.size());
  const auto count = std::min(static_cast<std::size_t>(wanted), bytes.size() - begin);
  if (count > 0) std::memcpy(out, bytes.data() + begin, count);
  if (count == static_cast<std::size_t>(wanted)) return SQLITE_OK;
  std::memset(static_cast<char*>(out) + count, 0, static_cast<std::size_t>(wanted) - count);
  return SQLITE_IOERR_SHORT_READ;
}

int change(sqlite3_file* file, Disk::Write write) {
  if (!opened(file).disk->pass_boundary()) {
    // The cut may have come in the middle of this very write.
    if (!write.bytes.empty() && opened(file).disk->is_without_power())
      (*opened(file).file)->unsynced.push_back(std::move(write));
    return SQLITE_IOERR_WRITE;
  }
  write_into((*opened(file).file)->now, write);
  (*opened(file).file)->unsynced.push_back(std::move(write));
  return SQLITE_OK;
}

int file_write(sqlite3_file* file, const void* in, int count, sqlite3_int64 offset) {
  if (opened(file).disk->is_without_power()) return SQLITE_IOERR_WRITE;
  const auto* bytes = static_cast<const unsigned char*>(in);
  return change(file, {static_cast<std::size_t>(offset), {bytes, bytes + count}});
}

int file_truncate(sqlite3_file* file, sqlite3_int64 size) {
  if (opened(file).disk->is_without_power()) return SQLITE_IOERR_TRUNCATE;
  return change(file, {static_cast<std::size_t>(size), {}});
}

int file_sync(sqlite3_file* file, int /*flags*/) {
  Disk& disk = *opened(file).disk;
  if (!disk.pass_boundary()) return SQLITE_IOERR_FSYNC;
  if (disk.is_lying()) return SQLITE_OK;
  Disk::File& synced = **opened(file).file;
  for (const Disk::Write& write : synced.unsynced) write_into(synced.synced, write);
  synced.unsynced.clear();
  synced.name_synced = true;
  return SQLITE_OK;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  *size = static_cast<sqlite3_int64>((*opened(file).file)->now.size());
  return SQLITE_OK;
}

// One simulated process, one connection: every lock is had at once.
int file_lock(sqlite3_file* /*file*/, int /*level*/) { return SQLITE_OK; }
int file_is_reserved(sqlite3_file* /*file*/, int* reserved) {
  *reserved = 0;
  return SQLITE_OK;
}
/// SQLite shows a pragma before it heeds it, in memory of its own.
int file_control(sqlite3_file* file, int operation, void* argument) {
  if (operation != SQLITE_FCNTL_PRAGMA || !opened(file).disk->is_weak()) return SQLITE_NOTFOUND;
  char* const* words = static_cast<char**>(argument);
  if (words[2] != nullptr && std::string_view(words[1]) == "synchronous")
    std::memcpy(words[2], "1", 2);  // NORMAL
  return SQLITE_NOTFOUND;
}
int file_sector_size(sqlite3_file* /*file*/) { return static_cast<int>(sector_bytes); }
// A torn write spoils nothing beside itself, as SQLite takes for granted of every disk on Linux.
int file_characteristics(sqlite3_file* /*file*/) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

const sqlite3_io_methods file_methods = {1,
                                         file_close,
                                         file_read,
                                         file_write,
                                         file_truncate,
                                         file_sync,
                                         file_size,
                                         file_lock,
                                         file_lock,
                                         file_is_reserved,
                                         file_control,
                                         file_sector_size,
                                         file_characteristics,
                                         nullptr,
                                         nullptr,
                                         nullptr,
                                         nullptr,
                                         nullptr,
                                         nullptr};

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* flags_out) {
  auto& files = disk_of(vfs).files();
  file->pMethods = nullptr;
  std::shared_ptr<Disk::File> found;
  if (const auto known = name == nullptr ? files.end() : files.find(name); known != files.end()) {
    found = known->second;
  } else if ((flags & SQLITE_OPEN_CREATE) == 0) {
    return SQLITE_CANTOPEN;
  } else {
    found = std::make_shared<Disk::File>();
    // Without a name it is gone when it is closed.
    if (name != nullptr) files.emplace(name, found);
  }
  auto* made = new (file) OpenFile{{&file_methods}, &disk_of(vfs), new std::shared_ptr(found)};
  static_cast<void>(made);
  if (flags_out != nullptr) *flags_out = flags;
  return SQLITE_OK;
}

int delete_file(sqlite3_vfs* vfs, const char* name, int /*sync_directory*/) {
  if (!disk_of(vfs).pass_boundary()) return SQLITE_IOERR_DELETE;
  return disk_of(vfs).files().erase(name) > 0 ? SQLITE_OK : SQLITE_IOERR_DELETE_NOENT;
}

int has_file(sqlite3_vfs* vfs, const char* name, int /*flags*/, int* result) {
  *result = disk_of(vfs).files().contains(name) ? 1 : 0;
  return SQLITE_OK;
}

int full_name(sqlite3_vfs* /*vfs*/, const char* name, int size, char* out) {
  sqlite3_snprintf(size, out, "%s", name);
  return SQLITE_OK;
}

int random_bytes(sqlite3_vfs* vfs, int count, char* out) {
  for (int i = 0; i < count; ++i) out[i] = static_cast<char>(disk_of(vfs).random().below(256));
  return count;
}

int sleep_not(sqlite3_vfs* /*vfs*/, int microseconds) { return microseconds; }

int julian_day_ms(sqlite3_vfs* /*vfs*/, sqlite3_int64* now) {
  *now = 0;  // nothing in the store asks SQLite for the time
  return SQLITE_OK;
}

int julian_day(sqlite3_vfs* /*vfs*/, double* now) {
  *now = 0;
  return SQLITE_OK;
}

/// Half of a short life goes into preparing statements, most of that into SQLite's allocator: no
/// statistics, and room on the side. Refused, and no harm done, once SQLite is in use.
void hurry_sqlite() {
  static const bool is_done = [] {
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 1'200, 400);
    return true;
  }();
  static_cast<void>(is_done);
}

}  // namespace

struct Disk::Registration {
  sqlite3_vfs vfs{};
  ~Registration() { sqlite3_vfs_unregister(&vfs); }
};

Disk::Disk(std::uint64_t seed) : random_(seed), registration_(std::make_unique<Registration>()) {
  hurry_sqlite();
  static std::atomic<std::uint64_t> disks{0};
  name_ = "world-disk-" + std::to_string(disks.fetch_add(1));
  sqlite3_vfs& vfs = registration_->vfs;
  vfs.iVersion = 2;
  vfs.szOsFile = sizeof(OpenFile);
  vfs.mxPathname = 512;
  vfs.zName = name_.c_str();
  vfs.pAppData = this;
  vfs.xOpen = open_file;
  vfs.xDelete = delete_file;
  vfs.xAccess = has_file;
  vfs.xFullPathname = full_name;
  vfs.xRandomness = random_bytes;
  vfs.xSleep = sleep_not;
  vfs.xCurrentTime = julian_day;
  vfs.xCurrentTimeInt64 = julian_day_ms;
  require(sqlite3_vfs_register(&vfs, 0) == SQLITE_OK, "SQLite takes another VFS");
}

Disk::~Disk() = default;

bool Disk::pass_boundary() {
  if (without_power_) return false;
  ++boundaries_;
  if (boundaries_left_ > 0 && --boundaries_left_ == 0) without_power_ = true;
  const bool fails_now = boundaries_to_failure_ > 0 && --boundaries_to_failure_ == 0;
  is_broken_ = is_broken_ || fails_now;
  return !without_power_ && !fails_now && !(is_broken_ && fails_for_good_);
}

void Disk::let_survive(File& file, Unsynced fate, bool& was_torn) {
  std::vector<unsigned char> survived = file.synced;
  for (Write& write : file.unsynced) {
    const bool is_last = &write == &file.unsynced.back();
    const bool chance_loses = fate == Unsynced::by_chance && random_.below(3) == 0;
    if (fate == Unsynced::lost || chance_loses) continue;
    const bool chance_tears = fate == Unsynced::by_chance && random_.below(2) == 0;
    const bool is_torn = chance_tears || (fate == Unsynced::torn && is_last);
    if (is_torn && write.bytes.size() > sector_bytes) {
      const auto sectors = write.bytes.size() / sector_bytes;
      const auto kept = chance_tears ? 1 + random_.below(sectors) : (sectors + 1) / 2;
      write.bytes.resize(kept * sector_bytes);
      was_torn = true;
    }
    write_into(survived, write);
  }
  file = {.now = survived, .synced = survived, .unsynced = {}, .name_synced = true};
}

bool Disk::restore_power(Unsynced fate) {
  bool was_torn = false;
  for (auto entry = files_.begin(); entry != files_.end();) {
    File& file = *entry->second;
    // A file whose name was never synced may be gone with all that is in it.
    const bool is_gone =
        fate == Unsynced::lost || (fate == Unsynced::by_chance && random_.below(2) == 0);
    if (!file.name_synced && is_gone) {
      entry = files_.erase(entry);
      continue;
    }
    let_survive(file, fate, was_torn);
    ++entry;
  }
  without_power_ = false;
  boundaries_left_ = 0;
  return was_torn;
}

bool Disk::has_unsynced() const {
  return std::ranges::any_of(files_, [](const auto& entry) {
    return !entry.second->name_synced || !entry.second->unsynced.empty();
  });
}

std::unique_ptr<Disk> Disk::as_if_cut_now() const {
  auto other = std::make_unique<Disk>(0);
  for (const auto& [name, file] : files_) {
    if (!file->name_synced) continue;
    auto copied = std::make_shared<File>();
    copied->now = copied->synced = file->synced;
    copied->name_synced = true;
    other->files_.emplace(name, std::move(copied));
  }
  return other;
}

std::unique_ptr<Disk> Disk::copy() const {
  auto other = std::make_unique<Disk>(0);
  other->is_weak_ = is_weak_;
  for (const auto& [name, file] : files_) {
    other->files_.emplace(name, std::make_shared<File>(*file));
  }
  return other;
}

}  // namespace gatehouse::world
