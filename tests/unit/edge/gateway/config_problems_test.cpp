// Broken configurations, and exactly what an operator is told about each.
#include "tests/unit/edge/gateway/config_problems.hpp"

using namespace broken;

TEST_CASE("A lot that cannot be told from others is refused", "[gateway][config]") {
  CHECK(problems_of("") ==
        std::vector<std::string>{"lot.toml:1: lot.id: expected an id of 1 to 64 letters, digits, "
                                 "'_' and '-'; the key is missing"});
  CHECK(problems_of("\n[lot]\nname = \"Somewhere\"\n") ==
        std::vector<std::string>{"lot.toml:2: lot.id: expected an id of 1 to 64 letters, digits, "
                                 "'_' and '-'; the key is missing"});
  CHECK(problems_of("[lot]\nid = \"my lot\"\n") ==
        std::vector<std::string>{"lot.toml:2: lot.id: expected an id of 1 to 64 letters, digits, "
                                 "'_' and '-'; found \"my lot\""});
}

TEST_CASE("Text that is not TOML is refused with the line of the mistake", "[gateway][config]") {
  const auto problems = problems_of("[lot]\nid = \"demo\"\nname = \"Demo\n");
  REQUIRE(problems.size() == 1);
  CHECK(problems.front().starts_with("lot.toml:3: expected TOML; Error while parsing"));
}

TEST_CASE("Every mistake of a file is reported at once, in the order of its lines",
          "[gateway][config]") {
  CHECK(problems_of("[lot]\nid = 5\ncolour = \"red\"\n[http]\nlisten = \"8080\"\n"
                    "[[zones]]\nhourly_rate = 50\n[sensor]\n") ==
        std::vector<std::string>{
            ("lot.toml:2: lot.id: expected an id of 1 to 64 letters, digits, '_' and '-'; found a "
             "number"),
            ("lot.toml:3: lot.colour: unknown key; expected one of id, name, timezone, currency, "
             "language, address, latitude, longitude"),
            ("lot.toml:5: http.listen: expected an address and a port, like \"127.0.0.1:8080\"; "
             "found \"8080\""),
            ("lot.toml:6: zones[0].id: expected an id of 1 to 64 letters, digits, '_' and '-'; the "
             "key is missing"),
            ("lot.toml:7: zones[0].hourly_rate: expected rupees as text, like \"50.00\"; found a "
             "number"),
            "lot.toml:8: sensor: unknown key; expected perhaps sensors"});
}

TEST_CASE("The lot's own settings must be possible", "[gateway][config]") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"timezone = \"Asia/Bombay\"",
       "lot.timezone: expected an IANA time zone, like \"Asia/Kolkata\"; found \"Asia/Bombay\""},
      {"timezone = \"\"",
       "lot.timezone: expected an IANA time zone, like \"Asia/Kolkata\"; found \"\""},
      {"language = \"ta\"", "lot.language: expected \"en\" or \"hi\"; found \"ta\""},
      {"currency = \"EUR\"", "lot.currency: expected \"INR\"; found \"EUR\""},
      {"latitude = 91", "lot.latitude: expected degrees from -90 to 90; found 91"},
      {"latitude = nan", "lot.latitude: expected degrees from -90 to 90; found nan"},
      {"longitude = \"77 E\"", "lot.longitude: expected degrees from -180 to 180; found \"77 E\""},
      {"name = \"\"",
       "lot.name: expected a name of 1 to 100 characters, without control characters; found \"\""},
      {"name = \"a\\u0007b\"",
       "lot.name: expected a name of 1 to 100 characters, without control characters; found "
       "\"a?b\""},
      {"nam = \"Demo\"", "lot.nam: unknown key; expected perhaps name"},
  };
  for (const auto& [line, problem] : cases) {
    CAPTURE(line);
    CHECK(problems_of("[lot]\nid = \"demo\"\n" + line + "\n") ==
          std::vector<std::string>{"lot.toml:3: " + problem});
  }
}

TEST_CASE("Sections must be tables and lists what they are", "[gateway][config]") {
  check_all({
      {"[foo]",
       "lot.toml:2: foo: unknown key; expected one of lot, store, broker, http, sensors, zones, "
       "barrier_profiles, barriers, gates, sensor_profiles, payments, billing, cloud, backup, log"},
      {"[gate]", "lot.toml:2: gate: unknown key; expected perhaps gates"},
      {"[htp]", "lot.toml:2: htp: unknown key; expected perhaps http"},
      {"http = 8080", "lot.toml:2: http: expected a table; found 8080"},
      {"zones = \"A\"", "lot.toml:2: zones: expected a list of tables, [[zones]]; found \"A\""},
      {"zones = [1]", "lot.toml:2: zones[0]: expected a table; found 1"},
      {"[zones]\nid = \"A\"",
       "lot.toml:2: zones: expected a list of tables, [[zones]]; found a table"},
      {"[store]\npath = 1979-05-27",
       "lot.toml:3: store.path: expected a file's name, without control characters; found a date "
       "or "
       "time"},
      {"[store]\npath = \"a\"\nkeys_path = \"./a\"",
       "lot.toml:4: store.keys_path: expected another file than store.path; found \"./a\""},
      {"[sensors]\nstale_after_s = 0",
       "lot.toml:3: sensors.stale_after_s: expected a whole number from 1 to 2678400; found 0"},
      {"[sensors]\nstale_after_s = \"60\"",
       "lot.toml:3: sensors.stale_after_s: expected a whole number from 1 to 2678400; found "
       "\"60\""},
      {"[sensors]\nstale_after_s = 1.5",
       "lot.toml:3: sensors.stale_after_s: expected a whole number from 1 to 2678400; found 1.5"},
  });
}

TEST_CASE("A zone must be one that can be parked in and billed", "[gateway][config]") {
  check_all({
      {zone + "hourly_rate = 50",
       "lot.toml:4: zones[0].hourly_rate: expected rupees as text, like \"50.00\"; found a number"},
      {zone + "hourly_rate = \"-50\"",
       "lot.toml:4: zones[0].hourly_rate: expected rupees as text, like \"50.00\"; found \"-50\""},
      {zone + "hourly_rate = \"\"",
       "lot.toml:4: zones[0].hourly_rate: expected rupees as text, like \"50.00\"; found \"\""},
      {zone + "hourly_rate = \"10000000\"",
       "lot.toml:4: zones[0].hourly_rate: expected rupees up to \"9999999.99\"; found "
       "\"10000000\""},
      {zone + "slots = 0",
       "lot.toml:4: zones[0].slots: expected a whole number from 1 to 100000; found 0"},
      {zone + "slots = 100001",
       "lot.toml:4: zones[0].slots: expected a whole number from 1 to 100000; found 100001"},
      {zone + "slots = []",
       "lot.toml:4: zones[0].slots: expected a number of slots, or a list of their names; found a "
       "list"},
      {zone + "slots = \"ten\"",
       "lot.toml:4: zones[0].slots: expected a number of slots, or a list of their names; found "
       "\"ten\""},
      {zone + "slots = [\"A-1\", \"A 2\"]",
       "lot.toml:4: zones[0].slots[1]: expected " + device_id + "; found \"A 2\""},
      {zone + "slots = [\"gateway\"]",
       "lot.toml:4: zones[0].slots[0]: expected " + device_id + "; found \"gateway\""},
      {zone + "slots = [\n  \"A-1\",\n  \"A-1\",\n]",
       "lot.toml:6: zones[0].slots[1]: expected something else than slots[0]; found \"A-1\""},
      {"[[zones]]\nid = \"dashboard\"", "lot.toml:2: zones[0].slots: expected " + device_id +
                                            "; the slot would be called \"dashboard-001\""},
      {zone + "[[zones]]\nid = \"A\"\nslots = [\"B-1\"]",
       "lot.toml:5: zones[1].id: expected an id that zones[0] does not have; found \"A\""},
      {zone + "[[zones]]\nid = \"B\"\nslots = [\"A-010\"]",
       "lot.toml:6: zones[1].slots: expected slot ids that are unique over the lot; zones[0] has "
       "\"A-010\" too"},
      {zone + "slots = 99999\n[[zones]]\nid = \"B\"\nslots = 2",
       "lot.toml:7: zones[1].slots: expected at most 100000 slots in the lot; found 100001"},
      {zone + "walk_in = \"yes\"",
       "lot.toml:4: zones[0].walk_in: expected true or false; found \"yes\""},
      {zone + "operating_hours = \"6-23\"",
       "lot.toml:4: zones[0].operating_hours: expected hours of the day, like \"06:00-23:00\"; "
       "found \"6-23\""},
      {zone + "features = [\"ev\", \"\"]",
       "lot.toml:4: zones[0].features[1]: expected a name of 1 to 100 characters, without control "
       "characters; found \"\""},
      {zone + "hourly_rates = \"50.00\"",
       "lot.toml:4: zones[0].hourly_rates: unknown key; expected perhaps hourly_rate"},
  });
}

TEST_CASE("Rates of the day must say one price for every minute", "[gateway][config]") {
  check_all({
      {zone + "rates = [ { from = \"06:00\", hourly_rate = \"80.00\" } ]",
       "lot.toml:4: zones[0].rates[0].to: expected from, to and hourly_rate; the key is missing"},
      {zone + "rates = [ { from = \"24:00\", to = \"09:00\", hourly_rate = \"80.00\" } ]",
       "lot.toml:4: zones[0].rates[0].from: expected a time of day as text, \"00:00\" to "
       "\"23:59\"; found \"24:00\""},
      {zone + "rates = [ { from = \"06:00\", to = \"25:00\", hourly_rate = \"80.00\" } ]",
       "lot.toml:4: zones[0].rates[0].to: expected a time of day as text, \"00:00\" to \"24:00\"; "
       "found \"25:00\""},
      {zone + "rates = [ { from = \"06:00\", to = \"06:00\", hourly_rate = \"80.00\" } ]",
       "lot.toml:4: zones[0].rates[0].to: expected another time than `from`; for the whole day "
       "use hourly_rate of the zone; found \"06:00\""},
      {zone + "rates = [\n"
              "  { from = \"22:00\", to = \"06:00\", hourly_rate = \"20.00\" },\n"
              "  { from = \"05:59\", to = \"09:00\", hourly_rate = \"80.00\" } ]",
       "lot.toml:6: zones[0].rates[1].from: expected bands that do not overlap; zones[0].rates[0] "
       "holds some of the same time"},
  });
}

TEST_CASE("The broker must be one that can be reached and protects its devices",
          "[gateway][config]") {
  check_all({
      {"[broker]\nurl = \"http://127.0.0.1\"",
       "lot.toml:3: broker.url: expected a broker's URL, like \"mqtt://127.0.0.1:1883\"; found "
       "\"http://127.0.0.1\""},
      {"[broker]\nurl = \"mqtt://127.0.0.1:99999\"",
       "lot.toml:3: broker.url: expected a broker's URL, like \"mqtt://127.0.0.1:1883\"; found "
       "\"mqtt://127.0.0.1:99999\""},
      {"[broker]\npassword = \"secret\"",
       "lot.toml:3: broker.password: unknown key; expected perhaps password_env"},
      {"[broker]\npassword_env = \"MQTT PASSWORD\"",
       "lot.toml:3: broker.password_env: expected the name of an environment variable, like "
       "\"GATEHOUSE_MQTT_PASSWORD\", or \"\" for none; found \"MQTT PASSWORD\""},
      {"[broker]\nurl = \"mqtts://broker\"\nca_file = \"/nowhere/ca.pem\"",
       "lot.toml:4: broker.ca_file: expected a file that exists, or \"\" for none; found "
       "\"/nowhere/ca.pem\""},
      {"[broker]\nca_file = \"/etc/passwd\"",
       "lot.toml:3: broker.ca_file: expected \"\", as broker.url is not mqtts://; found "
       "\"/etc/passwd\""},
      {"[broker.server]\nlisten = [\"0.0.0.0:1883\"]",
       "lot.toml:3: broker.server.listen[0]: expected a loopback address and a port, like "
       "\"127.0.0.1:1883\" (without TLS: loopback only); found \"0.0.0.0:1883\""},
      {"[broker.server]\nlisten = [\"127.0.0.1:0\"]",
       "lot.toml:3: broker.server.listen[0]: expected a loopback address and a port, like "
       "\"127.0.0.1:1883\" (without TLS: loopback only); found \"127.0.0.1:0\""},
      {"[broker.server]\nlisten = []",
       "lot.toml:3: broker.server.listen: expected an address here or in tls_listen; found none"},
      {"[broker.server]\ntls_listen = [\"0.0.0.0:8883\"]\nkey_file = \"k.pem\"",
       "lot.toml:2: broker.server.cert_file: expected a certificate's file, as tls_listen is set; "
       "found none"},
      {"[broker.server]\ndevelopment = true\nlisten = [\"127.0.0.1:1883\", \"[::1]:1883\"]",
       "lot.toml:3: broker.server.development: expected one address in listen and none in "
       "tls_listen, as a development broker lets everybody in"},
      {"[broker.server]\ndashboards = [\"hall\", \"hall\"]",
       "lot.toml:3: broker.server.dashboards[1]: expected something else than dashboards[0]; "
       "found \"hall\""},
      {"[broker.server]\nintegrations = [ { name = \"ttn\", write = [\"v3/#/up\"] } ]",
       "lot.toml:3: broker.server.integrations[0].write[0]: expected an MQTT topic filter, like "
       "\"v3/#\"; found \"v3/#/up\""},
      {"[broker.server]\nintegrations = [ { write = [\"v3/#\"] } ]",
       "lot.toml:3: broker.server.integrations[0].name: expected a name of 1 to 52 letters, "
       "digits, '_' and '-'; the key is missing"},
  });
}

TEST_CASE("The web server must be one that browsers reach and trust", "[gateway][config]") {
  check_all({
      {"[http]\nlisten = \"127.0.0.1\"",
       "lot.toml:3: http.listen: expected an address and a port, like \"127.0.0.1:8080\"; found "
       "\"127.0.0.1\""},
      {"[http]\nlisten = \"127.0.0.1:70000\"",
       "lot.toml:3: http.listen: expected an address and a port, like \"127.0.0.1:8080\"; found "
       "\"127.0.0.1:70000\""},
      {"[http]\nlisten = \"10.0.0.300:80\"",
       "lot.toml:3: http.listen: expected an address and a port, like \"127.0.0.1:8080\"; found "
       "\"10.0.0.300:80\""},
      {"[http]\npublic_url = \"lot.example\"",
       "lot.toml:3: http.public_url: expected a URL, like \"https://lot.example\", or \"\"; found "
       "\"lot.example\""},
      {"[http]\ntls_cert_file = \"/etc/passwd\"",
       "lot.toml:2: http.tls_key_file: expected a file, as http.tls_cert_file names one; found "
       "none"},
      {"[http]\nredirect_listen = \"0.0.0.0:80\"",
       "lot.toml:3: http.redirect_listen: expected \"\", as there is no HTTPS to redirect to "
       "(tls_cert_file); found \"0.0.0.0:80\""},
      {"[http]\ncors_origins = [\"https://lot.example/app\"]",
       "lot.toml:3: http.cors_origins[0]: expected an origin, like \"https://lot.example\", "
       "without a path; found \"https://lot.example/app\""},
      {"[http]\ntrusted_proxies = [\"10.0.0.0/33\"]",
       "lot.toml:3: http.trusted_proxies[0]: expected an address or network, like "
       "\"10.0.0.0/8\"; found \"10.0.0.0/33\""},
      {"[http]\nrate_limit = { user_per_hour = -1 }",
       "lot.toml:3: http.rate_limit.user_per_hour: expected a whole number from 0 to 10000000; "
       "found -1"},
  });
}
