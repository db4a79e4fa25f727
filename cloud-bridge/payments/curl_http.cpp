#include "cloud-bridge/payments/curl_http.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <curl/curl.h>

namespace gatehouse::payments {
namespace {

struct FreeHeaders {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Headers = std::unique_ptr<curl_slist, FreeHeaders>;

/// What libcurl hands over piece by piece.
struct Incoming {
  std::size_t bytes_max = 0;
  HttpReply reply;
  bool is_too_long = false;
};

std::size_t take_body(const char* bytes, std::size_t size, std::size_t count, void* into) {
  auto& incoming = *static_cast<Incoming*>(into);
  if (incoming.reply.body.size() + size * count > incoming.bytes_max) {
    incoming.is_too_long = true;
    return 0;
  }
  incoming.reply.body.append(bytes, size * count);
  return size * count;
}

bool begins_without_case(std::string_view line, std::string_view name) {
  const auto same = [](char one, char other) {
    return (one >= 'A' && one <= 'Z' ? static_cast<char>(one + ('a' - 'A')) : one) == other;
  };
  return line.size() >= name.size() && std::ranges::equal(line.substr(0, name.size()), name, same);
}

std::size_t take_header(const char* bytes, std::size_t size, std::size_t count, void* into) {
  auto& incoming = *static_cast<Incoming*>(into);
  std::string_view line(bytes, size * count);
  constexpr std::string_view retry_after = "retry-after:";
  if (begins_without_case(line, retry_after)) {
    line.remove_prefix(retry_after.size());
    while (line.starts_with(' ')) line.remove_prefix(1);
    // The other form, a date, is not used by either provider; without a number we choose ourselves.
    constexpr int longest_s = 3'600;
    int seconds = 0;
    const auto [end, wrong] = std::from_chars(line.data(), line.data() + line.size(), seconds);
    if (wrong == std::errc() && end != line.data() && seconds >= 0)
      incoming.reply.retry_after = std::chrono::seconds(std::min(seconds, longest_s));
  }
  return size * count;
}

/// Whether libcurl gave up before a byte of the request went out.
bool is_before_sending(CURLcode code) {
  return code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_CONNECT ||
         code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL ||
         code == CURLE_SSL_CONNECT_ERROR;
}

bool is_certificate(CURLcode code) {
  return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE ||
         code == CURLE_SSL_ISSUER_ERROR || code == CURLE_SSL_CIPHER;
}

}  // namespace

class CurlHttp::Impl {
 public:
  Impl(Endpoint endpoint, HttpLimits limits)
      : endpoint_(std::move(endpoint)), limits_(std::move(limits)), curl_(curl_easy_init()) {
    if (curl_ == nullptr) throw std::runtime_error("libcurl does not start");
  }
  ~Impl() { curl_easy_cleanup(curl_); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Asked<HttpReply> call(const HttpRequest& request) {
    Incoming incoming{.bytes_max = limits_.answer_bytes_max};
    curl_easy_reset(curl_);
    set_rules();
    const Headers headers = set_request(request);
    if (!headers) return std::unexpected(ProviderTrouble{.kind = TroubleKind::not_sent});
    curl_easy_setopt(curl_, CURLOPT_WRITEFUNCTION, &take_body);
    curl_easy_setopt(curl_, CURLOPT_WRITEDATA, &incoming);
    curl_easy_setopt(curl_, CURLOPT_HEADERFUNCTION, &take_header);
    curl_easy_setopt(curl_, CURLOPT_HEADERDATA, &incoming);
    const CURLcode code = curl_easy_perform(curl_);
    if (code != CURLE_OK) return std::unexpected(trouble(code, incoming.is_too_long));
    long status = 0;
    curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
    incoming.reply.status = static_cast<int>(status);
    return std::move(incoming.reply);
  }

 private:
  void set_rules() {
    curl_easy_setopt(curl_, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl_, CURLOPT_CONNECTTIMEOUT_MS,
                     static_cast<long>(limits_.connect_timeout.count()));
    curl_easy_setopt(curl_, CURLOPT_TIMEOUT_MS, static_cast<long>(limits_.timeout.count()));
    curl_easy_setopt(curl_, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl_, CURLOPT_PROTOCOLS_STR, endpoint_.is_encrypted() ? "https" : "http");
    curl_easy_setopt(curl_, CURLOPT_PROXY, "");
    curl_easy_setopt(curl_, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    // Over HTTP/2 libcurl may send a request again that was refused; 1.1 is all that is needed.
    curl_easy_setopt(curl_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl_easy_setopt(curl_, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    curl_easy_setopt(curl_, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(curl_, CURLOPT_SSL_VERIFYHOST, 2L);
    if (!limits_.ca_file.empty()) curl_easy_setopt(curl_, CURLOPT_CAINFO, limits_.ca_file.c_str());
  }

  Headers set_request(const HttpRequest& request) {
    curl_easy_setopt(curl_, CURLOPT_URL, (endpoint_.base() + request.target).c_str());
    curl_slist* list = nullptr;
    for (const std::string& header : request.headers) {
      curl_slist* const longer = curl_slist_append(list, header.c_str());
      if (longer == nullptr) {
        curl_slist_free_all(list);
        return nullptr;
      }
      list = longer;
    }
    Headers headers(curl_slist_append(list, "User-Agent: gatehouse/" GATEHOUSE_VERSION));
    if (!headers) {
      curl_slist_free_all(list);
      return nullptr;
    }
    if (request.method == HttpMethod::post) {
      // The size is set first, so that a body of no bytes is one too.
      curl_easy_setopt(curl_, CURLOPT_POST, 1L);
      curl_easy_setopt(curl_, CURLOPT_POSTFIELDSIZE, static_cast<long>(request.body.size()));
      curl_easy_setopt(curl_, CURLOPT_COPYPOSTFIELDS, request.body.c_str());
      curl_easy_setopt(curl_, CURLOPT_FRESH_CONNECT, 1L);
      curl_slist_append(headers.get(), "Expect:");  // never wait for leave to send the body
    }
    curl_easy_setopt(curl_, CURLOPT_HTTPHEADER, headers.get());
    return headers;
  }

  /// Without libcurl's own words, which may hold what was sent.
  [[nodiscard]] ProviderTrouble trouble(CURLcode code, bool is_too_long) const {
    if (is_too_long)
      return {.kind = TroubleKind::unknown,
              .code = "answer_too_long",
              .words = "The provider's answer is longer than any should be"};
    if (is_certificate(code))
      return {.kind = TroubleKind::misconfigured,
              .code = "certificate",
              .words = "The certificate of " + endpoint_.host() + " cannot be trusted"};
    if (code == CURLE_OPERATION_TIMEDOUT && !was_connected())
      return {.kind = TroubleKind::not_sent,
              .code = "no_connection",
              .words = endpoint_.host() + " does not answer"};
    if (code == CURLE_OPERATION_TIMEDOUT)
      return {.kind = TroubleKind::unknown,
              .code = "timeout",
              .words = endpoint_.host() + " did not answer in time"};
    if (is_before_sending(code))
      return {.kind = TroubleKind::not_sent,
              .code = "no_connection",
              .words = endpoint_.host() + " cannot be reached"};
    return {.kind = TroubleKind::unknown,
            .code = "line_broke",
            .words = "The connection to " + endpoint_.host() + " ended before the answer"};
  }

  /// Whether the last call came as far as where a request could have been sent.
  [[nodiscard]] bool was_connected() const {
    curl_off_t ready = 0;
    curl_easy_getinfo(curl_, CURLINFO_PRETRANSFER_TIME_T, &ready);
    return ready > 0;
  }

  const Endpoint endpoint_;
  const HttpLimits limits_;
  CURL* curl_;
};

CurlHttp::CurlHttp(Endpoint endpoint, HttpLimits limits)
    : impl_(std::make_unique<Impl>(std::move(endpoint), std::move(limits))) {}
CurlHttp::~CurlHttp() = default;
Asked<HttpReply> CurlHttp::call(const HttpRequest& request) { return impl_->call(request); }

}  // namespace gatehouse::payments
