#include "edge/store/lock.hpp"

#include "edge/store/database.hpp"
#include "edge/store/files.hpp"

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace gatehouse::store {
namespace {

[[noreturn]] void fail(const std::string& doing) {
  throw StoreError(StoreError::Kind::unusable,
                   "cannot " + doing + ": " + std::generic_category().message(errno));
}

/// Whether the name was free. `socket` holds it from then on.
bool take_name(int socket, const struct stat& store) {
  const std::string name =
      "gatehouse-store-" + std::to_string(store.st_dev) + "-" + std::to_string(store.st_ino);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  // A path that begins with NUL is a name in the kernel alone.
  std::ranges::copy(name, address.sun_path + 1);
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): that is how bind() takes it
  return ::bind(socket, reinterpret_cast<const sockaddr*>(&address), length) == 0;
}

}  // namespace

std::optional<ProcessLock> ProcessLock::take(const std::filesystem::path& store_path) {
  const std::string path = real_path(store_path).string();
  const std::string lock_path = path + ".lock";
  ProcessLock lock;
  lock.file_ = ::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock.file_ < 0) fail("open " + lock_path);
  if (::flock(lock.file_, LOCK_EX | LOCK_NB) != 0) return std::nullopt;
  struct stat store{};
  if (::stat(path.c_str(), &store) != 0) return lock;
  lock.name_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (lock.name_ < 0) fail("lock " + path);
  if (!take_name(lock.name_, store)) {
    if (errno != EADDRINUSE) fail("lock " + path);
    return std::nullopt;
  }
  return lock;
}

ProcessLock::ProcessLock(ProcessLock&& other) noexcept
    : file_(std::exchange(other.file_, -1)), name_(std::exchange(other.name_, -1)) {}

ProcessLock::~ProcessLock() {
  if (name_ >= 0) ::close(name_);
  if (file_ >= 0) ::close(file_);
}

}  // namespace gatehouse::store
