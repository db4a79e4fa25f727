// Room kept for the day the disk is full: a file beside the store that is given up then, so that
// whoever is inside can still pay and leave while nobody new is let in.
//
//   Ballast ballast("gatehouse.db");
//   if (ballast.is_scarce()) …   // once a second: gives the file up, or makes it again
//
// One thread at a time. A look costs one question to the kernel.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

namespace gatehouse::store {

class Ballast {
 public:
  struct Sizes {
    std::uint64_t ballast_bytes = 64ULL << 20U;
    // Less is scarce. More than a busy lot writes between two looks.
    std::uint64_t low_bytes = 16ULL << 20U;
  };
  /// Bytes that may still be written where `directory` lies; may throw.
  using FreeBytes = std::function<std::uint64_t(const std::filesystem::path& directory)>;

  explicit Ballast(const std::filesystem::path& store_path);
  Ballast(const std::filesystem::path& store_path, Sizes sizes, FreeBytes free_bytes);

  /// Whether only what lets cars out may still be written. While there is room the file is made;
  /// given up it comes back when its size and twice the low mark are free, so that a disk at the
  /// edge does not go to and fro. A disk that cannot be asked, or does not give the file, is
  /// scarce.
  bool is_scarce();

 private:
  [[nodiscard]] bool is_made() const;
  bool make() const;

  const std::filesystem::path path_;
  const Sizes sizes_;
  const FreeBytes free_bytes_;
};

}  // namespace gatehouse::store
