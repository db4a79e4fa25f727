#include "broker/mosquitto.hpp"

#include <sstream>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace gatehouse;
using namespace gatehouse::broker;

namespace {

ServerLot lot_of(std::size_t slots, std::size_t gates) {
  ServerLot lot{LotId::parse("demo").value(), {}, {}, {}};
  for (std::size_t i = 0; i < slots; ++i)
    lot.slots.push_back(SlotId::parse(fmt::format("A-{:03}", i + 1)).value());
  for (std::size_t i = 0; i < gates; ++i)
    lot.gates.push_back(GateId::parse(fmt::format("GATE_{}", i + 1)).value());
  return lot;
}

/// The lines that Mosquitto acts on.
std::string without_comments(const std::string& text) {
  std::istringstream lines(text);
  std::string line;
  std::string kept;
  while (std::getline(lines, line))
    if (!line.empty() && line.front() != '#') kept += line + '\n';
  return kept;
}

std::string refusal(const ServerSettings& settings) {
  const auto texts = server_texts(settings, lot_of(1, 1), "/etc/gatehouse/broker");
  return texts ? "" : texts.error();
}

}  // namespace

TEST_CASE("the configuration asks for names, bounds everything and keeps nothing on disk",
          "[broker][mosquitto]") {
  ServerSettings settings;
  settings.listen = {"127.0.0.1:1883", "[::1]:1883"};
  settings.tls_listen = {"0.0.0.0:8883"};
  settings.cert_file = "/etc/ssl/lot.crt";
  settings.key_file = "/etc/ssl/lot.key";
  const auto texts = server_texts(settings, lot_of(10, 2), "/etc/gatehouse/broker/");
  REQUIRE(texts.has_value());
  CHECK(without_comments(texts->configuration) == R"(persistence false
set_tcp_nodelay true
message_size_limit 2097152
max_packet_size 2162688
max_inflight_messages 1000
log_dest stderr
log_type error
log_type warning
log_type notice
allow_anonymous false
password_file /etc/gatehouse/broker/passwd
acl_file /etc/gatehouse/broker/acl
max_queued_messages 100000
max_queued_bytes 169508864
persistent_client_expiration 1h
sys_interval 0
listener 1883 127.0.0.1
use_username_as_clientid true
max_connections 540
listener 1883 ::1
use_username_as_clientid true
max_connections 540
listener 8883 0.0.0.0
use_username_as_clientid true
max_connections 540
certfile /etc/ssl/lot.crt
keyfile /etc/ssl/lot.key
tls_version tlsv1.2
)");
}

TEST_CASE("a development broker listens on loopback only and asks no names",
          "[broker][mosquitto]") {
  ServerSettings settings;
  settings.development = true;
  settings.dashboards = {"hall"};
  const auto texts = server_texts(settings, lot_of(10, 2), "/srv/lot");
  REQUIRE(texts.has_value());
  CHECK(without_comments(texts->configuration) == R"(persistence false
set_tcp_nodelay true
message_size_limit 2097152
max_packet_size 2162688
max_inflight_messages 1000
log_dest stderr
log_type error
log_type warning
log_type notice
listener 1883 127.0.0.1
allow_anonymous true
max_queued_messages 0
)");
  CHECK(texts->access_list.empty());
}

TEST_CASE("the broker's service stops before the gateway and may open a descriptor a connection",
          "[broker][mosquitto]") {
  const auto texts = server_texts({}, lot_of(10'000, 4), "/etc/gatehouse/the \"100 %\" lot");
  REQUIRE(texts.has_value());
  CHECK(without_comments(texts->service) == R"([Unit]
After=gatehouse.service
[Service]
ExecStart=
ExecStart=/usr/sbin/mosquitto -c "/etc/gatehouse/the \"100 %%\" lot/mosquitto.conf"
LimitNOFILE=20588
Restart=always
RestartSec=1
)");
}

TEST_CASE("the limits grow with the lot", "[broker][mosquitto]") {
  ServerSettings settings;
  settings.dashboards = {"hall"};
  settings.tls_listen = {"0.0.0.0:8883"};

  const ServerLimits small = server_limits(settings, lot_of(10, 2));
  CHECK(small.connections == 2 * (2 + 1 + 2 + 10) + 512);
  CHECK(small.queued_messages == 100'000);
  CHECK(small.open_files == 2 * small.connections + 64);

  const ServerLimits large = server_limits(settings, lot_of(10'000, 4));
  CHECK(large.connections == 2 * (2 + 1 + 4 + 10'000) + 512);
  CHECK(large.queued_messages == 60 * 10'000 + 2'000 * 4);
  CHECK(large.queued_bytes == 1'024 * large.queued_messages + 4 * 16 * 2'097'152ULL);
}

TEST_CASE("an hour of the lot fits into the queue of an account that is away",
          "[broker][mosquitto]") {
  const std::size_t slots = GENERATE(as<std::size_t>{}, 10, 1'000, 100'000);
  const ServerLimits limits = server_limits({}, lot_of(slots, 10));
  const std::size_t states_an_hour = 60 * slots;
  const std::size_t scans_an_hour = 10 * 3'600 / 2;
  CHECK(limits.queued_messages >= states_an_hour + scans_an_hour);
}

TEST_CASE("without TLS the broker listens on loopback or not at all", "[broker][mosquitto]") {
  ServerSettings settings;
  const auto [address, allowed] = GENERATE(table<std::string, bool>({
      {"127.0.0.1:1883", true},
      {"127.0.0.5:1", true},
      {"localhost:65535", true},
      {"[::1]:1883", true},
      {"0.0.0.0:1883", false},
      {"[::]:1883", false},
      {"192.168.1.10:1883", false},
      {"10.0.0.1:1883", false},
      {"lot.example:1883", false},
      {"127.evil.example:1883", false},
      {"localhost.evil.example:1883", false},
  }));
  CAPTURE(address);
  settings.listen = {address};
  CHECK(refusal(settings).empty() == allowed);
  settings.development = true;
  CHECK(refusal(settings).empty() == allowed);
  if (!allowed) CHECK(refusal(settings).contains("is not a loopback address"));
}

TEST_CASE("an address that is none is refused with its key", "[broker][mosquitto]") {
  const std::string address = GENERATE(
      as<std::string>{}, "", ":", "1883", "127.0.0.1", "127.0.0.1:", ":1883", "127.0.0.1:0",
      "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:1883x", "127.0.0.1: 1883", "[]:1883",
      "127.0.0.1 x:1883", "127.0.0.1\nallow_anonymous true:1883", "::1:1883");
  CAPTURE(address);
  ServerSettings settings;
  settings.listen = {address};
  CHECK(refusal(settings) == fmt::format("broker.server.listen: \"{}\" is not an address and a "
                                         "port, host:port",
                                         address));
  settings.listen = {};
  settings.tls_listen = {address};
  settings.cert_file = settings.key_file = "/x";
  CHECK(refusal(settings).starts_with("broker.server.tls_listen: "));
}

TEST_CASE("settings that cannot work together are refused", "[broker][mosquitto]") {
  ServerSettings settings;
  settings.listen = {};
  CHECK(refusal(settings) == "broker.server: neither listen nor tls_listen has an address");
  settings.tls_listen = {"0.0.0.0:8883"};
  CHECK(refusal(settings) == "broker.server.tls_listen: needs cert_file and key_file");
  settings.cert_file = "/lot.crt";
  CHECK(refusal(settings) == "broker.server.tls_listen: needs cert_file and key_file");
  settings.key_file = "/lot.key\nallow_anonymous true";
  CHECK(refusal(settings).starts_with("broker.server.key_file is a path with control characters"));
  settings.key_file = "/lot.key";
  CHECK(refusal(settings).empty());
  settings.development = true;
  CHECK(refusal(settings).starts_with("broker.server.development: "));
}

TEST_CASE("no path in the configuration depends on where the broker is started",
          "[broker][mosquitto]") {
  ServerSettings settings;
  settings.tls_listen = {"0.0.0.0:8883"};
  settings.cert_file = "lot.crt";
  settings.key_file = "keys/../lot.key";
  const auto texts = server_texts(settings, lot_of(1, 1), "out");
  REQUIRE(texts.has_value());
  const std::string here = std::filesystem::current_path().string();
  CHECK(texts->configuration.contains("\npassword_file " + here + "/out/passwd\n"));
  CHECK(texts->configuration.contains("\nacl_file " + here + "/out/acl\n"));
  CHECK(texts->configuration.contains("\ncertfile " + here + "/lot.crt\n"));
  CHECK(texts->configuration.contains("\nkeyfile " + here + "/lot.key\n"));
}
