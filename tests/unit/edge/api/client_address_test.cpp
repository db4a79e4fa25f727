// Who asks, where proxies stand between.
#include "edge/api/client_address.hpp"

#include <catch2/catch.hpp>

namespace gatehouse::api {
namespace {

using Catch::Generators::table;

std::string canonical(const char* text) {
  const auto address = parse_address(text);
  return address ? address_text(*address) : "none";
}

TEST_CASE("an address has one spelling", "[api][address]") {
  const auto [written, shown] = GENERATE(table<const char*, const char*>({
      {"192.0.2.1", "192.0.2.1"},
      {"::ffff:192.0.2.1", "192.0.2.1"},
      {"2001:DB8:0::1", "2001:db8::1"},
      {"fe80::1%eth0", "fe80::1"},
      {"", "none"},
      {"192.0.2", "none"},
      {"192.0.2.256", "none"},
      {"192.0.2.1 ", "none"},
      {"lot.example", "none"},
      {"_hidden", "none"},
      {"unknown", "none"},
  }));
  CHECK(canonical(written) == shown);
  CHECK_FALSE(parse_address(std::string_view("192.0.2.1\0x", 11)));
}

TEST_CASE("a network holds the addresses that share its first bits", "[api][address]") {
  const auto [network, address, is_in] = GENERATE(table<const char*, const char*, bool>({
      {"10.0.0.0/8", "10.255.1.2", true},
      {"10.0.0.0/8", "11.0.0.1", false},
      {"10.0.0.0/8", "::ffff:10.1.1.1", true},
      {"10.1.2.0/23", "10.1.3.255", true},
      {"10.1.2.0/23", "10.1.4.0", false},
      {"192.0.2.7", "192.0.2.7", true},
      {"192.0.2.7", "192.0.2.6", false},
      {"192.0.2.7/32", "192.0.2.6", false},
      {"0.0.0.0/0", "203.0.113.9", true},
      {"0.0.0.0/0", "2001:db8::1", false},
      {"::/0", "203.0.113.9", true},
      {"2001:db8::/33", "2001:db8:7fff::1", true},
      {"2001:db8::/33", "2001:db8:8000::1", false},
      {"::1", "::1", true},
      {"::1", "127.0.0.1", false},
  }));
  CAPTURE(network, address);
  CHECK(Networks({network}).contain(*parse_address(address)) == is_in);
}

struct Case {
  const char* what;
  const char* peer;
  std::vector<Header> headers;
  const char* client;
  bool is_https = false;
};

Request looked_through(const Case& from) {
  Request request;
  request.peer_address = from.peer;
  request.headers = from.headers;
  look_through_proxies(request, Networks({"127.0.0.1", "10.0.0.0/8", "2001:db8:1::/48"}));
  return request;
}

const std::vector<Case> cases{
    {"nobody stands between", "203.0.113.9", {}, "203.0.113.9"},
    {"what a stranger writes is no evidence",
     "203.0.113.9",
     {{"X-Forwarded-For", "192.0.2.1"}, {"X-Forwarded-Proto", "https"}},
     "203.0.113.9"},
    {"a proxy names its client",
     "127.0.0.1",
     {{"X-Forwarded-For", "192.0.2.1"}, {"X-Forwarded-Proto", "https"}},
     "192.0.2.1",
     true},
    {"what the client wrote itself stands to the left",
     "127.0.0.1",
     {{"X-Forwarded-For", "8.8.8.8, 127.0.0.1, 192.0.2.1"}},
     "192.0.2.1"},
    {"two proxies of ours",
     "127.0.0.1",
     {{"x-forwarded-for", "8.8.8.8, 192.0.2.1,10.3.2.1"}},
     "192.0.2.1"},
    {"several headers are one list",
     "127.0.0.1",
     {{"X-Forwarded-For", "8.8.8.8"}, {"X-Forwarded-For", "192.0.2.1"}},
     "192.0.2.1"},
    {"all of them ours: the farthest",
     "127.0.0.1",
     {{"X-Forwarded-For", "10.0.0.2, 10.0.0.1"}},
     "10.0.0.2"},
    {"with ports and brackets",
     "127.0.0.1",
     {{"X-Forwarded-For", "192.0.2.1:4711, [2001:db8:1::5]:80"}},
     "192.0.2.1"},
    {"a hidden client counts for the proxy that hides it",
     "127.0.0.1",
     {{"X-Forwarded-For", "192.0.2.1, unknown, 10.0.0.1"}},
     "10.0.0.1"},
    {"an empty header", "127.0.0.1", {{"X-Forwarded-For", ""}}, "127.0.0.1"},
    {"RFC 7239",
     "127.0.0.1",
     {{"Forwarded", R"(for=8.8.8.8, For="[2001:db8::17]:4711";proto=https;by=10.0.0.1)"}},
     "2001:db8::17",
     true},
    {"a quote that a client leaves open swallows nothing",
     "127.0.0.1",
     {{"Forwarded", R"(for="8.8.8.8)"}, {"Forwarded", "for=192.0.2.1"}},
     "192.0.2.1"},
    {"no for", "127.0.0.1", {{"Forwarded", "proto=http"}}, "127.0.0.1"},
    {"both, and they agree",
     "127.0.0.1",
     {{"Forwarded", "for=192.0.2.1"}, {"X-Forwarded-For", "192.0.2.1"}},
     "192.0.2.1"},
    {"one of them is the client's own invention",
     "127.0.0.1",
     {{"Forwarded", "for=8.8.8.8"}, {"X-Forwarded-For", "192.0.2.1"}},
     "127.0.0.1"},
    {"a mapped peer is the same peer",
     "::ffff:127.0.0.1",
     {{"X-Forwarded-For", "192.0.2.1"}},
     "192.0.2.1"},
    {"the scheme is the nearest proxy's word",
     "127.0.0.1",
     {{"X-Forwarded-For", "192.0.2.1"}, {"X-Forwarded-Proto", "https, http"}},
     "192.0.2.1",
     false},
};

TEST_CASE("the client is the right-most address that is no proxy of ours", "[api][address]") {
  const Case given = GENERATE(from_range(cases));
  CAPTURE(given.what);
  const Request request = looked_through(given);
  CHECK(request.peer_address == given.client);
  CHECK(request.is_https == given.is_https);
}

TEST_CASE("a list without end is read as far as anybody has proxies", "[api][address]") {
  std::string chain = "192.0.2.1";
  for (int i = 0; i < 2000; ++i) chain += ",10.0.0.1";
  CHECK(looked_through({"", "127.0.0.1", {{"X-Forwarded-For", chain}}, ""}).peer_address ==
        "10.0.0.1");
}

TEST_CASE("a client's connections count for its network, unless it is the box or a trusted proxy",
          "[api][client_address]") {
  const auto [address, crowd] = GENERATE(Catch::Generators::table<const char*, const char*>({
      {"203.0.113.9", "203.0.113.9"},
      {"2001:db8:1:2:aaaa::1", "2001:db8:1:2::"},
      {"127.0.0.1", ""},
      {"127.8.9.10", ""},
      {"::1", ""},
      {"::ffff:127.0.0.1", ""},
      {"10.1.2.3", ""},
      {"", ""},
  }));
  CHECK(crowd_of(address, Networks({"10.0.0.0/8"})) == crowd);
}

}  // namespace
}  // namespace gatehouse::api
