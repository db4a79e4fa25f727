// What the API brings to the audit's chain: counted, rationed, and none left out.
#include "edge/engine/audit_inbox.hpp"

#include "tests/support/manual_clock.hpp"

#include <numeric>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::engine;
using namespace std::chrono_literals;

namespace {

struct Seen {
  gatehouse::tests::ManualClock clock;
  AuditInbox inbox{clock};

  void saw(const std::string& address, const std::string& outcome = "bad_token") {
    inbox.saw({.address = address, .action = "POST /api/staff/exit/", .outcome = outcome});
  }
  std::vector<store::AuditEntry> take(AuditInbox::Taking taking = AuditInbox::Taking::what_is_due) {
    return inbox.take(clock.now().steady, taking);
  }
};

std::int64_t times(const std::vector<store::AuditEntry>& entries) {
  return std::accumulate(
      entries.begin(), entries.end(), std::int64_t{0},
      [](std::int64_t sum, const store::AuditEntry& entry) { return sum + entry.times; });
}

}  // namespace

TEST_CASE("the first is told at once, what repeats it as one counted row a minute",
          "[engine][audit_inbox]") {
  Seen seen;
  const Instant began = seen.clock.now().utc;
  seen.saw("203.0.113.9");
  const auto first = seen.take();
  REQUIRE(first.size() == 1);
  CHECK(first[0].times == 1);
  CHECK(first[0].outcome == "bad_token");
  for (int i = 0; i < 500; ++i) {
    seen.clock.pass(100ms);
    seen.saw("203.0.113.9");
    CHECK(seen.take().empty());
  }
  seen.clock.pass(10s);
  const auto rest = seen.take();
  REQUIRE(rest.size() == 1);
  CHECK(rest[0].times == 500);
  CHECK(rest[0].at == began + 100ms);
  CHECK(rest[0].until == began + 50s);
  // A minute of quiet: the next one is a first again.
  seen.clock.pass(61s);
  CHECK(seen.take().empty());
  seen.saw("203.0.113.9");
  CHECK(seen.take().size() == 1);
}

TEST_CASE("places and outcomes are told apart", "[engine][audit_inbox]") {
  Seen seen;
  seen.saw("203.0.113.9");
  seen.saw("203.0.113.10");
  seen.saw("203.0.113.10", "forbidden");
  seen.inbox.saw({.user = store::UserKey{2},
                  .address = "203.0.113.10",
                  .action = "POST /api/staff/exit/",
                  .outcome = "forbidden"});
  CHECK(seen.take().size() == 4);
}

TEST_CASE("a flood from everywhere is rationed and counted whole", "[engine][audit_inbox]") {
  Seen seen;
  std::int64_t rows = 0;
  std::int64_t told = 0;
  constexpr int places = 5'000;
  for (int second = 0; second < 600; ++second) {
    for (int i = 0; i < 50; ++i) seen.saw("10.0.0." + std::to_string((second * 50 + i) % places));
    const auto taken = seen.take();
    rows += static_cast<std::int64_t>(taken.size());
    told += times(taken);
    seen.clock.pass(1s);
  }
  CHECK(rows <= AuditInbox::rows_at_once + 60);
  const auto rest = seen.take(AuditInbox::Taking::everything);
  CHECK(rest.size() <= AuditInbox::places_max + 1);
  CHECK(told + times(rest) == 600 * 50);
  CHECK(seen.take(AuditInbox::Taking::everything).empty());
}
