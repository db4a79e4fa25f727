#include "broker/accounts.hpp"
#include "broker/mosquitto.hpp"

#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <system_error>

#include <catch2/catch.hpp>
#include <stdlib.h>

using namespace gatehouse;
using namespace gatehouse::broker;

namespace fs = std::filesystem;

namespace {

class Directory {
 public:
  Directory() : path_((fs::temp_directory_path() / "gatehouse-broker-XXXXXX").string()) {
    REQUIRE(::mkdtemp(path_.data()) != nullptr);
  }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  ~Directory() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  [[nodiscard]] fs::path path() const { return path_; }
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ifstream file(path() / name, std::ios::binary);
    REQUIRE(file);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path() / name, std::ios::binary) << text;
  }
  [[nodiscard]] HashesByName hashes() const {
    const auto hashes = read_password_file(read("passwd"));
    REQUIRE(hashes.has_value());
    return *hashes;
  }
  /// credentials.csv, its head checked and taken off.
  [[nodiscard]] std::map<std::string, std::string> credentials() const {
    std::istringstream lines(read("credentials.csv"));
    std::string line;
    std::getline(lines, line);
    CHECK(line == "name,password");
    std::map<std::string, std::string> words;
    while (std::getline(lines, line)) {
      const std::size_t comma = line.find(',');
      words[line.substr(0, comma)] = line.substr(comma + 1);
    }
    return words;
  }

 private:
  std::string path_;
};

ServerLot lot_with(const std::vector<std::string>& slots) {
  ServerLot lot{LotId::parse("demo").value(), {}, {GateId::parse("GATE").value()}, {}};
  for (const std::string& slot : slots) lot.slots.push_back(SlotId::parse(slot).value());
  return lot;
}

ServerSettings with_dashboard() {
  ServerSettings settings;
  settings.dashboards = {"hall"};
  return settings;
}

fs::perms rights(const fs::path& path) { return fs::status(path).permissions(); }

constexpr fs::perms owner_only = fs::perms::owner_read | fs::perms::owner_write;
constexpr fs::perms readable = owner_only | fs::perms::group_read | fs::perms::others_read;

}  // namespace

TEST_CASE("the first call makes every account and tells each password once", "[broker][files]") {
  const Directory directory;
  const auto written =
      write_server(with_dashboard(), lot_with({"A-001"}), {"gatewaypw", ""}, directory.path());
  REQUIRE(written.has_value());
  CHECK(written->made == std::vector<std::string>{"bridge", "dashboard-hall", "GATE", "A-001"});
  CHECK(written->removed.empty());

  const HashesByName hashes = directory.hashes();
  CHECK(hashes.size() == 5);
  CHECK(password_matches("gatewaypw", hashes.at("gateway")));
  const auto credentials = directory.credentials();
  CHECK(credentials.size() == 4);
  for (const auto& [name, password] : credentials) {
    CAPTURE(name);
    CHECK(password_matches(password, hashes.at(name)));
  }
}

TEST_CASE("secrets are for their owner, the rest may be read", "[broker][files]") {
  const Directory directory;
  const fs::path place = directory.path() / "made" / "too";
  REQUIRE(write_server({}, lot_with({"A-001"}), {"gatewaypw", ""}, place).has_value());
  CHECK(rights(place / "passwd") == owner_only);
  CHECK(rights(place / "acl") == owner_only);
  CHECK(rights(place / "credentials.csv") == owner_only);
  CHECK(rights(place / "mosquitto.conf") == readable);
  CHECK(rights(place / "mosquitto.service.conf") == readable);
  CHECK(std::distance(fs::directory_iterator(place), {}) == 5);
}

TEST_CASE("accounts that exist keep their passwords", "[broker][files]") {
  const Directory directory;
  REQUIRE(write_server({}, lot_with({"A-001"}), {"gatewaypw", ""}, directory.path()).has_value());
  const std::string before = directory.read("passwd");

  const auto again = write_server({}, lot_with({"A-001"}), {"gatewaypw", ""}, directory.path());
  REQUIRE(again.has_value());
  CHECK(again->made.empty());
  CHECK(directory.read("passwd") == before);
  CHECK(directory.credentials().empty());
}

TEST_CASE("a slot that is new gets an account, and one that is gone loses it", "[broker][files]") {
  const Directory directory;
  REQUIRE(write_server({}, lot_with({"A-001", "A-002"}), {"gatewaypw", ""}, directory.path())
              .has_value());
  const HashesByName before = directory.hashes();

  const auto written =
      write_server({}, lot_with({"A-002", "A-003"}), {"gatewaypw", ""}, directory.path());
  REQUIRE(written.has_value());
  CHECK(written->made == std::vector<std::string>{"A-003"});
  CHECK(written->removed == std::vector<std::string>{"A-001"});
  const HashesByName after = directory.hashes();
  CHECK_FALSE(after.contains("A-001"));
  CHECK(after.at("A-002") == before.at("A-002"));
  CHECK(directory.credentials().size() == 1);
}

TEST_CASE("a renewed account gets a new password, the others keep theirs", "[broker][files]") {
  const Directory directory;
  REQUIRE(write_server({}, lot_with({"A-001"}), {"gatewaypw", ""}, directory.path()).has_value());
  const HashesByName before = directory.hashes();
  const std::string old_password = directory.credentials().at("A-001");

  const auto written =
      write_server({}, lot_with({"A-001"}), {"gatewaypw", "A-001"}, directory.path());
  REQUIRE(written.has_value());
  CHECK(written->made == std::vector<std::string>{"A-001"});
  const HashesByName after = directory.hashes();
  CHECK_FALSE(password_matches(old_password, after.at("A-001")));
  CHECK(password_matches(directory.credentials().at("A-001"), after.at("A-001")));
  CHECK(after.at("GATE") == before.at("GATE"));
  CHECK(after.at("gateway") == before.at("gateway"));
}

TEST_CASE("the gateway's password is always the one of the environment", "[broker][files]") {
  const Directory directory;
  REQUIRE(write_server({}, lot_with({"A-001"}), {"first", ""}, directory.path()).has_value());
  REQUIRE(write_server({}, lot_with({"A-001"}), {"second", ""}, directory.path()).has_value());
  CHECK(password_matches("second", directory.hashes().at("gateway")));
  CHECK_FALSE(directory.credentials().contains("gateway"));
}

TEST_CASE("the gateway's account has the name that lot.toml gives it", "[broker][files]") {
  const Directory directory;
  ServerLot lot = lot_with({"A-001"});
  REQUIRE(write_server({}, lot, {"gatewaypw", ""}, directory.path()).has_value());
  lot.gateway = "lot-1";
  const auto written = write_server({}, lot, {"gatewaypw", ""}, directory.path());
  REQUIRE(written.has_value());
  CHECK(written->made.empty());
  CHECK(written->removed == std::vector<std::string>{"gateway"});
  CHECK(password_matches("gatewaypw", directory.hashes().at("lot-1")));
  CHECK(directory.read("acl").find("\nuser lot-1\n") != std::string::npos);
  CHECK(write_server({}, lot, {"gatewaypw", "lot-1"}, directory.path()).error() ==
        "the gateway's password is that of GATEHOUSE_MQTT_PASSWORD");
}

TEST_CASE("a refused call leaves every file as it was", "[broker][files]") {
  const Directory directory;
  REQUIRE(write_server({}, lot_with({"A-001"}), {"gatewaypw", ""}, directory.path()).has_value());
  const std::string passwd = directory.read("passwd");
  const std::string credentials = directory.read("credentials.csv");

  const auto refused = [&](const ServerSettings& settings, const ServerPasswords& passwords) {
    return write_server(settings, lot_with({"A-001", "A-002"}), passwords, directory.path())
        .error();
  };
  ServerSettings open;
  open.listen = {"0.0.0.0:1883"};
  CHECK(refused(open, {"gatewaypw", ""}).starts_with("broker.server.listen: "));
  CHECK(refused({}, {"", ""}) == "the gateway's password is empty: set GATEHOUSE_MQTT_PASSWORD");
  CHECK(refused({}, {"gatewaypw", "A-009"}) == "the lot has no account \"A-009\"");
  CHECK(refused({}, {"gatewaypw", "gateway"}) ==
        "the gateway's password is that of GATEHOUSE_MQTT_PASSWORD");
  CHECK(directory.read("passwd") == passwd);
  CHECK(directory.read("credentials.csv") == credentials);
}

TEST_CASE("a password file that cannot be read for what it is is never overwritten",
          "[broker][files]") {
  const Directory directory;
  directory.write("passwd", "half a line");
  const auto refused = write_server({}, lot_with({"A-001"}), {"gatewaypw", ""}, directory.path());
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().ends_with("/passwd: line 1 is not an account and its hashed password"));
  CHECK(directory.read("passwd") == "half a line");
}

TEST_CASE("a leftover of a call that was cut short does not stand in the way", "[broker][files]") {
  const Directory directory;
  directory.write("passwd.new", "half");
  REQUIRE(write_server({}, lot_with({"A-001"}), {"gatewaypw", ""}, directory.path()).has_value());
  CHECK_FALSE(fs::exists(directory.path() / "passwd.new"));
  CHECK(rights(directory.path() / "passwd") == owner_only);
}

TEST_CASE("a development broker has no accounts, and leaves those of a real one alone",
          "[broker][files]") {
  const Directory directory;
  ServerSettings settings;
  settings.development = true;
  const auto written = write_server(settings, lot_with({"A-001"}), {"", ""}, directory.path());
  REQUIRE(written.has_value());
  CHECK(written->made.empty());
  CHECK_FALSE(fs::exists(directory.path() / "passwd"));
  CHECK_FALSE(fs::exists(directory.path() / "credentials.csv"));
  CHECK(write_server(settings, lot_with({"A-001"}), {"", "A-001"}, directory.path()).error() ==
        "a development broker has no accounts");

  REQUIRE(write_server({}, lot_with({"A-001"}), {"gatewaypw", ""}, directory.path()).has_value());
  const std::string before = directory.read("passwd");
  REQUIRE(write_server(settings, lot_with({"A-001"}), {"", ""}, directory.path()).has_value());
  CHECK(directory.read("passwd") == before);
}

TEST_CASE("a directory that cannot be made is an error of the box", "[broker][files]") {
  const Directory directory;
  directory.write("file", "in the way");
  CHECK_THROWS_AS((void)write_server({}, lot_with({"A-001"}), {"gatewaypw", ""},
                                     directory.path() / "file" / "x"),
                  std::system_error);
}
