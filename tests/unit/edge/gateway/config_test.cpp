#include "edge/gateway/config.hpp"

#include "edge/gateway/config/toml_tree.hpp"

#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::gateway;
using namespace std::chrono_literals;

namespace {

std::optional<std::string> empty_environment(const std::string& /*variable*/) {
  return std::nullopt;
}

std::string read_file(const std::string& path) {
  std::ifstream stream(std::string(GATEHOUSE_SOURCE_DIR "/") + path);
  REQUIRE(stream);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// The first ```toml block of the contract's page.
std::string contract_block() {
  const std::string page = read_file("docs/contract/config-and-cli.md");
  const std::string opening = "```toml\n";
  const auto begin = page.find(opening) + opening.size();
  return page.substr(begin, page.find("```", begin) - begin);
}

Config parsed(const std::string& text, const Environment& environment = empty_environment) {
  auto config = parse_config(text, "/etc/gatehouse/lot.toml", environment);
  if (!config) {
    for (const ConfigProblem& problem : config.error()) UNSCOPED_INFO(problem.text("lot.toml"));
  }
  REQUIRE(config);
  return std::move(*config);
}

/// The document without its lines and comments.
std::string outline(const TomlTable& table, const std::string& path);
std::string outline(const TomlNode& node, const std::string& path) {
  if (const auto* inner = std::get_if<TomlTable>(&node.value)) return outline(*inner, path);
  std::string text;
  if (const auto* list = std::get_if<TomlList>(&node.value)) {
    text = path + " = " + std::to_string(list->size()) + " elements\n";
    for (std::size_t i = 0; i < list->size(); ++i) {
      text += outline((*list)[i], path + '[' + std::to_string(i) + ']');
    }
    return text;
  }
  if (const auto* word = std::get_if<std::string>(&node.value)) text = '"' + *word + '"';
  if (const auto* number = std::get_if<std::int64_t>(&node.value)) text = std::to_string(*number);
  if (const auto* number = std::get_if<double>(&node.value)) text = std::to_string(*number);
  if (const auto* truth = std::get_if<bool>(&node.value)) text = *truth ? "true" : "false";
  return path + " = " + text + '\n';
}
std::string outline(const TomlTable& table, const std::string& path) {
  std::string text;
  for (const TomlMember& member : table.members)
    text += outline(member.node, path + '.' + member.key);
  return text;
}

}  // namespace

TEST_CASE("Every key of the contract's page is accepted", "[gateway][config]") {
  const Config config = parsed(contract_block());
  CHECK(config.lot.id.text() == "demo");
  REQUIRE(config.zones.size() == 1);
  CHECK(config.zones[0].slots.size() == 10);
  CHECK(config.zones[0].slots.back().text() == "A-010");
  CHECK(config.zones[0].zone.rates.bands ==
        std::vector<RateBand>{{.from = 6h, .to = 9h, .hourly_rate = Paise(8000)}});
  REQUIRE(config.gates.lanes.size() == 1);
  CHECK(config.gates.lanes[0].barrier == "b1");
  REQUIRE(config.barrier_profiles.size() == 1);
  CHECK(config.barrier_profiles[0].close.coil == 1);
  CHECK(config.barrier_profiles[0].cycles.value_or(CycleCounter{}).words == 2);
  REQUIRE(config.sensor_profiles.size() == 1);
  CHECK(config.sensor_profiles[0].map.at("eui-70b3d5") == "A-001");
}

TEST_CASE("A file that says nothing but its lot has the contract's values", "[gateway][config]") {
  const Config page = parsed(contract_block());
  const Config bare = parsed(
      "lot = { id = \"demo\" }\n[[zones]]\nid = \"A\"\n[[barriers]]\nid = \"b1\"\n"
      "[[gates.lanes]]\nid = \"ENTRY_GATE_01\"\n");

  CHECK(bare.lot == page.lot);
  CHECK(bare.store == page.store);
  CHECK(bare.broker.url == page.broker.url);
  CHECK(bare.broker.username == page.broker.username);
  CHECK(bare.broker_server.listen == page.broker_server.listen);
  CHECK(bare.broker_server.development == page.broker_server.development);
  CHECK(bare.http.listen == page.http.listen);
  CHECK(bare.http.rate_limit.anonymous_per_hour == page.http.rate_limit.anonymous_per_hour);
  CHECK(bare.http.rate_limit.user_per_hour == page.http.rate_limit.user_per_hour);
  CHECK(bare.http.rate_limit.staff_per_hour == page.http.rate_limit.staff_per_hour);
  CHECK(bare.http.rate_limit.login_failures == page.http.rate_limit.login_failures);
  CHECK(bare.http.rate_limit.login_window_s == page.http.rate_limit.login_window_s);
  CHECK(bare.sensors == page.sensors);
  CHECK(bare.billing == page.billing);
  CHECK(bare.barriers == page.barriers);
  CHECK(bare.payments == page.payments);
  CHECK(bare.cloud == page.cloud);
  CHECK(bare.backup == page.backup);
  CHECK(bare.log == page.log);

  Config without_example_lane = page;
  without_example_lane.gates.lanes[0].barrier = "";
  without_example_lane.gates.lanes[0].zones = {};
  CHECK(bare.gates == without_example_lane.gates);
  Config without_example_rates = page;
  without_example_rates.zones[0].zone.rates.bands = {};
  CHECK(bare.zones[0].zone == without_example_rates.zones[0].zone);
  CHECK(bare.zones[0].slots == page.zones[0].slots);
}

TEST_CASE("The example that is shipped says what the contract says", "[gateway][config]") {
  const auto page = parse_toml(contract_block());
  const auto example = parse_toml(read_file("packaging/lot.toml.example"));
  REQUIRE(page);
  REQUIRE(example);
  CHECK(outline(*example, "") == outline(*page, ""));
}

TEST_CASE("Relative paths start from the directory of the file", "[gateway][config]") {
  const Config config = parsed(
      "lot = { id = \"demo\" }\n[store]\npath = \"data/lot.db\"\nkeys_path = \"/k/keys\"\n"
      "[broker.server]\ncert_file = \"../tls/cert.pem\"\n");
  CHECK(config.store.path == "/etc/gatehouse/data/lot.db");
  CHECK(config.store.keys_path == "/k/keys");
  CHECK(config.broker_server.cert_file == "/etc/tls/cert.pem");
  CHECK(config.broker_server.key_file.empty());
}

TEST_CASE("Secrets come from the variables that the file names", "[gateway][config]") {
  const Environment environment = [](const std::string& variable) -> std::optional<std::string> {
    if (variable == "MY_BROKER") return "open sesame";
    if (variable == "RAZORPAY_KEY_ID") return "rzp_live_1";
    return std::nullopt;
  };
  const Config config =
      parsed("lot = { id = \"demo\" }\n[broker]\npassword_env = \"MY_BROKER\"\n", environment);
  CHECK(config.broker.password == "open sesame");
  CHECK(config.payments.razorpay.key_id == Secret{"RAZORPAY_KEY_ID", "rzp_live_1"});
  CHECK(config.payments.razorpay.key_secret == Secret{"RAZORPAY_KEY_SECRET", ""});
  CHECK(config.cloud.username == "demo");
}

TEST_CASE("Live payments go to the providers' real hosts", "[gateway][config]") {
  const Environment environment = [](const std::string&) { return std::optional("set"); };
  const Config config =
      parsed("lot = { id = \"demo\" }\n[payments]\nmode = \"live\"\n", environment);
  CHECK(config.payments.razorpay.base_url == "https://api.razorpay.com");
  CHECK(config.payments.phonepe.base_url == "https://api.phonepe.com/apis/hermes");
}

TEST_CASE("Bands that only touch do not overlap", "[gateway][config]") {
  const Config config = parsed(
      "lot = { id = \"demo\" }\n[[zones]]\nid = \"A\"\nrates = [\n"
      "  { from = \"22:00\", to = \"06:00\", hourly_rate = \"20\" },\n"
      "  { from = \"06:00\", to = \"09:00\", hourly_rate = \"80\" },\n"
      "  { from = \"18:00\", to = \"22:00\", hourly_rate = \"60\" } ]\n");
  CHECK(config.zones[0].zone.rates.bands.size() == 3);
  CHECK(config.zones[0].zone.rates.bands[0].from == 22h);
  CHECK(config.zones[0].zone.rates.bands[0].to == 6h);
}

TEST_CASE("The seed of the store is the file's lot, zones and slots", "[gateway][config]") {
  const Config config = parsed(
      "[lot]\nid = \"mall\"\nname = \"Mall\"\n[[zones]]\nid = \"A\"\nslots = 2\n"
      "[[zones]]\nid = \"B\"\nname = \"Roof\"\nslots = [\"R1\", \"R2\"]\nwalk_in = false\n");
  const store::LotSeed seed = config.seed();
  CHECK(seed.lot.text() == "mall");
  CHECK(seed.name == "Mall");
  REQUIRE(seed.zones.size() == 2);
  CHECK(seed.zones[0].zone.name == "Zone A");
  CHECK(seed.zones[0].slots[1].text() == "A-002");
  CHECK(seed.zones[1].slots[0].text() == "R1");
  CHECK_FALSE(seed.zones[1].zone.walk_in);
}

TEST_CASE("A barrier's inputs may be laid over its profile or taken away", "[gateway][config]") {
  const Config config = parsed(
      "lot = { id = \"demo\" }\n[[barriers]]\nid = \"b1\"\nprofile = \"came\"\n"
      "inputs = { presence = \"di:2\", safety = \"\", fault = { read = \"hr:103\", not = 0 } }\n");
  const auto& inputs = config.barriers[0].inputs;
  REQUIRE(inputs.size() == 3);
  CHECK(inputs.at("presence").value_or(BarrierInput{}).read ==
        ModbusAddress{ModbusAddress::Space::discrete_input, 2});
  CHECK_FALSE(inputs.at("safety").has_value());
  CHECK(inputs.at("fault").value_or(BarrierInput{}).not_value == 0);
}

TEST_CASE("What this version does not act on is named once", "[gateway][config]") {
  CHECK(not_acted_on_notice(parsed("lot = { id = \"demo\" }\n[sensors]\n")) == "");
  CHECK(not_acted_on_notice(parsed("lot = { id = \"demo\" }\n[gates]\n[http]\nrate_limit = "
                                   "{ login_failures = 3, user_per_hour = 9 }\n[payments]\n")) ==
        "this version checks but does not act on: payments");
  // Without a cloud the outbox is kept for so long all the same.
  CHECK(not_acted_on_notice(parsed("lot = { id = \"demo\" }\n[cloud]\noutbox_keep_days = 3\n")) ==
        "");
  CHECK(not_acted_on_notice(parsed("lot = { id = \"demo\" }\n[cloud]\noutbox_keep_days = 3\n"
                                   "outbox_max_mb = 64\nrelay = []\n")) ==
        "this version checks but does not act on: cloud.relay");
}

TEST_CASE("The example of an environment has every variable that is read", "[gateway][config]") {
  const std::string example = read_file(".env.example");
  std::vector<std::string> missing;
  const auto remember = [&](const std::string& variable) -> std::optional<std::string> {
    if (example.find("\n" + variable + "=") == std::string::npos) missing.push_back(variable);
    return "x";
  };
  static_cast<void>(parsed(contract_block(), remember));
  static_cast<void>(parsed("lot = { id = \"demo\" }\n", remember));
  CHECK(missing == std::vector<std::string>{});
}

TEST_CASE("A file that cannot be read is a problem like any other", "[gateway][config]") {
  const auto missing = load_config("/nowhere/lot.toml", empty_environment);
  REQUIRE_FALSE(missing);
  REQUIRE(missing.error().size() == 1);
  CHECK(missing.error()[0].text("/nowhere/lot.toml") ==
        "/nowhere/lot.toml: expected a readable file; No such file or directory");
  CHECK_FALSE(load_config("/etc", empty_environment));
}

TEST_CASE("The largest lot by name is read", "[gateway][config]") {
  std::string text = "lot = { id = \"demo\" }\n[[zones]]\nid = \"A\"\nslots = [\n";
  for (int i = 0; i < 100'000; ++i) text += "\"SLOT-" + std::to_string(i) + "\",\n";
  CHECK(parsed(text + "]\n").zones[0].slots.size() == 100'000);
}
