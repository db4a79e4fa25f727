#include "simulators/payments/sender.hpp"

#include <stdexcept>

#include <curl/curl.h>

namespace gatehouse::simulators {
namespace {

constexpr long patience_ms = 5'000;

std::size_t swallow(const char* /*bytes*/, std::size_t size, std::size_t count, void* /*into*/) {
  return size * count;
}

}  // namespace

void NoticeSender::FreeCurl::operator()(void* curl) const { curl_easy_cleanup(curl); }

NoticeSender::NoticeSender() : curl_(curl_easy_init()) {
  if (!curl_) throw std::runtime_error("libcurl does not start");
}

NoticeSender::~NoticeSender() = default;

bool NoticeSender::send(const SimNotice& notice) {
  CURL* const curl = curl_.get();
  curl_easy_reset(curl);
  curl_easy_setopt(curl, CURLOPT_URL, notice.url.c_str());
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, patience_ms);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &swallow);
  curl_easy_setopt(curl, CURLOPT_POST, 1L);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(notice.body.size()));
  curl_easy_setopt(curl, CURLOPT_COPYPOSTFIELDS, notice.body.c_str());
  curl_slist* headers = curl_slist_append(nullptr, "Expect:");
  for (const auto& [name, value] : notice.headers)
    headers = curl_slist_append(headers, (name + ": " + value).c_str());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  long status = 0;
  if (curl_easy_perform(curl) == CURLE_OK) curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  curl_slist_free_all(headers);
  return status >= 200 && status < 300;
}

}  // namespace gatehouse::simulators
