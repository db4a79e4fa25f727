// What is wrong with gates, barriers, sensors, money and the way out of the lot.
#include "tests/unit/edge/gateway/config_problems.hpp"

#include <algorithm>

using namespace broken;

TEST_CASE("A lane must lead through a barrier and into zones that exist", "[gateway][config]") {
  const std::string lane = zone + "[[gates.lanes]]\nid = \"IN\"\n";  // up to line 5
  check_all({
      {lane + "barrier = \"b9\"",
       "lot.toml:6: gates.lanes[0].barrier: expected the id of one of [[barriers]], or \"\" for "
       "none; found \"b9\""},
      {lane + "zones = [\"A\", \"Z\"]",
       "lot.toml:6: gates.lanes[0].zones: expected ids of [[zones]]; there is no zone \"Z\""},
      {lane + "direction = \"in\"",
       "lot.toml:6: gates.lanes[0].direction: expected \"entry\" or \"exit\" or \"both\"; found "
       "\"in\""},
      {lane + "[[gates.lanes]]\nid = \"IN\"",
       "lot.toml:7: gates.lanes[1].id: expected an id that gates.lanes[0] does not have; found "
       "\"IN\""},
      {zone + "[[gates.lanes]]\nid = \"A-001\"",
       "lot.toml:5: gates.lanes[0].id: expected an id that no slot has: both are names of "
       "devices; found \"A-001\""},
      {"[[gates.lanes]]\nid = \"bridge\"",
       "lot.toml:3: gates.lanes[0].id: expected " + device_id + "; found \"bridge\""},
      {"[gates]\nscan_ttl_s = 0",
       "lot.toml:3: gates.scan_ttl_s: expected a whole number from 1 to 300; found 0"},
  });
}

TEST_CASE("A barrier must be one that can be spoken to", "[gateway][config]") {
  const std::string board =  // up to line 5
      "[[barrier_profiles]]\nname = \"board\"\nopen = { write = \"coil:0\" }\n"
      "close = { write = \"coil:1\" }\n";
  check_all({
      {barrier + "url = \"127.0.0.1:502\"",
       "lot.toml:4: barriers[0].url: expected tcp://host:port or "
       "rtu:///device?baud=9600&parity=N; found \"127.0.0.1:502\""},
      {barrier + "url = \"rtu:///dev/ttyUSB0?baud=9600&parity=X\"",
       "lot.toml:4: barriers[0].url: expected tcp://host:port or "
       "rtu:///device?baud=9600&parity=N; found \"rtu:///dev/ttyUSB0?baud=9600&parity=X\""},
      {barrier + "url = \"rtu:///dev/ttyUSB0\"\nunit = 0",
       "lot.toml:5: barriers[0].unit: expected a whole number from 1 to 247; found 0"},
      {barrier + "profile = \"board\"",
       "lot.toml:4: barriers[0].profile: expected generic, relay8, came or the name of one of "
       "[[barrier_profiles]]; found \"board\""},
      {barrier + "inputs = { presence = \"input 2\" }",
       "lot.toml:4: barriers[0].inputs.presence: expected " + signal + "; found \"input 2\""},
      {barrier + "inputs = { loop = \"di:2\" }",
       "lot.toml:4: barriers[0].inputs.loop: unknown key; expected one of arm_open, arm_closed, "
       "presence, safety, fault"},
      {barrier + "poll_ms = 2000",
       "lot.toml:2: barriers[0].offline_after_ms: expected more than poll_ms (2000); the key is "
       "missing"},
      {barrier + barrier,
       "lot.toml:5: barriers[1].id: expected an id no other barrier has; found "
       "\"b1\""},
      {board + "[[barrier_profiles]]\nname = \"came\"\nopen = { write = \"coil:0\" }\n"
               "close = { write = \"coil:1\" }",
       "lot.toml:7: barrier_profiles[1].name: expected another name than the built-in generic, "
       "relay8 and came; found \"came\""},
      {board + "arm_open = \"di:65536\"",
       "lot.toml:6: barrier_profiles[0].arm_open: expected " + signal + "; found \"di:65536\""},
      {board + "arm_open = { read = \"hr:100\" }",
       "lot.toml:6: barrier_profiles[0].arm_open.values: expected either `values` or `not`, and "
       "not both"},
      {board + "cycles = { read = \"di:0\" }",
       "lot.toml:6: barrier_profiles[0].cycles.read: expected a register, like \"hr:100\" or "
       "\"ir:0\"; found \"di:0\""},
      {"[[barrier_profiles]]\nname = \"board\"\nopen = { write = \"di:0\" }\n"
       "close = { write = \"coil:1\" }",
       "lot.toml:4: barrier_profiles[0].open.write: expected a coil, like \"coil:0\"; found "
       "\"di:0\""},
  });
}

TEST_CASE("No two barriers move one arm, and those of one line speak alike", "[gateway][config]") {
  const std::string serial = "url = \"rtu:///dev/ttyUSB0?baud=9600&parity=N\"\n";
  const std::string second = "[[barriers]]\nid = \"b2\"\n";
  const std::string one_arm =
      "expected another url, unit or coils than those of barriers[0]: both would move one arm";
  const std::string board =
      "[[barrier_profiles]]\nname = \"board\"\nopen = { write = \"coil:2\" }\n"
      "close = { write = \"coil:3\" }\n";
  check_all({
      {barrier + second, "lot.toml:4: barriers[1].unit: " + one_arm},
      {barrier + serial + second + "unit = 1\n" + serial,
       "lot.toml:7: barriers[1].unit: " + one_arm},
      {barrier + serial + second + "url = \"rtu:///dev/ttyUSB0?baud=19200\"\nunit = 2",
       "lot.toml:7: barriers[1].url: expected the baud and parity of barriers[0], which is on the "
       "same device; found \"rtu:///dev/ttyUSB0?baud=19200\""},
      {barrier + "url = \"rtu:///dev/ttyUSB0\"\n" + second +
           "url = \"rtu:///dev/ttyUSB0\"\nprofile = \"came\"\nunit = 2",
       "lot.toml:7: barriers[1].url: expected the baud and parity of barriers[0], which is on the "
       "same device; found \"rtu:///dev/ttyUSB0\""},
      {"[[barrier_profiles]]\nname = \"board\"\nopen = { write = \"coil:2\" }\n"
       "close = { write = \"coil:2\" }",
       "lot.toml:5: barrier_profiles[0].close: expected another coil than that of open (2)"},
      {board + "cycles = { read = \"hr:65535\", words = 2 }",
       "lot.toml:6: barrier_profiles[0].cycles.read: expected a register before 65535, as words is "
       "2; found \"hr:65535\""},
  });
  CHECK(problems_of(lot + barrier + serial + second + serial + "unit = 2\n").empty());
  CHECK(problems_of(lot + barrier + second + "url = \"tcp://127.0.0.1:1503\"\n").empty());
  CHECK(problems_of(lot + board + barrier + second + "profile = \"board\"\n").empty());
  CHECK(problems_of(lot + board + "cycles = { read = \"hr:65534\", words = 2 }\n").empty());
}

TEST_CASE("A sensor profile must say which slot and what is occupied", "[gateway][config]") {
  check_all({
      {"[[sensor_profiles]]\nname = \"p\"",
       "lot.toml:2: sensor_profiles[0].topic: expected text that is not empty; the key is missing"},
      {profile + "ports = [0]",
       "lot.toml:5: sensor_profiles[0].ports[0]: expected a LoRaWAN port from 1 to 255; found 0"},
      {profile + "absent = \"occupied\"",
       "lot.toml:5: sensor_profiles[0].absent: expected \"\" or \"free\"; found \"occupied\""},
      {profile + "occupied_values = [1.5]",
       "lot.toml:5: sensor_profiles[0].occupied_values[0]: expected text, a whole number, true or "
       "false; found 1.5"},
      {profile + "map = { \"eui-1\" = \"A 1\" }",
       "lot.toml:5: sensor_profiles[0].map.eui-1: expected " + device_id + "; found \"A 1\""},
      {profile + "[[sensor_profiles]]\nname = \"p\"\ntopic = \"v3/{device}/down\"\n",
       "lot.toml:6: sensor_profiles[1].name: expected a name that sensor_profiles[0] does not "
       "have; found \"p\""},
  });
}

TEST_CASE("No message may be one of two sensor profiles', or of the lot's own devices",
          "[gateway][config]") {
  const auto second = [](const std::string& topic) {
    return profile + "[[sensor_profiles]]\nname = \"q\"\ntopic = \"" + topic + "\"\n";
  };
  const std::string twice =
      "lot.toml:7: sensor_profiles[1].topic: expected a topic none of whose messages are those of "
      "sensor_profiles[0].topic on line 4; found ";
  const std::string own =
      "lot.toml:4: sensor_profiles[0].topic: expected a topic outside of parking/v1/demo/#, which "
      "the lot's own devices and the gateway speak on; found ";
  const auto alone = [](const std::string& topic) {
    return "[[sensor_profiles]]\nname = \"q\"\ntopic = \"" + topic + "\"\n";
  };
  check_all({
      {second("v3/{device}/up"), twice + "\"v3/{device}/up\""},
      {second("v3/{slot}/up"), twice + "\"v3/{slot}/up\""},
      {second("+/{device}/up"), twice + "\"+/{device}/up\""},
      {second("v3/+/{device}"), twice + "\"v3/+/{device}\""},
      {alone("parking/v1/demo/slots/{slot}/state"), own + "\"parking/v1/demo/slots/{slot}/state\""},
      {alone("+/+/+/slots/{slot}/state"), own + "\"+/+/+/slots/{slot}/state\""},
      {alone("parking/v1/demo/{device}"), own + "\"parking/v1/demo/{device}\""},
  });
  CHECK(problems_of(lot + second("v3/{device}/state")).empty());
  CHECK(problems_of(lot + second("v4/{device}/up")).empty());
  CHECK(problems_of(lot + alone("parking/v1/other/slots/{slot}/state")).empty());
}

TEST_CASE("No two devices may speak for one slot", "[gateway][config]") {
  const auto second = [](const std::string& map) {
    return profile + "map = { \"eui-1\" = \"A-001\" }\n[[sensor_profiles]]\nname = \"q\"\n" +
           "topic = \"v3/{device}/down\"\nmap = { " + map + " }\n";
  };
  check_all({
      {profile + "[sensor_profiles.map]\neui-1 = \"A-001\"\neui-2 = \"A-001\"\n",
       "lot.toml:7: sensor_profiles[0].map.eui-2: expected a slot that no other device has; "
       "\"A-001\" is the slot of sensor_profiles[0].map.eui-1 on line 6"},
      {second("\"eui-9\" = \"A-001\""),
       "lot.toml:9: sensor_profiles[1].map.eui-9: expected a slot that no other device has; "
       "\"A-001\" is the slot of sensor_profiles[0].map.eui-1 on line 5"},
  });
  // A network server may tell of one device on two topics.
  CHECK(problems_of(lot + second("\"eui-1\" = \"A-001\"")).empty());
}

TEST_CASE("A file's name holds no control characters", "[gateway][config]") {
  const std::string expected = "expected a file's name, without control characters";
  check_all({
      {"[store]\npath = \"gate\\u0000house.db\"",
       "lot.toml:3: store.path: " + expected + "; found \"gate?house.db\""},
  });
  for (const std::string key :
       {"store]\nkeys_path", "broker]\nca_file", "http]\ntls_cert_file", "backup]\ndir",
        "log]\ndir", "broker.server]\ncert_file", "broker.server]\nkey_file"}) {
    const auto problems = problems_of(lot + "[" + key + " = \"a\\nb\"");
    CAPTURE(key);
    CHECK(std::ranges::any_of(problems, [&](const std::string& problem) {
      return problem.find(expected) != std::string::npos;
    }));
  }
}

TEST_CASE("What a sensor profile's reader refuses is told with the key's line",
          "[gateway][config]") {
  const auto [line, begin] = GENERATE(table<std::string, std::string>({
      {"decoder = \"acme\"", "lot.toml:5: sensor_profiles[0].decoder: \"acme\" is not one of"},
      {"absent = \"free\"", "lot.toml:5: sensor_profiles[0].absent: "},
      {"occupied = \"no/slash\"", "lot.toml:5: sensor_profiles[0].occupied: "},
      {"free_values = [1]", "lot.toml:5: sensor_profiles[0].free_values: 1 stands in"},
  }));
  CAPTURE(line);
  const auto problems = problems_of(lot + profile + line);
  REQUIRE(problems.size() == 1);
  CHECK(problems.front().starts_with(begin));
}

TEST_CASE("Money and its windows must be possible", "[gateway][config]") {
  check_all({
      {"[billing]\nbooking_fee = 50",
       "lot.toml:3: billing.booking_fee: expected rupees as text, like \"50.00\"; found a number"},
      {"[billing]\ngrace_minutes = -5",
       "lot.toml:3: billing.grace_minutes: expected a whole number from 0 to 1440; found -5"},
      {"[billing]\nunpaid_holds_percent = 101",
       "lot.toml:3: billing.unpaid_holds_percent: expected a whole number from 0 to 100; found "
       "101"},
      {"[billing]\ntax = { percent = 18, gstin = \"123\" }",
       "lot.toml:3: billing.tax.gstin: expected a GSTIN of 15 characters, or \"\" for none; found "
       "\"123\""},
      {"[billing]\ntax = { invoice_series = \"LONG\" }",
       "lot.toml:3: billing.tax.invoice_series: expected 1 to 3 capitals, digits or '-', not "
       "beginning with C; found \"LONG\""},
      {"[billing]\ntax = { invoice_series = \"C1\" }",
       "lot.toml:3: billing.tax.invoice_series: expected 1 to 3 capitals, digits or '-', not "
       "beginning with C; found \"C1\""},
      {"[billing]\ntax = { percent = 118 }",
       "lot.toml:3: billing.tax.percent: expected a whole number from 0 to 100; found 118"},
      {"[billing]\ntax = { inclusive = false }",
       "lot.toml:3: billing.tax.inclusive: expected true, as prices include GST in this version; "
       "found false"},
      {"[billing]\ndaily_cap = \"0\"",
       "lot.toml:3: billing.daily_cap: expected more than \"0\", which would make parking free, or "
       "\"\" for no cap; found \"0\""},
      {"[billing]\nminute_seconds = 0",
       "lot.toml:3: billing.minute_seconds: expected a whole number from 1 to 60; found 0"},
      {"[payments]\nprovider = \"stripe\"",
       "lot.toml:3: payments.provider: expected \"razorpay\" or \"phonepe\"; found \"stripe\""},
      {"[payments.phonepe]\napi = \"v3\"",
       "lot.toml:3: payments.phonepe.api: expected \"v1\" or \"v2\"; found \"v3\""},
      {"[payments]\ncallback_url = \"ftp://lot.example\"",
       "lot.toml:3: payments.callback_url: expected a URL, like \"https://lot.example\", or "
       "\"\"; found \"ftp://lot.example\""},
  });
}

TEST_CASE("Live payments need keys, real hosts and real minutes", "[gateway][config]") {
  CHECK(problems_of(lot + "[billing]\nminute_seconds = 1\n[payments]\nmode = \"live\"\n"
                          "[payments.razorpay]\nbase_url = \"http://127.0.0.1:9101\"\n"
                          "webhook_secret_env = \"\"\n") ==
        std::vector<std::string>{
            ("lot.toml:3: billing.minute_seconds: expected 60, as payments.mode is not "
             "\"sandbox\"; found 1"),
            ("lot.toml:6: payments.razorpay.key_id_env: expected a key, as payments.mode is "
             "\"live\"; the environment variable RAZORPAY_KEY_ID is not set"),
            ("lot.toml:6: payments.razorpay.key_secret_env: expected a key, as payments.mode is "
             "\"live\"; the environment variable RAZORPAY_KEY_SECRET is not set"),
            ("lot.toml:7: payments.razorpay.base_url: expected an https:// URL, as payments.mode "
             "is \"live\"; found \"http://127.0.0.1:9101\""),
            ("lot.toml:8: payments.razorpay.webhook_secret_env: expected a key, as payments.mode "
             "is \"live\"; no environment variable is named")});
}

TEST_CASE("What leaves the lot must have somewhere to go", "[gateway][config]") {
  check_all({
      {"[cloud]\nurl = \"https://cloud.example\"",
       "lot.toml:3: cloud.url: expected a broker's URL, like \"mqtts://cloud.example:8883\", or "
       "\"\" for no cloud; found \"https://cloud.example\""},
      {"[cloud]\nurl = \"mqtt://cloud.example\"",
       "lot.toml:3: cloud.url: expected mqtts://, as a password goes over the line; found "
       "\"mqtt://cloud.example\""},
      {"[cloud]\nrelay = [\"public\", \"everybody\"]",
       "lot.toml:3: cloud.relay[1]: expected \"public\", \"user\", \"guest\", \"payments\", "
       "\"staff\" or \"admin\"; found \"everybody\""},
      {"[backup]\nat = \"2 am\"",
       "lot.toml:3: backup.at: expected a time of day as text, \"00:00\" to \"23:59\"; found \"2 "
       "am\""},
      {"[backup]\ncopy_command = \"rsync\"",
       "lot.toml:3: backup.copy_command: expected a list of a program and its arguments; found "
       "\"rsync\""},
      {"[log]\nkeep_days = 0",
       "lot.toml:3: log.keep_days: expected a whole number from 1 to 3650; found 0"},
  });
}
