// The commands on real files in a directory of their own.
#include "edge/gateway/commands/commands.hpp"

#include "edge/store/check.hpp"
#include "edge/store/lock.hpp"
#include "edge/store/migrate.hpp"
#include "edge/store/outbox.hpp"

#include <fstream>
#include <sstream>

#include <SQLiteCpp/SQLiteCpp.h>
#include <catch2/catch.hpp>
#include <spdlog/spdlog.h>
#include <stdlib.h>
#include <sys/stat.h>

using namespace gatehouse;
using namespace gatehouse::gateway;
namespace fs = std::filesystem;

namespace {

class Directory {
 public:
  Directory() {
    std::string name = (fs::temp_directory_path() / "gatehouse-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
    spdlog::set_level(spdlog::level::off);
  }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  ~Directory() { fs::remove_all(path_); }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

const std::string zone_a = "[[zones]]\nid = \"A\"\nslots = 3\n";

Config config_in(const Directory& directory, const std::string& more = zone_a) {
  auto config = parse_config("lot = { id = \"demo\" }\nstore = { path = \"data/lot.db\" }\n" + more,
                             directory.path() / "lot.toml", [](const std::string&) {
                               return std::optional<std::string>("password");
                             });
  REQUIRE(config);
  return std::move(*config);
}

struct Result {
  int code;
  std::string out;
};
Result checked(const Config& config) {
  std::ostringstream out;
  const int code = check(config, out);
  return {code, out.str()};
}
Result made(const Config& config) {
  std::ostringstream out;
  const int code = init(config, false, out);
  return {code, out.str()};
}
store::Database opened(const Config& config) {
  return store::Database::open({.path = config.store.path});
}

}  // namespace

TEST_CASE("init makes the store, its directory and what the file says", "[gateway][init]") {
  const Directory directory;
  const Config config = config_in(directory);
  const std::string path = config.store.path.string();
  const Result result = made(config);
  CHECK(result.code == 0);
  const std::string made_store = "made " + path + "\n" + path + ": added 1 zones and 3 slots\n";
  CHECK(result.out.starts_with(made_store + "admin: "));

  auto database = opened(config);
  CHECK(store::load_plan(database)->slots().size() == 3);
}

TEST_CASE("Nobody else may read the store", "[gateway][init]") {
  const Directory directory;
  const Config config = config_in(directory);
  const mode_t before = ::umask(0);
  REQUIRE(made(config).code == 0);
  CHECK(::umask(before) == 0);  // and init leaves the process as it was
  const auto mode = [](const fs::path& path) {
    return static_cast<unsigned>(fs::status(path).permissions());
  };
  CHECK(mode(config.store.path) == 0600);
  CHECK(mode(config.store.path.parent_path()) == 0700);
}

TEST_CASE("init adds what is new in the file and touches nothing else", "[gateway][init]") {
  const Directory directory;
  REQUIRE(made(config_in(directory)).code == 0);
  const Config grown = config_in(
      directory, "[[zones]]\nid = \"A\"\nname = \"Front\"\nslots = 5\n[[zones]]\nid = \"B\"\n");
  const std::string path = grown.store.path.string();
  CHECK(made(grown).out == path + ": added 1 zones and 12 slots\n");
  CHECK(made(grown).out == path + ": nothing to add\n");
  auto database = opened(grown);
  CHECK(store::load_plan(database)->zones()[0].name == "Zone A");
}

TEST_CASE("init refuses while a gateway runs", "[gateway][init]") {
  const Directory directory;
  const Config config = config_in(directory);
  REQUIRE(made(config).code == 0);
  const auto running = store::ProcessLock::take(config.store.path);
  REQUIRE(running);
  CHECK(made(config).code == 1);
}

TEST_CASE("init refuses another lot's store and a file that is no store", "[gateway][init]") {
  const Directory directory;
  Config config = config_in(directory);
  REQUIRE(made(config).code == 0);
  config.lot.id = *LotId::parse("other");
  CHECK(made(config).code == 1);

  config.store.path = directory.path() / "letter.txt";
  std::ofstream(config.store.path) << std::string(4096, 'x');
  CHECK(made(config).code == 1);
}

TEST_CASE("init says when it cannot make a directory", "[gateway][init]") {
  const Directory directory;
  Config config = config_in(directory);
  std::ofstream(directory.path() / "file") << "x";
  config.store.path = directory.path() / "file" / "lot.db";
  CHECK(made(config).code == 3);
}

TEST_CASE("check is content with a file whose store is not there yet", "[gateway][check]") {
  const Directory directory;
  const Config config = config_in(directory);
  const Result result = checked(config);
  CHECK(result.code == 0);
  CHECK(result.out == config.file.string() +
                          ": lot demo, 1 zones, 3 slots\nnotice: " + config.store.path.string() +
                          " does not exist yet: `gatehouse init` makes it\n");
  CHECK_FALSE(fs::exists(config.store.path));
}

TEST_CASE("check tells where file and store differ, and that is no violation", "[gateway][check]") {
  const Directory directory;
  REQUIRE(made(config_in(directory)).code == 0);
  const Result result =
      checked(config_in(directory,
                        "[[zones]]\nid = \"A\"\nslots = 4\n[[sensor_profiles]]\nname = \"p\"\n"
                        "topic = \"x/{device}\"\nmap = { one = \"A-009\" }\n"));
  CHECK(result.code == 0);
  CHECK(result.out.find(": schema ") != std::string::npos);
  CHECK(result.out.find("notice: slot A-004 is in the file only") != std::string::npos);
  CHECK(result.out.find("notice: sensor profile p: one is mapped to A-009, a slot the lot does "
                        "not have\n") != std::string::npos);
}

TEST_CASE("check names a store that is empty, another lot's, or no store", "[gateway][check]") {
  const Directory directory;
  Config config = config_in(directory);
  config.store.path = directory.path() / "lot.db";
  SECTION("empty") {
    std::ofstream(config.store.path).flush();
    CHECK(checked(config).out.find("violation: the store is empty") != std::string::npos);
  }
  SECTION("another lot's") {
    REQUIRE(made(config).code == 0);
    config.lot.id = *LotId::parse("other");
    CHECK(checked(config).out.find("violation: the store belongs to the lot demo, the file to "
                                   "other\n") != std::string::npos);
  }
  SECTION("no store") {
    std::ofstream(config.store.path) << std::string(4096, 'x');
    CHECK(checked(config).out.find("violation: ") != std::string::npos);
  }
  SECTION("a newer Gatehouse's") {
    REQUIRE(made(config).code == 0);
    opened(config).raw().exec("PRAGMA user_version = 999");
    CHECK(checked(config).out.find("violation: a newer Gatehouse wrote the store") !=
          std::string::npos);
  }
  CHECK(checked(config).code == 1);
}

TEST_CASE("check tells what the broker's writer would refuse", "[gateway][check]") {
  const Directory directory;
  const Config config =
      config_in(directory, zone_a +
                               "[broker.server]\nintegrations = [ { name = \"spy\", write = "
                               "[\"parking/v1/demo/#\"] } ]\n");
  const Result result = checked(config);
  CHECK(result.code == 1);
  CHECK(result.out.find("violation: `gatehouse broker` refuses: integration \"spy\"") !=
        std::string::npos);
}

TEST_CASE("check misses the files and the password without which nobody is heard",
          "[gateway][check]") {
  const Directory directory;
  const std::string tls =
      zone_a +
      "[broker.server]\ntls_listen = [\"0.0.0.0:8883\"]\ncert_file = \"lot.crt\"\n"
      "key_file = \"lot.key\"\n";
  std::ofstream(directory.path() / "lot.crt") << "x";
  Config config = config_in(directory, tls);
  const Result result = checked(config);
  CHECK(result.code == 1);
  const std::string key = (directory.path() / "lot.key").string();
  CHECK(result.out.find("violation: broker.server.key_file: " + key + " does not exist") !=
        std::string::npos);
  CHECK(result.out.find("cert_file") == std::string::npos);
  CHECK(result.out.find("password_env") == std::string::npos);

  std::ofstream(key) << "x";
  fs::permissions(key, fs::perms::owner_read);
  config.broker.password.clear();
  const Result without_password = checked(config);
  CHECK(without_password.code == 0);
  CHECK(without_password.out.find("notice: broker.password_env: ") != std::string::npos);
  config.broker_server.development = true;
  CHECK(checked(config).out.find("password_env") == std::string::npos);
}

TEST_CASE("check finds a gate that leads where the store has no zone", "[gateway][check]") {
  const Directory directory;
  REQUIRE(made(config_in(directory)).code == 0);
  const Config grown = config_in(directory, zone_a + "[[zones]]\nid = \"B\"\n[[gates.lanes]]\n" +
                                                "id = \"IN\"\nzones = [\"A\", \"B\"]\n");
  const Result result = checked(grown);
  CHECK(result.code == 1);
  CHECK(result.out.find("violation: gate IN leads to zone B, which the store does not have") !=
        std::string::npos);
  CHECK(result.out.find("leads to zone A") == std::string::npos);
}

TEST_CASE("a slot of a zone that is gone is named when the lot is read", "[gateway][check]") {
  const Directory directory;
  const Config config = config_in(directory);
  REQUIRE(made(config).code == 0);
  auto database = opened(config);
  database.raw().exec("PRAGMA foreign_keys = OFF");
  database.raw().exec("DELETE FROM zones");
  CHECK_THROWS_WITH(store::load_plan(database),
                    "the store holds slot A-001 of a zone that it does not hold");
}

TEST_CASE("check finds a gap in the outbox", "[gateway][check]") {
  const Directory directory;
  const Config config = config_in(directory);
  REQUIRE(made(config).code == 0);
  auto database = opened(config);
  {
    store::Outbox outbox(database);
    auto transaction = database.begin();
    for (int i = 0; i < 5; ++i) {
      outbox.append(transaction, {.type = "t", .subject = "s", .time = Instant{}, .data = "{}"});
    }
    static_cast<void>(std::move(transaction).commit(0));
  }
  REQUIRE(store::violations(database).empty());
  database.raw().exec("DELETE FROM outbox WHERE sequence <= 2");  // as pruning does
  CHECK(store::violations(database).empty());
  database.raw().exec("DELETE FROM outbox WHERE sequence = 4");
  CHECK(store::violations(database) ==
        std::vector<std::string>{"the outbox of epoch 1 lacks 1 rows between 3 and 5"});
  database.raw().exec("DELETE FROM outbox WHERE sequence = 5");
  CHECK(store::violations(database) ==
        std::vector<std::string>{"the outbox of epoch 1 ends at 3 but counted to 5"});
  CHECK(checked(config).code == 1);
}

TEST_CASE("check finds rows that point nowhere and damaged pages", "[gateway][check]") {
  const Directory directory;
  const Config config = config_in(directory, "[[zones]]\nid = \"A\"\nslots = 2000\n");
  REQUIRE(made(config).code == 0);
  SECTION("rows that point nowhere") {
    auto database = opened(config);
    database.raw().exec("PRAGMA foreign_keys = OFF");
    database.raw().exec("DELETE FROM zones");
    CHECK(store::violations(database) ==
          std::vector<std::string>{"2000 rows of slots point to rows of zones that do not exist"});
  }
  SECTION("damaged pages") {
    constexpr std::streamoff page = 4096;
    std::fstream file(config.store.path, std::ios::in | std::ios::out | std::ios::binary);
    const auto pages = static_cast<std::streamoff>(fs::file_size(config.store.path)) / page;
    REQUIRE(pages > 10);
    for (std::streamoff i = 5; i < pages; ++i) file.seekp(i * page) << "damaged in transport";
    file.close();
    const Result result = checked(config);
    CHECK(result.code == 1);
    CHECK(result.out.find("violation: ") != std::string::npos);
  }
}

TEST_CASE("check may look while a gateway runs", "[gateway][check]") {
  const Directory directory;
  const Config config = config_in(directory);
  REQUIRE(made(config).code == 0);
  const auto running = store::ProcessLock::take(config.store.path);
  auto database = opened(config);
  auto transaction = database.begin();
  CHECK(checked(config).code == 0);
  static_cast<void>(std::move(transaction).commit(0));
}

TEST_CASE("broker writes accounts for the store's slots once there is a store",
          "[gateway][broker]") {
  const Directory directory;
  const fs::path out_directory = directory.path() / "broker";
  std::ostringstream out;
  REQUIRE(made(config_in(directory)).code == 0);
  // The file has grown; the store has not: it is the store that runs.
  const Config grown = config_in(directory, "[[zones]]\nid = \"A\"\nslots = 9\n");
  REQUIRE(write_broker(grown, {.directory = out_directory, .renew = ""}, out) == 0);
  std::ifstream stream(out_directory / "credentials.csv");
  const std::string credentials{std::istreambuf_iterator<char>(stream), {}};
  CHECK(credentials.find("A-003") != std::string::npos);
  CHECK(credentials.find("A-004") == std::string::npos);
  CHECK(out.str().find("wrote the broker's files to ") == 0);
}

TEST_CASE("broker writes the account that lot.toml names, and check tells of one that cannot be",
          "[gateway][broker]") {
  const Directory directory;
  std::ostringstream out;
  const Config named = config_in(directory, zone_a + "[broker]\nusername = \"lot-1\"\n");
  REQUIRE(write_broker(named, {.directory = directory.path() / "b", .renew = ""}, out) == 0);
  std::ifstream stream(directory.path() / "b" / "acl");
  const std::string list{std::istreambuf_iterator<char>(stream), {}};
  CHECK(list.find("\nuser lot-1\n") != std::string::npos);
  const Config slot = config_in(directory, zone_a + "[broker]\nusername = \"A-001\"\n");
  CHECK(write_broker(slot, {.directory = directory.path() / "c", .renew = ""}, out) == 2);
  CHECK(checked(slot).out.find("refuses: broker.username \"A-001\": ") != std::string::npos);
}

TEST_CASE("restore refuses what was sealed with other keys, and check finds such a store",
          "[gateway][restore]") {
  const Directory directory;
  const Directory next;
  const Config ours = config_in(directory);
  const Config theirs = config_in(next);
  REQUIRE(made(ours).code == 0);
  REQUIRE(made(theirs).code == 0);
  std::ostringstream out;
  const fs::path backed_up = next.path() / "theirs.db";
  REQUIRE(backup(theirs, {.to = backed_up}, out) == 0);
  CHECK(restore(ours, backed_up, out) == 1);
  CHECK(checked(ours).code == 0);

  fs::remove(ours.store.keys_path);
  CHECK(checked(ours).out.find("violation: store.keys_path: ") != std::string::npos);
  fs::copy_file(theirs.store.keys_path, ours.store.keys_path);
  const Result other_keys = checked(ours);
  CHECK(other_keys.code == 1);
  CHECK(other_keys.out.find("was sealed with other keys than those in " +
                            ours.store.keys_path.string()) != std::string::npos);
  CHECK(restore(ours, backed_up, out) == 0);
  CHECK(checked(ours).code == 0);
}

TEST_CASE("broker refuses to renew an account the lot does not have", "[gateway][broker]") {
  const Directory directory;
  std::ostringstream out;
  const Config config = config_in(directory);
  CHECK(write_broker(config, {.directory = directory.path() / "b", .renew = "nobody"}, out) == 2);
  CHECK_FALSE(fs::exists(directory.path() / "b" / "passwd"));
}
