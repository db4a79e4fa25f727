// What stands in the bytes of a connection: requests one after the other, many at once, and none.
#include "edge/api/transport.hpp"

#include "edge/api/request_target.hpp"
#include "tests/unit/edge/api/caller.hpp"

#include <atomic>
#include <memory>

#include <catch2/catch.hpp>

namespace gatehouse::api {
namespace {

using Catch::Generators::table;

TEST_CASE("nonsense and endless requests are told so and end their connection, and nothing else",
          "[api][server]") {
  Running running;
  const auto [text, answer] = GENERATE(table<std::string, std::string>({
      {"\x16\x03\x01 this is TLS\r\n\r\n", "400 Bad Request"},
      {"nonsense\r\n\r\n", "400 Bad Request"},
      {"GET  HTTP/1.1\r\n\r\n", "400 Bad Request"},
      {"GET / HTTP/1.1\r\nno header\r\n\r\n", "400 Bad Request"},
      {"GET /" + std::string(9000, 'x') + " HTTP/1.1\r\n\r\n", "414 URI Too Long"},
      {"GET / HTTP/1.1\r\nA: " + std::string(9000, 'x') + "\r\n\r\n",
       "431 Request Header Fields Too Large"},
      {"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", "413 Content Too Large"},
      {"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "400 Bad Request"},
      {"POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
       "400 Bad Request"},
  }));
  CAPTURE(text);
  Caller caller(running.server.port());
  caller.say(text);
  const std::string heard = caller.hear_out();
  CHECK(heard.starts_with("HTTP/1.1 " + answer + "\r\n"));
  CHECK(heard.contains("\r\nConnection: close\r\n"));
  CHECK(heard.contains("\r\nX-Request-Id: "));
  CHECK(heard.contains("\"success\":false"));
  Caller other(running.server.port());
  other.say(request_text("GET", "/api/public/zones/"));
  CHECK(other.hear("\r\n").starts_with("HTTP/1.1 200 OK"));
}

TEST_CASE("what is no request is answered after those before it", "[api][server]") {
  Running running;
  Caller caller(running.server.port());
  caller.say(request_text("GET", "/api/public/zones/") + "nonsense\r\n\r\n");
  const std::string heard = caller.hear_out();
  CHECK(heard.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(heard.contains("}HTTP/1.1 400 Bad Request\r\n"));
}

TEST_CASE("requests that are sent without waiting are all answered, in order", "[api][server]") {
  Running running;
  Caller caller(running.server.port());
  std::string requests;
  constexpr int count = 50;
  for (int i = 0; i < count; ++i)
    requests += request_text("GET", i % 2 == 0 ? "/api/public/zones/" : "/nothing/");
  requests += request_text("GET", "/api/public/health/", "Connection: close\r\n");
  caller.say(requests);
  const std::string heard = caller.hear_out();
  std::string statuses;
  for (std::size_t at = heard.find("HTTP/1.1 "); at != std::string::npos;
       at = heard.find("HTTP/1.1 ", at + 1))
    statuses += heard[at + 9];
  std::string expected;
  for (int i = 0; i < count; ++i) expected += i % 2 == 0 ? '2' : '4';
  CHECK(statuses == expected + '2');
}

/// A transport that answers everything, and whose callers come from where the test says.
struct Bare {
  std::atomic<const char*> network = "one";
  Transport transport{
      {.request = [](Request, Answer answer) { answer({}); },
       .plain_request = {},
       .crowd = [this](std::string_view) { return std::string(network.load()); },
       .unreadable = [](Response response) { return response; },
       .has_stream = [](Streams::Id) { return false; },
       .stream_opened = [](Streams::Id, std::unique_ptr<StreamConnection>, Response) {},
       .connection_closed = [](Streams::Id) {},
       .heartbeat = [] {},
       .tick = [] {},
       .stopping = [] {}}};
};

TEST_CASE("one network has so many connections, and others come in beside it", "[api][server]") {
  Bare bare;
  bare.transport.start({.at = parse_listen_address("127.0.0.1:0").value(),
                        .connections_max = 10,
                        .per_network_max = 2});
  const auto is_served = [](Caller& caller) {
    caller.say(request_text("GET", "/"));
    return caller.hear("\r\n\r\n").starts_with("HTTP/1.1 200 OK");
  };
  auto first = std::make_unique<Caller>(bare.transport.port());
  CHECK(is_served(*first));
  Caller second(bare.transport.port());
  CHECK(is_served(second));
  CHECK(Caller(bare.transport.port()).hear_out().empty());
  for (const char* network : {"other", "", "", ""}) {  // "": the box, or a trusted proxy
    bare.network = network;
    Caller other(bare.transport.port());
    CHECK(is_served(other));
  }
  first.reset();
  CHECK(is_served(second));  // by now the end of the first one is known
  bare.network = "one";
  Caller third(bare.transport.port());
  CHECK(is_served(third));
  CHECK(bare.transport.counts().refused == 1);
  bare.transport.stop();
}

TEST_CASE("an address with scheme and host is the same address", "[api][server]") {
  Running running;
  Caller caller(running.server.port());
  caller.say(request_text("GET", "http://lot.example:8080/api/public/health/?x=1"));
  CHECK(caller.hear("\r\n").starts_with("HTTP/1.1 200 OK"));
}

TEST_CASE("a target is read in both forms that servers must know", "[api][target]") {
  const auto [text, path, query, host] =
      GENERATE(table<const char*, const char*, const char*, const char*>({
          {"/zones/?a=1?b", "/zones/", "a=1?b", "-"},
          {"http://lot.example/zones/?a=1", "/zones/", "a=1", "lot.example"},
          {"HTTPS://lot.example:8443", "/", "", "lot.example:8443"},
          {"http://[::1]:80?a=1", "/", "a=1", "[::1]:80"},
          {"/a?to=http://evil.example/", "/a", "to=http://evil.example/", "-"},
          {"ftp://lot.example/", "ftp://lot.example/", "", "-"},
          {"*", "*", "", "-"},
          {"://", "://", "", "-"},
      }));
  CAPTURE(text);
  const RequestTarget target = parse_request_target(text);
  CHECK(target.path == path);
  CHECK(target.query == query);
  CHECK(target.host.value_or("-") == host);
}

}  // namespace
}  // namespace gatehouse::api
