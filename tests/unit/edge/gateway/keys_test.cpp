// The lot's secrets: what a keys' file may say, and who may read it.
#include "edge/gateway/keys.hpp"

#include "tests/support/temp_dir.hpp"

#include <fstream>
#include <sstream>

#include <catch2/catch.hpp>
#include <sys/stat.h>

using namespace gatehouse::gateway;
using gatehouse::tests::TempDir;

namespace {

const std::string zeros(64, '0');
const std::string ones(64, '1');

std::string three(const std::string& ticket_lines) {
  return "# ours\n" + ticket_lines + "token 3 " + zeros + "\naudit 1 " + ones + "\n";
}

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("Keys are made once, for their owner alone, and read back", "[gateway][keys]") {
  const TempDir directory;
  const auto path = directory / "gatehouse.keys";
  REQUIRE(make_keys(path));
  struct stat status{};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  const auto keys = load_keys(path);
  REQUIRE(keys);
  CHECK(keys->ticket.current.value != keys->token.current.value);
  CHECK(keys->ticket.current.value != KeyValue{});
  const std::string before = read(path);
  REQUIRE(make_keys(path));
  CHECK(read(path) == before);
}

TEST_CASE("While keys are rotated the newer one makes and both are accepted", "[gateway][keys]") {
  const auto keys = parse_keys(three("ticket 1 " + zeros + "\nticket 2 " + ones + "\n"));
  REQUIRE(keys);
  CHECK(keys->ticket.current.id == 2);
  REQUIRE(keys->ticket.previous);
  CHECK(keys->ticket.previous->id == 1);
  CHECK(parse_keys(keys_text(*keys)) == keys);
}

TEST_CASE("A keys' file that is not to be trusted is refused, and never shown", "[gateway][keys]") {
  const auto [text, sentence] = GENERATE(table<std::string, std::string>({
      {"", "there is no ticket key"},
      {three(""), "there is no ticket key"},
      {three("ticket 1 " + zeros + "\nticket 2 " + zeros + "\nticket 3 " + zeros + "\n"),
       "there are more than two ticket keys"},
      {three("ticket 1 " + zeros + "\nticket 1 " + ones + "\n"),
       "two ticket keys have the same id"},
      {three("ticket -1 " + zeros + "\n"), "line 2 is not a kind, an id and 64 hex digits"},
      {three("ticket 1x " + zeros + "\n"), "line 2 is not a kind, an id and 64 hex digits"},
      {three("ticket 99999999999 " + zeros + "\n"),
       "line 2 is not a kind, an id and 64 hex digits"},
      {three("ticket 0 " + zeros + "\n"), "line 2 is not a kind, an id and 64 hex digits"},
      {three("ticket 1 " + ones + "0\n"), "line 2 is not a kind, an id and 64 hex digits"},
      {three("ticket 1 " + ones.substr(1) + "g\n"),
       "line 2 is not a kind, an id and 64 hex digits"},
      {three("tickets 1 " + ones + "\n"), "line 2 is not a kind, an id and 64 hex digits"},
      {three("ticket 1 " + ones + " more\n"), "line 2 is not a kind, an id and 64 hex digits"},
  }));
  const auto keys = parse_keys(text);
  REQUIRE_FALSE(keys);
  CHECK(keys.error() == sentence);
  CHECK(keys.error().find("1111") == std::string::npos);
}

TEST_CASE("Keys that others can read are refused", "[gateway][keys]") {
  const TempDir directory;
  const auto path = directory / "gatehouse.keys";
  REQUIRE(make_keys(path));
  REQUIRE(::chmod(path.c_str(), 0640) == 0);
  CHECK_FALSE(load_keys(path));
  CHECK_FALSE(load_keys(directory / "none"));
  CHECK_FALSE(load_keys(directory.path()));
}

TEST_CASE("Keys that were left unfinished do not stand in the way", "[gateway][keys]") {
  const TempDir directory;
  const auto path = directory / "gatehouse.keys";
  std::ofstream(directory / "gatehouse.keys.new") << "ticket 1 12";
  REQUIRE(make_keys(path));
  CHECK(load_keys(path));
  CHECK_FALSE(std::filesystem::exists(directory / "gatehouse.keys.new"));
  CHECK_FALSE(make_keys(directory / "no/such/folder"));
}

TEST_CASE("Rotated keys are new, those of before are accepted, and audit keys all stay",
          "[gateway][keys]") {
  const TempDir directory;
  const auto path = directory / "gatehouse.keys";
  REQUIRE(make_keys(path));
  const Keys first = load_keys(path).value();
  const Keys second = rotated(first);
  REQUIRE(replace_keys(path, second));
  REQUIRE(load_keys(path) == second);
  const Keys third = rotated(second);
  REQUIRE(replace_keys(path, third));
  REQUIRE(load_keys(path) == third);
  CHECK(third.ticket.current.id == 3);
  CHECK(third.ticket.previous == second.ticket.current);
  CHECK(third.token.previous == second.token.current);
  CHECK(third.ticket.current.value != second.ticket.current.value);
  CHECK(third.audit.older == std::vector<Key>{second.audit.current, first.audit.current});
  struct stat status{};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
}
