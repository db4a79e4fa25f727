#include "tests/unit/edge/store/failing_disk.hpp"

#include <new>

#include <sqlite3.h>

namespace gatehouse::store::tests {
namespace {

using Call = FailingDisk::Call;

Call failing = Call::none;
int failure_code = SQLITE_OK;

/// Our file in front, the system's behind it in the same block.
struct File {
  sqlite3_file base;
  bool is_log;
  bool is_store;
  [[nodiscard]] sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

sqlite3_file* real(sqlite3_file* file) { return reinterpret_cast<File*>(file)->real(); }

/// The real call, by the name of its member.
template <auto member>
struct Forward;
template <class... Arguments, int (*sqlite3_io_methods::*member)(sqlite3_file*, Arguments...)>
struct Forward<member> {
  static int call(sqlite3_file* file, Arguments... arguments) {
    sqlite3_file* behind = real(file);
    return (behind->pMethods->*member)(behind, arguments...);
  }
};

int write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
  const auto* ours = reinterpret_cast<File*>(file);
  if (ours->is_log && failing == Call::log_write) return failure_code;
  if (ours->is_store && failing == Call::store_write) return failure_code;
  return Forward<&sqlite3_io_methods::xWrite>::call(file, bytes, count, offset);
}

int sync(sqlite3_file* file, int flags) {
  if (reinterpret_cast<File*>(file)->is_log && failing == Call::log_sync) return failure_code;
  return Forward<&sqlite3_io_methods::xSync>::call(file, flags);
}

void shared_memory_barrier(sqlite3_file* file) { real(file)->pMethods->xShmBarrier(real(file)); }

using M = sqlite3_io_methods;
constexpr sqlite3_io_methods methods{
    .iVersion = 2,
    .xClose = Forward<&M::xClose>::call,
    .xRead = Forward<&M::xRead>::call,
    .xWrite = write,
    .xTruncate = Forward<&M::xTruncate>::call,
    .xSync = sync,
    .xFileSize = Forward<&M::xFileSize>::call,
    .xLock = Forward<&M::xLock>::call,
    .xUnlock = Forward<&M::xUnlock>::call,
    .xCheckReservedLock = Forward<&M::xCheckReservedLock>::call,
    .xFileControl = Forward<&M::xFileControl>::call,
    .xSectorSize = Forward<&M::xSectorSize>::call,
    .xDeviceCharacteristics = Forward<&M::xDeviceCharacteristics>::call,
    .xShmMap = Forward<&M::xShmMap>::call,
    .xShmLock = Forward<&M::xShmLock>::call,
    .xShmBarrier = shared_memory_barrier,
    .xShmUnmap = Forward<&M::xShmUnmap>::call,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

int open(sqlite3_vfs* disk, const char* name, sqlite3_file* file, int flags, int* flags_out) {
  auto* root = static_cast<sqlite3_vfs*>(disk->pAppData);
  auto* ours = new (file) File{.base = {nullptr},
                               .is_log = (flags & SQLITE_OPEN_WAL) != 0,
                               .is_store = (flags & SQLITE_OPEN_MAIN_DB) != 0};
  const int code = root->xOpen(root, name, ours->real(), flags, flags_out);
  if (ours->real()->pMethods != nullptr) ours->base.pMethods = &methods;
  return code;
}

}  // namespace

std::string FailingDisk::name() {
  static sqlite3_vfs disk = [] {
    sqlite3_vfs* root = sqlite3_vfs_find(nullptr);
    sqlite3_vfs made = *root;
    made.zName = "failing";
    made.szOsFile = static_cast<int>(sizeof(File)) + root->szOsFile;
    made.pAppData = root;
    made.xOpen = open;
    return made;
  }();
  sqlite3_vfs_register(&disk, 0);
  return disk.zName;
}

FailingDisk::Fault::Fault(Call call, int code) {
  failing = call;
  failure_code = code;
}
FailingDisk::Fault::~Fault() { failing = Call::none; }

}  // namespace gatehouse::store::tests
