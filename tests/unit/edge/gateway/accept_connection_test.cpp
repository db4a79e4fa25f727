// Waiting for connections: signals, connections that are gone again, and a process without
// descriptors left, by a system that a test plays.
#include "edge/gateway/accept_connection.hpp"

#include "edge/domain/invariant.hpp"

#include <cerrno>
#include <span>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::gateway;

namespace {

constexpr int listening = 10;
constexpr int stopping = 11;

/// What poll() says of the two sockets, or its error.
struct Said {
  bool stops = false;
  bool somebody_waits = false;
  int error = 0;
};

/// A system that says what is planned, and notes what it is asked.
struct System {
  std::vector<Said> polls;
  std::vector<int> accepts;  // a descriptor, or minus an error
  std::vector<std::string> asked;

  AcceptCalls calls() {
    return {.poll = [this](pollfd* waiting, nfds_t count,
                           int timeout_ms) { return poll({waiting, count}, timeout_ms); },
            .accept =
                [this](int socket) {
                  asked.push_back("accept " + std::to_string(socket));
                  return answer(take(accepts));
                }};
  }
  int poll(std::span<pollfd> waiting, int timeout_ms) {
    std::string sockets;
    for (const pollfd& each : waiting) sockets += " " + std::to_string(each.fd);
    asked.push_back("poll" + sockets + (timeout_ms < 0 ? "" : " for a while"));
    const Said said = take(polls);
    // As the kernel: what it does not fill in stays as it was.
    if (said.error != 0) return answer(-said.error);
    int found = 0;
    for (pollfd& each : waiting) {
      const bool is_ready = each.fd == stopping ? said.stops : said.somebody_waits;
      each.revents = is_ready ? POLLIN : short{0};
      found += is_ready ? 1 : 0;
    }
    return found;
  }
  static int answer(int result) {
    if (result >= 0) return result;
    errno = -result;
    return -1;
  }
  template <typename T>
  static T take(std::vector<T>& planned) {
    require(!planned.empty(), "the system is asked no more than was planned");
    const T first = planned.front();
    planned.erase(planned.begin());
    return first;
  }
};

constexpr Said somebody{.somebody_waits = true};
constexpr Said the_end{.stops = true, .somebody_waits = true};

}  // namespace

TEST_CASE("whoever comes is taken in, until the end", "[gateway][user]") {
  System system{.polls = {somebody, the_end}, .accepts = {20}, .asked = {}};
  CHECK(accept_connection(listening, stopping, system.calls()) == 20);
  CHECK_FALSE(accept_connection(listening, stopping, system.calls()));
  CHECK(system.asked == std::vector<std::string>{"poll 11 10", "accept 10", "poll 11 10"});
}

TEST_CASE("without a descriptor left it waits for the end before it tries again",
          "[gateway][user]") {
  const int error = GENERATE(EMFILE, ENFILE, ENOMEM);
  System system{.polls = {somebody, {}, somebody}, .accepts = {-error, 20}, .asked = {}};
  CHECK(accept_connection(listening, stopping, system.calls()) == 20);
  CHECK(system.asked == std::vector<std::string>{"poll 11 10", "accept 10", "poll 11 for a while",
                                                 "poll 11 10", "accept 10"});
  System ending{.polls = {somebody, the_end}, .accepts = {-error}, .asked = {}};
  CHECK_FALSE(accept_connection(listening, stopping, ending.calls()));
}

TEST_CASE("who is gone again, and a signal, are no reason to wait", "[gateway][user]") {
  const int error = GENERATE(EAGAIN, ECONNABORTED, EINTR);
  System system{.polls = {somebody, somebody}, .accepts = {-error, 20}, .asked = {}};
  CHECK(accept_connection(listening, stopping, system.calls()) == 20);
  CHECK(system.asked ==
        std::vector<std::string>{"poll 11 10", "accept 10", "poll 11 10", "accept 10"});
}

TEST_CASE("a poll that a signal ended says nothing of who waits", "[gateway][user]") {
  // The last round said that somebody waits; nobody does now.
  System system{
      .polls = {somebody, {.error = EINTR}, {}, the_end}, .accepts = {-EAGAIN}, .asked = {}};
  CHECK_FALSE(accept_connection(listening, stopping, system.calls()));
  CHECK(system.asked == std::vector<std::string>{"poll 11 10", "accept 10", "poll 11 10",
                                                 "poll 11 10", "poll 11 10"});
  System broken{.polls = {{.error = EINVAL}}, .accepts = {}, .asked = {}};
  CHECK_FALSE(accept_connection(listening, stopping, broken.calls()));
}
