// Programs of the operator's: without a shell, within their time, and gone when they are not
// wanted.
#include "edge/gateway/run_program.hpp"

#include "tests/support/temp_dir.hpp"

#include <fstream>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

using namespace gatehouse::gateway;
using namespace std::chrono_literals;

namespace {

std::string line_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

const auto wanted = [] { return true; };

}  // namespace

TEST_CASE("a program gets its words as they are, and its end is told", "[gateway][program]") {
  const gatehouse::tests::TempDir dir;
  const std::string odd = (dir / "a b; touch $HOME `x` 'y'").string();
  CHECK(run_program({"touch", "--", odd}, 10s, wanted));
  CHECK(std::filesystem::exists(odd));
  CHECK(run_program({"/bin/false"}, 10s, wanted).error() == "/bin/false ended with 1");
  CHECK(run_program({"sh", "-c", "kill -9 $$"}, 10s, wanted).error() == "sh was ended by signal 9");
  CHECK(run_program({"/no/such/program"}, 10s, wanted).error() ==
        "cannot start /no/such/program: No such file or directory");
}

TEST_CASE("a program reads nothing and hears signals, whatever its parent holds back",
          "[gateway][program]") {
  sigset_t held;
  sigset_t before;
  sigfillset(&held);
  REQUIRE(pthread_sigmask(SIG_BLOCK, &held, &before) == 0);
  const auto read = run_program({"cat"}, 10s, wanted);
  const auto killed = run_program({"sh", "-c", "kill -TERM $$; exit 0"}, 10s, wanted);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  CHECK(read);
  CHECK(killed.error() == "sh was ended by signal 15");
}

TEST_CASE("a program that takes too long is ended with what it started", "[gateway][program]") {
  const gatehouse::tests::TempDir dir;
  const std::string pid_file = (dir / "pid").string();
  const std::string script = "tail -f /dev/null & echo $! > " + pid_file + "; wait";
  int looks = 0;
  const auto given_up = run_program({"sh", "-c", script}, 60s,
                                    [&] { return line_of(pid_file).empty() && ++looks < 600; });
  CHECK(given_up.error() == "sh took too long and was ended");
  const auto child = static_cast<pid_t>(std::stoi(line_of(pid_file)));
  // Whoever is left of the group would be found by its number, until it is reaped.
  bool is_gone = false;
  for (int i = 0; i < 100'000 && !is_gone; ++i) {
    const std::string state = line_of("/proc/" + std::to_string(child) + "/stat");
    is_gone = state.empty() || state.find(") Z") != std::string::npos;
  }
  CHECK(is_gone);
  CHECK(run_program({"tail", "-f", "/dev/null"}, 1ms, wanted).error() ==
        "tail took too long and was ended");
}

TEST_CASE("a program gets none of our secrets", "[gateway][program]") {
  const gatehouse::tests::TempDir dir;
  REQUIRE(::setenv("RAZORPAY_KEY_SECRET", "nobody's business", 1) == 0);
  const auto done = run_program({"cp", "/proc/self/environ", dir / "environment"}, 10s, wanted);
  ::unsetenv("RAZORPAY_KEY_SECRET");
  REQUIRE(done);
  std::ifstream file(dir / "environment");
  std::string names;
  for (std::string variable; std::getline(file, variable, '\0');)
    names += variable.substr(0, variable.find('=')) + " ";
  CAPTURE(names);
  CHECK(names.starts_with("PATH "));
  for (const char* const known : {"PATH ", "HOME ", "LANG "}) {
    if (const auto at = names.find(known); at != std::string::npos) names.erase(at, 5);
  }
  CHECK(names.empty());
}

TEST_CASE("a program gets none of our files and sockets", "[gateway][program]") {
  // Without O_CLOEXEC, as a library that we do not write may open its own.
  const int ours = ::open("/dev/null", O_RDONLY);
  REQUIRE(ours > STDERR_FILENO);
  const std::string name = "/proc/self/fd/" + std::to_string(ours);
  const auto found = run_program({"test", "-e", name}, 10s, wanted);
  const auto error = run_program({"test", "-e", "/proc/self/fd/2"}, 10s, wanted);
  ::close(ours);
  CHECK_FALSE(found);
  CHECK(error);
}
