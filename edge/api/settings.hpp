// What [http] of lot.toml says (docs/contract/config-and-cli.md), as plain values.
//
// What this version reads and does not act on is named at the start
// (edge/gateway/config.cpp): a setting that protects somebody is never silently without effect.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gatehouse::api {

struct RateLimitSettings {  // 0: no limit
  std::uint32_t anonymous_per_hour = 100;
  std::uint32_t user_per_hour = 1000;
  std::uint32_t staff_per_hour = 0;
  std::uint32_t login_failures = 5;
  std::uint32_t login_window_s = 900;
};

struct HttpSettings {
  std::string listen = "127.0.0.1:8080";  // address:port, [v6]:port; port 0: any free one
  std::string public_url;                 // "": the listen address
  std::string redirect_listen;            // plain HTTP that answers 308 to HTTPS
  std::string tls_cert_file;
  std::string tls_key_file;
  std::vector<std::string> allowed_hosts;  // empty: any
  std::vector<std::string> cors_origins;
  std::vector<std::string> trusted_proxies;
  RateLimitSettings rate_limit;
};

}  // namespace gatehouse::api
