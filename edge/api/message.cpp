#include "edge/api/message.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <nlohmann/json.hpp>

namespace gatehouse::api {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

using Json = nlohmann::ordered_json;

Json failure_body(std::string_view code, std::string_view sentence) {
  Json body;
  body["success"] = false;
  body["error"] = sentence;
  body["message"] = sentence;
  body["code"] = code;
  return body;
}

std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

bool equal_without_case(std::string_view one, std::string_view other) {
  return std::ranges::equal(one, other, {}, lower, lower);
}

std::string in_small_letters(std::string_view text) {
  std::string small(text);
  std::ranges::transform(small, small.begin(), lower);
  return small;
}

std::string_view name(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::head:
      return "HEAD";
    case Method::post:
      return "POST";
    case Method::put:
      return "PUT";
    case Method::patch:
      return "PATCH";
    case Method::delete_:
      return "DELETE";
    case Method::options:
      return "OPTIONS";
    case Method::other:
      return "other";
  }
  return "";
}

Method method_named(std::string_view word) {
  using enum Method;
  for (const Method method : {get, head, post, put, patch, delete_, options})
    if (name(method) == word) return method;
  return other;
}

std::optional<std::string_view> find_header(const std::vector<Header>& headers,
                                            std::string_view name) {
  const auto found = std::ranges::find_if(
      headers, [&](const Header& header) { return equal_without_case(header.name, name); });
  if (found == headers.end()) return std::nullopt;
  return found->value;
}

std::string_view reason_phrase(int status) {
  static constexpr std::array<std::pair<int, std::string_view>, 22> phrases{
      {{200, "OK"},
       {201, "Created"},
       {202, "Accepted"},
       {204, "No Content"},
       {304, "Not Modified"},
       {308, "Permanent Redirect"},
       {400, "Bad Request"},
       {401, "Unauthorized"},
       {403, "Forbidden"},
       {404, "Not Found"},
       {405, "Method Not Allowed"},
       {409, "Conflict"},
       {413, "Content Too Large"},
       {414, "URI Too Long"},
       {415, "Unsupported Media Type"},
       {422, "Unprocessable Content"},
       {429, "Too Many Requests"},
       {431, "Request Header Fields Too Large"},
       {500, "Internal Server Error"},
       {501, "Not Implemented"},
       {503, "Service Unavailable"},
       {504, "Gateway Timeout"}}};
  const auto* const found =
      std::ranges::find(phrases, status, &std::pair<int, std::string_view>::first);
  return found == phrases.end() ? "Unknown" : found->second;
}

Response failure(int status, std::string_view code, std::string_view sentence) {
  Response response;
  response.status = status;
  response.body = text_of(failure_body(code, sentence));
  return response;
}

Response validation_failure(const std::vector<std::pair<std::string, std::string>>& problems) {
  const auto& [member, what] = problems.front();
  Json body = failure_body("validation_failed", member + " " + what);
  for (const auto& [name, problem] : problems) body["fields"].emplace(name, problem);
  Response response;
  response.status = 400;
  response.body = text_of(body);
  return response;
}

Response failure_retry_after(int status, std::string_view code, std::string_view sentence,
                             int retry_after_s) {
  Response response = failure(status, code, sentence);
  response.headers.push_back({"Retry-After", std::to_string(retry_after_s)});
  return response;
}

}  // namespace gatehouse::api
