#include "edge/api/server.hpp"

#include "tests/unit/edge/api/caller.hpp"
#include "tests/unit/edge/api/counter.hpp"
#include "tests/unit/edge/api/lot.hpp"

#include <chrono>
#include <string_view>
#include <thread>

#include <catch2/catch.hpp>

namespace gatehouse::api {
namespace {

TEST_CASE("the server answers over a socket", "[api][server]") {
  Running running;
  REQUIRE(running.server.port() != 0);
  Caller caller(running.server.port());

  caller.say(request_text("GET", "/api/public/health?x=1"));
  const std::string head = caller.hear("\r\n\r\n");
  CHECK(head.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(head.contains("Content-Type: application/json\r\n"));
  CHECK(head.contains("X-Request-Id: "));
  CHECK(head.contains("Cache-Control: no-store\r\n"));
  CHECK(caller.hear("}}").contains("\"status\":\"ok\""));

  caller.say(request_text("HEAD", "/"));  // on the same connection
  const std::string board = caller.hear("\r\n\r\n");
  CHECK(board.contains("Content-Type: text/html; charset=utf-8\r\n"));
  CHECK_FALSE(board.contains("Content-Length: 0\r\n"));

  caller.say(request_text("DELETE", "/"));
  CHECK(caller.hear("}").starts_with("HTTP/1.1 405 Method Not Allowed\r\n"));

  caller.say(request_text("GET", "/metrics"));
  CHECK(caller.hear("gatehouse_http_requests_total 4\n").starts_with("HTTP/1.1 200 OK\r\n"));
}

TEST_CASE("a body that is too large is told so", "[api][server]") {
  Running running;
  Caller caller(running.server.port());
  caller.say(request_text("POST", "/", "Content-Length: 65537\r\n"));
  caller.say(std::string(65537, 'x'));
  CHECK(caller.hear("}").starts_with("HTTP/1.1 413 Content Too Large\r\n"));
}

TEST_CASE("a request to become another protocol is answered as it stands, once", "[api][server]") {
  Running running;
  Caller caller(running.server.port());
  caller.say(
      request_text("GET", "/api/public/health/", "Connection: Upgrade\r\nUpgrade: websocket\r\n"));
  const std::string answer = caller.hear_out();
  CHECK(answer.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(answer.contains("Connection: close\r\n"));
}

TEST_CASE("what a proxy before us could read in another way is no request", "[api][server]") {
  Running running;
  const std::string headers =
      GENERATE("Host: a\r\nHost: b\r\n", "Host : a\r\n", "Host: a\r\nContent-Length : 0\r\n");
  Caller caller(running.server.port());
  caller.say("GET /api/public/zones/ HTTP/1.1\r\n" + headers + "\r\n");
  const std::string answer = caller.hear("}");
  CHECK(answer.starts_with("HTTP/1.1 400 Bad Request\r\n"));
  CHECK(answer.contains("malformed_request"));
}

TEST_CASE("a stream over a socket tells the whole state and then what changes", "[api][server]") {
  Running running;
  Caller caller(running.server.port());
  caller.say(request_text("GET", "/api/public/stream/"));
  const std::string head = caller.hear("\r\n\r\n");
  CHECK(head.contains("Content-Type: text/event-stream\r\n"));
  CHECK(head.contains("Transfer-Encoding: chunked\r\n"));
  CHECK(head.contains("Cache-Control: no-store\r\n"));
  CHECK(caller.hear(R"({"slot":"B-003")").contains("event: zone\ndata: {\"zone\":\"A\""));
  caller.hear("\n\n");

  running.server.act(running.lot.show_slot(3, SlotStatus::occupied));
  CHECK(caller.hear("\n\n").contains(R"({"slot":"A-004","zone":"A","status":"occupied")"));
  running.server.act(running.lot.show_slot(3, SlotStatus::free));
  CHECK(caller.hear("\n\n").contains(R"({"slot":"A-004","zone":"A","status":"free")"));
}

TEST_CASE("the stream of a caller who left is closed at once", "[api][server]") {
  Running running;
  {
    Caller caller(running.server.port());
    caller.say(request_text("GET", "/api/public/stream/"));
    caller.hear("B-003");
    Caller other(running.server.port());
    other.say(request_text("GET", "/metrics"));
    CHECK(other.hear("# HELP gatehouse_http_stream_overruns")
              .contains("\ngatehouse_http_streams 1\n"));
  }
  // The end of a connection reaches the server before a later one's request does.
  Caller other(running.server.port());
  other.say(request_text("GET", "/metrics"));
  CHECK(
      other.hear("# HELP gatehouse_http_stream_overruns").contains("\ngatehouse_http_streams 0\n"));
}

TEST_CASE("callers who vanish in the middle of a write are counted out once", "[api][server]") {
  Running running({8000});  // more than the buffers of a connection hold
  for (int i = 0; i < 8; ++i) {
    Caller caller(running.server.port(), 4096);
    caller.say(request_text("GET", "/api/public/stream/"));
    caller.wait_for_an_answer();
  }  // what was not heard turns the end into a reset: read and write fail together
  Caller other(running.server.port());
  other.say(request_text("GET", "/metrics"));
  CHECK(other.hear("# HELP gatehouse_http_stream_overruns")
            .contains("\ngatehouse_http_connections 1\n"));
}

TEST_CASE("one connection carries one stream", "[api][server]") {
  Running running;
  Caller caller(running.server.port());
  caller.say(request_text("GET", "/api/public/stream/") +
             request_text("GET", "/api/public/stream/"));
  caller.hear("B-003");
  running.server.act(running.lot.show_slot(0, SlotStatus::occupied));
  caller.hear("A-001");
}

TEST_CASE("the server stops within a second with streams open", "[api][server]") {
  Running running;
  Caller streaming(running.server.port());
  Caller idle(running.server.port());
  Caller halfway(running.server.port());
  streaming.say(request_text("GET", "/api/public/stream/"));
  streaming.hear("B-003");
  halfway.say("GET / HT");
  const auto before = std::chrono::steady_clock::now();
  running.server.stop();
  CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds(1));
  streaming.hear_out();
  CHECK(idle.hear_out().empty());
  CHECK(halfway.hear_out().empty());
  running.server.act(running.lot.show_slot(0, SlotStatus::occupied));
  running.server.stop();
}

TEST_CASE("a port that is taken is told by its number", "[api][server]") {
  Running running;
  HttpSettings settings;
  settings.listen = "127.0.0.1:" + std::to_string(running.server.port());
  Server second(settings, running.lot.view, running.lot.health, running.lot.clock, {});
  CHECK_THROWS_WITH(second.start(), Catch::Contains("cannot listen on " + settings.listen) &&
                                        Catch::Contains("in use"));
}

TEST_CASE("settings that the server cannot keep stop it before it listens", "[api][server]") {
  const auto [change, complaint] = GENERATE(table<void (*)(HttpSettings&), const char*>({
      {[](HttpSettings& s) { s.listen = "8080"; }, "http.listen"},
      {[](HttpSettings& s) { s.listen = "300.0.0.1:80"; }, "http.listen"},
      {[](HttpSettings& s) { s.tls_cert_file = "cert.pem"; }, "http.tls_cert_file"},
      {[](HttpSettings& s) { s.redirect_listen = "0.0.0.0:80"; }, "http.redirect_listen"},
  }));
  Lot lot;
  HttpSettings settings = on_any_port();
  change(settings);
  Server server(settings, lot.view, lot.health, lot.clock, {});
  CHECK_THROWS_WITH(server.start(), Catch::StartsWith(complaint));
}

/// A server whose engine is played by the test, and whose staff are signed in already.
struct Staffed {
  Staffed() { server.start(); }
  [[nodiscard]] std::string bill_request() {
    return request_text("GET", "/api/staff/bill/?slot=A-001",
                        "Authorization: Bearer " + counter.token(store::Role::staff) + "\r\n");
  }
  /// Blocks until the server has asked the engine.
  template <class Wanted = engine::AskBill>
  void wait_until_asked() {
    while (counter.asked<Wanted>() == nullptr) counter.inbox.wait(std::chrono::seconds(1));
  }
  Counter counter;
  Server server{on_any_port(),
                counter.lot.view,
                counter.lot.health,
                counter.clock,
                {},
                SignedInParts{counter.calls, counter.gates, counter.accounts, {TokenKey{1, 2, 3}}}};
};

TEST_CASE("what the engine decides is answered from its own thread", "[api][server]") {
  Staffed staffed;
  Caller caller(staffed.server.port());
  caller.say(staffed.bill_request());
  staffed.wait_until_asked();
  staffed.counter.tell(engine::BillShown{.session_id = "id", .exit_time = {}});
  const std::string answer = caller.hear("}}");
  CHECK(answer.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(answer.contains("\"session_id\":\"id\""));

  caller.say(request_text("GET", "/api/public/health/"));  // the connection goes on
  CHECK(caller.hear("\r\n").starts_with("HTTP/1.1 200 OK"));
}

TEST_CASE("an answer that never came is a 503, and the connection goes on", "[api][server]") {
  Staffed staffed;
  Caller caller(staffed.server.port());
  caller.say(staffed.bill_request());
  staffed.wait_until_asked();
  staffed.counter.clock.pass(std::chrono::seconds(10));
  const std::string answer = caller.hear("}");
  CHECK(answer.starts_with("HTTP/1.1 503 Service Unavailable\r\n"));
  CHECK(answer.contains("Retry-After: 2\r\n"));
  caller.say(request_text("GET", "/api/public/health/"));
  CHECK(caller.hear("\r\n").starts_with("HTTP/1.1 200 OK"));
}

TEST_CASE("an answer for a caller who has gone hurts nobody", "[api][server]") {
  Staffed staffed;
  {
    Caller caller(staffed.server.port());
    caller.say(staffed.bill_request());
    staffed.wait_until_asked();
  }
  Caller other(staffed.server.port());
  other.say(request_text("GET", "/api/public/health/"));
  other.hear("}}");
  staffed.counter.tell(engine::BillShown{.session_id = "id", .exit_time = {}});
  other.say(request_text("GET", "/api/public/health/"));
  CHECK(other.hear("\r\n").starts_with("HTTP/1.1 200 OK"));
}

TEST_CASE("a server stops while callers wait, and its engine may answer after that",
          "[api][server]") {
  Staffed staffed;
  Caller caller(staffed.server.port());
  caller.say(staffed.bill_request());
  staffed.wait_until_asked();
  staffed.server.stop();
  CHECK(caller.hear_out().empty());
  staffed.counter.tell(engine::BillShown{.session_id = "id", .exit_time = {}});
}

TEST_CASE("whoever asked before the end is answered, and who asks then is told to come again",
          "[api][server]") {
  Staffed staffed;
  Caller caller(staffed.server.port());
  caller.say(staffed.bill_request());
  staffed.wait_until_asked();
  std::thread ending([&] {
    staffed.server.finish(std::chrono::minutes(1));
    staffed.server.stop();
  });
  Caller late(staffed.server.port());
  std::string told;
  do {  // until the end has begun
    late.say(request_text("HEAD", "/api/public/zones/"));
    told = late.hear("\r\n\r\n").substr(0, 12);
  } while (told == "HTTP/1.1 200");
  CHECK(told == "HTTP/1.1 503");
  staffed.counter.tell(engine::BillShown{.session_id = "id", .exit_time = {}});
  const std::string answer = caller.hear("}}");
  CHECK(answer.starts_with("HTTP/1.1 200 OK\r\n"));
  ending.join();
  CHECK(caller.hear_out().empty());
}

TEST_CASE("people sign in over a socket", "[api][server]") {
  Staffed staffed;
  Caller caller(staffed.server.port());
  const std::string body = R"({"username":"staff1","password":")" + right_password + "\"}";
  caller.say(request_text("POST", "/api/auth/login/",
                          "Content-Type: application/json\r\nContent-Length: " +
                              std::to_string(body.size()) + "\r\n") +
             body);
  staffed.wait_until_asked<engine::SignIn>();
  staffed.counter.tell(engine::TokensIssued{});
  const std::string answer = caller.hear("}");
  CHECK(answer.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(answer.contains("\"role\":\"STAFF\""));
}

}  // namespace
}  // namespace gatehouse::api
