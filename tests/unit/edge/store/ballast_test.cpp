// Room that is kept for the day the disk is full.
#include "edge/store/ballast.hpp"

#include "tests/support/temp_dir.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <catch2/catch.hpp>
#include <sys/stat.h>

using gatehouse::store::Ballast;
using gatehouse::tests::TempDir;

namespace {

struct Disk {
  TempDir dir;
  std::uint64_t free_bytes = 1'000'000;
  Ballast ballast = make();

  [[nodiscard]] Ballast make() {
    return {dir / "gatehouse.db",
            {.ballast_bytes = 100'000, .low_bytes = 10'000},
            [this](const auto&) { return free_bytes; }};
  }
  [[nodiscard]] std::filesystem::path file() const { return dir / "gatehouse.db.ballast"; }
  [[nodiscard]] bool is_kept() const { return std::filesystem::exists(file()); }
};

}  // namespace

TEST_CASE("while there is room, room is kept", "[store][ballast]") {
  Disk disk;
  CHECK_FALSE(disk.ballast.is_scarce());
  struct stat found{};
  REQUIRE(::stat(disk.file().c_str(), &found) == 0);
  CHECK(found.st_size == 100'000);
  CHECK(found.st_blocks * 512 >= 100'000);  // blocks, not only a size
  CHECK((found.st_mode & 0777U) == 0600U);
}

TEST_CASE(
    "what was kept is given up when the disk is nearly full, and comes back when there is room",
    "[store][ballast]") {
  Disk disk;
  disk.free_bytes = 120'000;
  REQUIRE_FALSE(disk.ballast.is_scarce());
  disk.free_bytes = 10'000;
  CHECK_FALSE(disk.ballast.is_scarce());
  disk.free_bytes = 9'999;
  CHECK(disk.ballast.is_scarce());
  CHECK_FALSE(disk.is_kept());

  disk.free_bytes = 119'999;  // what was given up, and nearly enough besides
  CHECK(disk.ballast.is_scarce());
  CHECK_FALSE(disk.is_kept());
  disk.free_bytes = 120'000;
  CHECK_FALSE(disk.ballast.is_scarce());
  CHECK(disk.is_kept());
}

TEST_CASE("another process finds what was kept before it", "[store][ballast]") {
  Disk disk;
  REQUIRE_FALSE(disk.ballast.is_scarce());
  disk.free_bytes = 50'000;  // too little to make it anew
  Ballast next = disk.make();
  CHECK_FALSE(next.is_scarce());
}

TEST_CASE("a file that was cut short is made whole", "[store][ballast]") {
  Disk disk;
  std::ofstream(disk.file()) << "cut";
  CHECK_FALSE(disk.ballast.is_scarce());
  CHECK(std::filesystem::file_size(disk.file()) == 100'000);
}

TEST_CASE("a disk that gives no file, or no answer, is scarce", "[store][ballast]") {
  const TempDir dir;
  Ballast nowhere(dir / "no/such/folder/gatehouse.db", {}, [](const auto&) { return 1ULL << 40U; });
  CHECK(nowhere.is_scarce());
  Ballast asked_in_vain(dir / "no/such/folder/gatehouse.db");
  CHECK(asked_in_vain.is_scarce());
}
