#include "edge/api/listen_address.hpp"

#include <catch2/catch.hpp>

namespace gatehouse::api {
namespace {

TEST_CASE("a listen address is a host and a port", "[api][listen]") {
  const auto [text, host, port] = GENERATE(table<const char*, const char*, int>({
      {"127.0.0.1:8080", "127.0.0.1", 8080},
      {"0.0.0.0:0", "0.0.0.0", 0},
      {"localhost:80", "localhost", 80},
      {"[::1]:65535", "::1", 65535},
  }));
  const auto address = parse_listen_address(text);
  REQUIRE(address);
  CHECK(address->host == host);
  CHECK(address->port == port);
}

TEST_CASE("what is no listen address is not taken for one", "[api][listen]") {
  const auto* text = GENERATE("", ":", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
                              "127.0.0.1:80a", "127.0.0.1:-1", "::1:8080", "[]:80", "host: 80");
  CAPTURE(text);
  CHECK_FALSE(parse_listen_address(text));
}

}  // namespace
}  // namespace gatehouse::api
