#include "edge/store/files.hpp"

#include "edge/store/database.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::store {
namespace {

namespace fs = std::filesystem;

/// A descriptor that is closed whatever happens.
class File {
 public:
  File(const fs::path& path, int flags, const std::string& doing)
      : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, S_IRUSR | S_IWUSR)) {
    if (descriptor_ < 0) throw_file_error(doing + " " + path.string());
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

void write_all(const File& file, std::string_view text, const fs::path& path) {
  while (!text.empty()) {
    const auto written = ::write(file.descriptor(), text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw_file_error("cannot write " + path.string());
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

fs::path directory_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

}  // namespace

fs::path real_path(const fs::path& store) {
  std::error_code error;
  const auto path = fs::weakly_canonical(store, error);
  return error ? store : path;
}

void throw_file_error(const std::string& doing) {
  const int error = errno;
  const bool is_full = error == ENOSPC || error == EDQUOT;
  throw StoreError(is_full ? StoreError::Kind::disk_full : StoreError::Kind::unusable,
                   doing + ": " + std::generic_category().message(error));
}

void sync_file(const fs::path& path) {
  const File file(path, O_RDONLY, "cannot open");
  if (::fsync(file.descriptor()) != 0) throw_file_error("cannot sync " + path.string());
}

void sync_directory_of(const fs::path& path) {
  const fs::path directory = directory_of(path);
  const File file(directory, O_RDONLY | O_DIRECTORY, "cannot open");
  if (::fsync(file.descriptor()) != 0) throw_file_error("cannot sync " + directory.string());
}

void move_durably(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0)
    throw_file_error("cannot move " + from.string() + " to " + to.string());
  sync_directory_of(to);
}

void make_empty(const fs::path& path) {
  std::error_code ignored;
  fs::remove(path, ignored);
  const File file(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, "cannot make");
}

void write_durably(const fs::path& path, std::string_view text) {
  const fs::path beside = path.string() + ".new";
  make_empty(beside);
  {
    const File file(beside, O_WRONLY, "cannot open");
    write_all(file, text, beside);
    if (::fsync(file.descriptor()) != 0) throw_file_error("cannot sync " + beside.string());
  }
  move_durably(beside, path);
}

}  // namespace gatehouse::store
