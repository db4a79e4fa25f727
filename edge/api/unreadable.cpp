#include "edge/api/unreadable.hpp"

#include <array>
#include <charconv>
#include <utility>

#include <sys/socket.h>

namespace gatehouse::api {
namespace {

thread_local std::string last_words;

}  // namespace

thread_local const OnParseError* on_parse_error = nullptr;

void note_logged_error(std::string_view text) {
  // `[connection:7] parser error HPE_INVALID_METHOD: invalid HTTP method`
  constexpr std::string_view begin = "[connection:";
  constexpr std::string_view middle = "] parser error ";
  if (on_parse_error == nullptr || !text.starts_with(begin)) return;
  text.remove_prefix(begin.size());
  std::uint64_t connection = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), connection);
  text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
  if (read.ec != std::errc{} || !text.starts_with(middle)) return;
  text.remove_prefix(middle.size());
  last_words = (*on_parse_error)(connection, text.substr(0, text.find(':')));
}

std::string take_last_words() { return std::exchange(last_words, {}); }

void say_at_once(int descriptor, std::string_view words) {
  static_cast<void>(::send(descriptor, words.data(), words.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
}

void discard_unread(int descriptor) {
  constexpr int reads_max = 64;
  std::array<char, 4096> unread{};
  for (int i = 0; i < reads_max; ++i)
    if (::recv(descriptor, unread.data(), unread.size(), MSG_DONTWAIT) <= 0) return;
}

Response answer_to_parse_error(std::string_view error) {
  if (error == "HPE_CB_url") return failure(414, "address_too_long", "The address is too long");
  if (error == "HPE_CB_header_field" || error == "HPE_CB_header_value" ||
      error == "HPE_HEADER_OVERFLOW")
    return failure(431, "headers_too_large", "The headers are too large");
  if (error == "HPE_CB_headers_complete" || error == "HPE_CB_body")
    return failure(413, "body_too_large", "The body is larger than 64 KiB");
  return failure(400, "malformed_request", "This is not a request that can be read");
}

std::string last_answer(const Response& response) {
  std::string text = "HTTP/1.1 " + std::to_string(response.status);
  text.append(" ").append(reason_phrase(response.status)).append("\r\nConnection: close\r\n");
  text.append("Content-Type: ").append(response.content_type).append("\r\n");
  text.append("Content-Length: ").append(std::to_string(response.body.size())).append("\r\n");
  for (const Header& header : response.headers)
    text.append(header.name).append(": ").append(header.value).append("\r\n");
  return text.append("\r\n").append(response.body);
}

}  // namespace gatehouse::api
