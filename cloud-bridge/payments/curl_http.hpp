// HTTP to one provider over libcurl.
//
//   CurlHttp http(*endpoint, {});
//   Razorpay razorpay(settings, http, clock);
//
// One handle, used by one thread at a time; its connection is kept from call to call. TLS 1.2 or
// newer, the certificate and its name verified; no redirect is followed, no proxy and no .netrc of
// the environment is used, and the answer is bounded. A POST always goes out on a new connection:
// libcurl sends a request again by itself when a kept connection turns out to be dead, and nobody
// could say then whether the first had been heard.
#pragma once

#include "cloud-bridge/payments/endpoint.hpp"
#include "cloud-bridge/payments/http.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace gatehouse::payments {

struct HttpLimits {
  std::chrono::milliseconds connect_timeout{3'000};
  std::chrono::milliseconds timeout{5'000};  // of the whole call
  std::size_t answer_bytes_max = 1024UL * 1024;
  std::string ca_file;  // "": the system's
};

class CurlHttp final : public HttpCaller {
 public:
  /// std::runtime_error when libcurl does not start.
  CurlHttp(Endpoint endpoint, HttpLimits limits);
  CurlHttp(const CurlHttp&) = delete;
  CurlHttp& operator=(const CurlHttp&) = delete;
  ~CurlHttp() override;

  Asked<HttpReply> call(const HttpRequest& request) override;

 private:
  class Impl;
  const std::unique_ptr<Impl> impl_;
};

}  // namespace gatehouse::payments
