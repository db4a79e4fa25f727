// A request and its response as values, whatever carried them: a socket here, the cloud's relay
// later. Handlers know nothing else of HTTP.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse::api {

enum class Method : std::uint8_t { get, head, post, put, patch, delete_, options, other };

/// `GET`
std::string_view name(Method method);
Method method_named(std::string_view word);

/// Of ASCII, as in names of headers, hosts and schemes.
bool equal_without_case(std::string_view one, std::string_view other);
/// Of ASCII too; all else stays as it is.
std::string in_small_letters(std::string_view text);

struct Header {
  std::string name;
  std::string value;
};

/// The first header of that name, without regard to case.
std::optional<std::string_view> find_header(const std::vector<Header>& headers,
                                            std::string_view name);

struct Request {
  Method method = Method::get;
  std::string path = "/";
  std::string query;  // after `?`, still percent-encoded
  std::vector<Header> headers;
  std::string body;
  // Of the socket: `127.0.0.1`, `::1`; once the router has looked through the lot's own proxies, of
  // the client behind them.
  std::string peer_address;
  bool is_https = false;  // the client's own connection is encrypted, to here or to such a proxy
  [[nodiscard]] std::optional<std::string_view> header(std::string_view wanted) const {
    return find_header(headers, wanted);
  }
};

/// What follows a response that does not end.
enum class StreamKind : std::uint8_t {
  none,
  lot,    // what anybody may hear
  staff,  // scans, decisions, barriers and alerts too
};

inline constexpr std::string_view json_type = "application/json";

struct Response {
  int status = 200;
  std::vector<Header> headers;
  std::string body;
  std::string content_type{json_type};
  bool body_withheld = false;  // HEAD and 304: the length is told, the body is not sent
  StreamKind stream = StreamKind::none;
  /// Whether who listens to a stream of staff still may; asked on the server's thread now and then.
  /// Of any stream it is kept until the end, with all that it holds.
  std::function<bool()> may_go_on;
};

/// `Not Found`
std::string_view reason_phrase(int status);

/// docs/contract/http.md, "Failure": `sentence` is for people and holds no path, SQL or stack.
Response failure(int status, std::string_view code, std::string_view sentence);

/// A failure that says when to come again.
Response failure_retry_after(int status, std::string_view code, std::string_view sentence,
                             int retry_after_s);

/// 400 `validation_failed`: which members are wrong, each with what is wrong with it; one at least.
/// The first is the sentence, all of them stand in `fields`.
Response validation_failure(const std::vector<std::pair<std::string, std::string>>& problems);

}  // namespace gatehouse::api
