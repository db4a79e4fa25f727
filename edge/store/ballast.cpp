#include "edge/store/ballast.hpp"

#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace gatehouse::store {
namespace {

namespace fs = std::filesystem;

std::uint64_t free_bytes_of(const fs::path& directory) { return fs::space(directory).available; }

fs::path directory_of(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

}  // namespace

Ballast::Ballast(const fs::path& store_path) : Ballast(store_path, {}, free_bytes_of) {}

Ballast::Ballast(const fs::path& store_path, Sizes sizes, FreeBytes free_bytes)
    : path_(store_path.string() + ".ballast"), sizes_(sizes), free_bytes_(std::move(free_bytes)) {}

bool Ballast::is_scarce() {
  try {
    const std::uint64_t free = free_bytes_(directory_of(path_));
    if (is_made()) {
      if (free >= sizes_.low_bytes) return false;
      fs::remove(path_);
      return true;
    }
    return free < sizes_.ballast_bytes + 2 * sizes_.low_bytes || !make();
  } catch (const fs::filesystem_error&) {
    return true;
  }
}

/// A file cut short, by a power cut while it was made, holds nothing.
bool Ballast::is_made() const {
  std::error_code error;
  return fs::file_size(path_, error) == sizes_.ballast_bytes && !error;
}

bool Ballast::make() const {
  const int file = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return false;
  // Not only a size: blocks that nobody else gets.
  const bool made = ::posix_fallocate(file, 0, static_cast<off_t>(sizes_.ballast_bytes)) == 0;
  ::close(file);
  std::error_code ignored;
  if (!made) fs::remove(path_, ignored);
  return made;
}

}  // namespace gatehouse::store
