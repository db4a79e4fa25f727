// One process a store.
#include "edge/store/lock.hpp"

#include "tests/unit/edge/store/stores.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <utility>

#include <catch2/catch.hpp>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace gatehouse::store;
using namespace gatehouse::store::tests;
using gatehouse::tests::TempDir;

namespace {

/// Whether another process could take the lock now.
bool another_process_takes(const std::filesystem::path& store) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(ProcessLock::take(store) ? 0 : 1);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

TEST_CASE("a store has one process at a time", "[store][lock]") {
  const TempDir dir;
  const auto store = dir / "gatehouse.db";
  {
    const auto lock = ProcessLock::take(store);
    REQUIRE(lock.has_value());
    CHECK_FALSE(another_process_takes(store));
    CHECK_FALSE(ProcessLock::take(store).has_value());
    CHECK_FALSE(another_process_takes(store));
  }
  CHECK(another_process_takes(store));
  CHECK(ProcessLock::take(store).has_value());
}

TEST_CASE("other stores are free", "[store][lock]") {
  const TempDir dir;
  const auto lock = ProcessLock::take(dir / "one.db");
  CHECK(another_process_takes(dir / "other.db"));
}

TEST_CASE("a lock that was handed on is held once", "[store][lock]") {
  const TempDir dir;
  auto first = ProcessLock::take(dir / "gatehouse.db");
  REQUIRE(first.has_value());
  auto second = std::move(first);
  first.reset();
  CHECK_FALSE(another_process_takes(dir / "gatehouse.db"));
  second.reset();
  CHECK(another_process_takes(dir / "gatehouse.db"));
}

TEST_CASE("a process that is killed gives its lock back", "[store][lock]") {
  const TempDir dir;
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto lock = ProcessLock::take(dir / "gatehouse.db");
    const char taken = lock ? '1' : '0';
    if (::write(ready[1], &taken, 1) == 1) ::pause();
    ::_exit(0);
  }
  char taken = '0';
  REQUIRE(::read(ready[0], &taken, 1) == 1);
  CHECK(taken == '1');
  CHECK_FALSE(ProcessLock::take(dir / "gatehouse.db").has_value());
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(ready[0]);
  ::close(ready[1]);
  CHECK(ProcessLock::take(dir / "gatehouse.db").has_value());
}

TEST_CASE("a lock that cannot be made is an error, not a lock", "[store][lock]") {
  const TempDir dir;
  CHECK(failure([&] { static_cast<void>(ProcessLock::take(dir / "no/such/folder/g.db")); }) ==
        StoreError::Kind::unusable);
}

TEST_CASE("the lock stands beside the store, for its owner only", "[store][lock]") {
  const TempDir dir;
  const auto lock = ProcessLock::take(dir / "gatehouse.db");
  struct ::stat found{};
  REQUIRE(::stat((dir / "gatehouse.db.lock").c_str(), &found) == 0);
  CHECK((found.st_mode & 0777U) == 0600U);
  CHECK_FALSE(std::filesystem::exists(dir / "gatehouse.db"));
}

TEST_CASE("the lock is the store's, whatever path leads to it", "[store][lock]") {
  const TempDir dir;
  std::filesystem::create_directory(dir / "data");
  std::ofstream(dir / "data/gatehouse.db") << "";
  std::filesystem::create_symlink(dir / "data", dir / "link");
  std::filesystem::create_symlink(dir / "data/gatehouse.db", dir / "alias.db");
  std::filesystem::create_hard_link(dir / "data/gatehouse.db", dir / "other.db");
  const auto lock = ProcessLock::take(dir / "data/gatehouse.db");
  REQUIRE(lock.has_value());
  for (const char* path :
       {"link/gatehouse.db", "data/../data/gatehouse.db", "alias.db", "other.db"})
    CHECK_FALSE(another_process_takes(dir / path));
}

TEST_CASE("a lock file that somebody deletes lets nobody in", "[store][lock]") {
  const TempDir dir;
  std::ofstream(dir / "gatehouse.db") << "";
  const auto lock = ProcessLock::take(dir / "gatehouse.db");
  REQUIRE(lock.has_value());
  std::filesystem::remove(dir / "gatehouse.db.lock");
  CHECK_FALSE(another_process_takes(dir / "gatehouse.db"));
}
