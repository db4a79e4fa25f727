// What [broker] and [broker.server] of lot.toml say (docs/contract/config-and-cli.md).
#pragma once

#include <string>
#include <vector>

namespace gatehouse::broker {

/// How the gateway reaches the lot's broker.
struct LinkSettings {
  std::string url = "mqtt://127.0.0.1:1883";  // mqtts:// for TLS
  std::string username = "gateway";
  std::string password;  // from the environment; empty: none
  std::string ca_file;   // of mqtts://; empty: the system's authorities
};

struct Integration {
  std::string name;                // account integration-{name}
  std::vector<std::string> write;  // topic filters
};

/// What `gatehouse broker` writes a Mosquitto configuration from.
struct ServerSettings {
  bool development = false;
  std::vector<std::string> listen = {"127.0.0.1:1883"};  // without TLS: loopback only
  std::vector<std::string> tls_listen;
  std::string cert_file;
  std::string key_file;
  std::vector<std::string> dashboards;  // account dashboard-{name}
  std::vector<Integration> integrations;
};

}  // namespace gatehouse::broker
