// The line to a provider as its client needs it: one request, one answer or one trouble.
//
// CurlHttp (curl_http.hpp) is the real one. A caller blocks until the answer is whole or time is
// up; an object is used by one thread at a time.
#pragma once

#include "cloud-bridge/payments/trouble.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::payments {

enum class HttpMethod : std::uint8_t { get, post };

struct HttpRequest {
  HttpMethod method = HttpMethod::get;
  std::string target;                // path and query, after the endpoint's base
  std::vector<std::string> headers;  // `Name: value`
  std::string body;
};

struct HttpReply {
  int status = 0;
  std::string body;
  std::optional<std::chrono::seconds> retry_after = std::nullopt;
};

class HttpCaller {
 public:
  virtual ~HttpCaller() = default;
  /// A reply of any status; trouble of kind not_sent, misconfigured (certificate) or unknown.
  virtual Asked<HttpReply> call(const HttpRequest& request) = 0;
};

/// What a reply that is no success means when the provider's own word says no more; `words` may
/// come from the provider and are made fit to be shown. Pure.
ProviderTrouble trouble_of(const HttpReply& reply, std::string code, const std::string& words);
/// An answer of success that is not what it should be.
ProviderTrouble not_understood(const std::string& words);
ProviderTrouble contradiction(const std::string& words);
/// A request that we do not even send, for the provider would say no.
ProviderTrouble refused_here(const std::string& words);
/// One line of at most 200 printable characters.
std::string presentable(const std::string& words);
/// For a query: everything but letters, digits and -_.~ as %XX.
std::string percent_encoded(const std::string& text);

}  // namespace gatehouse::payments
