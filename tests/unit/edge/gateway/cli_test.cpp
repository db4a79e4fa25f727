// The program itself, as a shell sees it.
#include <cstdio>
#include <string>

#include <catch2/catch.hpp>
#include <sys/wait.h>

namespace {

struct Result {
  int code;
  std::string out;
};

/// Runs the program; `words` as typed, the redirection included.
Result gatehouse(const std::string& words) {
  const std::string command = "cd / && " GATEHOUSE_PROGRAM " " + words;
  FILE* stream = ::popen(command.c_str(), "r");
  REQUIRE(stream != nullptr);
  std::string out;
  for (int c = std::fgetc(stream); c != EOF; c = std::fgetc(stream)) out += static_cast<char>(c);
  const int status = ::pclose(stream);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, out};
}

}  // namespace

TEST_CASE("The program explains itself and exits with what its words mean", "[gateway][cli]") {
  const auto [words, code, said] = GENERATE(table<std::string, int, std::string>({
      {"--help 2>/dev/null", 0, "run the gateway in the foreground"},
      {"--version 2>/dev/null", 0, "gatehouse 0."},
      {"run --help 2>/dev/null", 0, "--config FILE"},
      {"check --version 2>/dev/null", 0, "gatehouse 0."},
      {"broker --help 2>/dev/null", 0, "--renew NAME"},
      {"init --help 2>/dev/null", 0, "--demo"},
      {"2>&1 >/dev/null", 2, "subcommand is required"},
      {"2>&1 >/dev/null", 2, "run the gateway in the foreground"},
      {"fly 2>&1 >/dev/null", 2, "there is no command \"fly\""},
      {"fly 2>&1 >/dev/null", 2, "run the gateway in the foreground"},
      {"--fly 2>&1 >/dev/null", 2, "run the gateway in the foreground"},
      {"user fly 2>&1 >/dev/null", 2, "passwd"},
      {"run --config \"\" 2>&1 >/dev/null", 2, "--config: expected a file's name"},
      {"--config \"\" check 2>&1 >/dev/null", 2, "--config: expected a file's name"},
      {"explain \"\" 2>&1 >/dev/null", 2, "ID: expected an id, a short number"},
      {"user add d1 --role device --config " GATEHOUSE_SOURCE_DIR
       "/packaging/lot.toml.example 2>&1 >/dev/null",
       2, "--gate is missing"},
      {"report --day 1900-01-01 --config " GATEHOUSE_SOURCE_DIR
       "/packaging/lot.toml.example 2>&1 >/dev/null",
       2, "--day 1900-01-01: expected a day from 1970 to 9999"},
      {"run --colour 2>&1 >/dev/null", 2, "--colour"},
      {"run --log-format xml 2>&1 >/dev/null", 2, "--log-format"},
      {"run --log-level loud 2>&1 >/dev/null", 2, "--log-level"},
      {"broker 2>&1 >/dev/null", 2, "--out is required"},
      {"run --config /nowhere/lot.toml 2>&1 >/dev/null", 2,
       "/nowhere/lot.toml: expected a readable file; No such file or directory"},
      {"check --config /nowhere/lot.toml 2>/dev/null", 2, "/nowhere/lot.toml: expected"},
      {"--config /nowhere/lot.toml check 2>/dev/null", 2, "/nowhere/lot.toml: expected"},
      {"run --log-format json --config /nowhere/lot.toml 2>&1 >/dev/null", 2,
       "\"level\":\"error\",\"message\":\"/nowhere/lot.toml: expected"},
      {"check --config " GATEHOUSE_SOURCE_DIR "/packaging/lot.toml.example 2>/dev/null", 0,
       "notice: this version checks but does not act on: "},
  }));
  CAPTURE(words);
  const Result result = gatehouse(words);
  CHECK(result.code == code);
  CHECK(result.out.find(said) != std::string::npos);
}
