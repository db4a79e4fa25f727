// Whether a piece of code stops the process, as a broken invariant must: tried in a child.
//
//   CHECK(aborts([] { gatehouse::require(false, "…"); }));
//
// Before any thread of the test is started.
#pragma once

#include <csignal>
#include <cstdlib>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace gatehouse::tests {

template <class Work>
bool aborts(Work&& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(::open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);
    // The test framework's own handler would report the abort as this test's failure.
    static_cast<void>(std::signal(SIGABRT, SIG_DFL));
    work();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

}  // namespace gatehouse::tests
