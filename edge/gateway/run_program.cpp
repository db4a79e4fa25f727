#include "edge/gateway/run_program.hpp"

#include "edge/domain/invariant.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" {
// Debian 12's own header forgets to say so.
#include <sys/pidfd.h>
}

namespace gatehouse::gateway {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// How soon it is noticed that nobody wants it any more.
constexpr milliseconds look_interval{100};

std::string words_of(int error) { return std::generic_category().message(error); }

// What a program needs to find others, its settings and its words. The rest of our environment is
// secrets (docs/contract/config-and-cli.md, keys that end in `_env`).
constexpr std::array<const char*, 3> handed_on = {"PATH", "HOME", "LANG"};

/// `PATH=/usr/bin:/bin`, each that is set.
std::vector<std::string> environment_to_hand_on() {
  std::vector<std::string> variables;
  for (const char* const name : handed_on) {
    if (const char* const value = std::getenv(name); value != nullptr)
      variables.push_back(fmt::format("{}={}", name, value));
  }
  return variables;
}

/// As exec() takes them, ended by a null; they point into `words`.
std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// A process group of its own, no signal held back, nothing to read, no file of ours but standard
/// error: a socket that it kept open would hold our port or a peer's connection after our end.
class Spawning {
 public:
  Spawning() {
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawn_file_actions_init(&files_);
    posix_spawn_file_actions_addopen(&files_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files_, STDERR_FILENO, STDOUT_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&files_, STDERR_FILENO + 1);
  }
  Spawning(const Spawning&) = delete;
  Spawning& operator=(const Spawning&) = delete;
  ~Spawning() {
    posix_spawn_file_actions_destroy(&files_);
    posix_spawnattr_destroy(&attributes_);
  }
  /// 0, or why not.
  int spawn(pid_t& process, std::vector<std::string> words) const {
    std::vector<std::string> variables = environment_to_hand_on();
    return ::posix_spawnp(&process, words.front().c_str(), &files_, &attributes_,
                          pointers_to(words).data(), pointers_to(variables).data());
  }

 private:
  posix_spawnattr_t attributes_{};
  posix_spawn_file_actions_t files_{};
};

std::expected<void, std::string> outcome(const std::string& program, int status) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  if (WIFEXITED(status))
    return std::unexpected(fmt::format("{} ended with {}", program, WEXITSTATUS(status)));
  return std::unexpected(fmt::format("{} was ended by signal {}", program, WTERMSIG(status)));
}

/// Whether it has ended by itself.
bool wait_for_end(int process, milliseconds timeout, const std::function<bool()>& is_wanted) {
  const auto end = steady_clock::now() + timeout;
  while (!is_wanted || is_wanted()) {
    const auto left = std::chrono::ceil<milliseconds>(end - steady_clock::now());
    if (left <= milliseconds(0)) return false;
    pollfd polled{.fd = process, .events = POLLIN, .revents = 0};
    const int found = ::poll(&polled, 1, static_cast<int>(std::min(left, look_interval).count()));
    if (found > 0) return true;
  }
  return false;
}

int reap(pid_t process) {
  int status = 0;
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

}  // namespace

std::expected<void, std::string> run_program(const std::vector<std::string>& words,
                                             milliseconds timeout,
                                             const std::function<bool()>& is_wanted) {
  require(!words.empty(), "a program to run is named");
  pid_t process = -1;
  const int error = Spawning().spawn(process, words);
  if (error != 0)
    return std::unexpected(fmt::format("cannot start {}: {}", words.front(), words_of(error)));
  const int descriptor = ::pidfd_open(process, 0);
  const bool has_ended = descriptor >= 0 && wait_for_end(descriptor, timeout, is_wanted);
  if (descriptor >= 0) ::close(descriptor);
  if (has_ended) return outcome(words.front(), reap(process));
  ::kill(-process, SIGKILL);
  reap(process);
  return std::unexpected(fmt::format("{} took too long and was ended", words.front()));
}

}  // namespace gatehouse::gateway
