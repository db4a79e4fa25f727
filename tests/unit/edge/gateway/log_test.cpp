#include "edge/gateway/log.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace gatehouse;
using namespace gatehouse::gateway;
using namespace std::chrono_literals;

namespace {

/// A clock that goes when it is told to.
class SetClock final : public engine::Clock {
 public:
  [[nodiscard]] Moment now() const override { return now_; }
  void pass(std::chrono::microseconds time) { now_.steady += time; }

 private:
  Moment now_{.utc = {}, .steady = Steady(5h)};
};

LogLine line_of(std::string_view message, std::string_view log = "") {
  return {.at = parse_rfc3339("2026-11-20T10:00:00.123Z").value_or(Instant{}),
          .level = "warning",
          .log = log,
          .message = message};
}

}  // namespace

TEST_CASE("Every JSON log line can be parsed, whatever a message holds", "[gateway][log]") {
  const auto [message, expected] = GENERATE(table<std::string, std::string>({
      {"plain", "plain"},
      {"says \"no\" \\ to\nnew lines\t\x1b[31m", "says \"no\" \\ to\nnew lines\t\x1b[31m"},
      {"नमस्ते", "नमस्ते"},
      {std::string("a\0b", 3), std::string("a\0b", 3)},
      {"bad \xff\xc3 bytes", "bad \uFFFD\uFFFD bytes"},
      {"", ""},
  }));
  const std::string line = format_log_line(LogFormat::json, line_of(message));
  CHECK(line.find('\n') == std::string::npos);
  const auto object = nlohmann::json::parse(line);
  CHECK(object == nlohmann::json{{"ts", "2026-11-20T10:00:00.123Z"},
                                 {"level", "warning"},
                                 {"message", expected}});
}

TEST_CASE("Lines of a named log say so", "[gateway][log]") {
  CHECK(format_log_line(LogFormat::json, line_of("paid", "payment")) ==
        R"({"ts":"2026-11-20T10:00:00.123Z","level":"warning","log":"payment","message":"paid"})");
  CHECK(format_log_line(LogFormat::text, line_of("paid", "payment")) ==
        "2026-11-20T10:00:00.123Z warning  log=payment paid");
}

TEST_CASE("A message cannot forge a line of a text log", "[gateway][log]") {
  CHECK(format_log_line(LogFormat::text, line_of("A-001\n2026-11-20 error  fire\x1b[2J\x7f")) ==
        "2026-11-20T10:00:00.123Z warning  A-001\\x0a2026-11-20 error  fire\\x1b[2J\\x7f");
}

TEST_CASE("The same complaint is made once a minute", "[gateway][log]") {
  SetClock clock;
  LogLimiter limiter(clock);
  CHECK(limiter.admit("A-001 bad_json") == 0);
  clock.pass(1s);
  CHECK(limiter.admit("A-001 bad_json") == std::nullopt);
  clock.pass(58'999ms);
  CHECK(limiter.admit("A-001 bad_json") == std::nullopt);
  clock.pass(1ms);
  CHECK(limiter.admit("A-001 bad_json") == 2);
  clock.pass(1s);
  CHECK(limiter.admit("A-001 bad_json") == std::nullopt);
  clock.pass(200s);
  CHECK(limiter.admit("A-001 bad_json") == 1);
}

TEST_CASE("Other complaints have their own minute", "[gateway][log]") {
  SetClock clock;
  LogLimiter limiter(clock);
  CHECK(limiter.admit("A-001 bad_json") == 0);
  CHECK(limiter.admit("A-002 bad_json") == 0);
  CHECK(limiter.admit("A-001 bad_utf8") == 0);
  clock.pass(1s);
  CHECK(limiter.admit("A-002 bad_json") == std::nullopt);
}

TEST_CASE("A storm of new names neither fills the log nor the memory", "[gateway][log]") {
  SetClock clock;
  LogLimiter limiter(clock);
  std::size_t shown = 0;
  for (int i = 0; i < 100'000; ++i) {
    if (limiter.admit("device-" + std::to_string(i))) ++shown;
  }
  CHECK(shown == LogLimiter::keys_max + 1);
  CHECK(limiter.key_count() == LogLimiter::keys_max);
  // A minute later the places are free again.
  clock.pass(1min);
  CHECK(limiter.admit("device-200000") == 0);
  CHECK(limiter.key_count() == 1);
}
