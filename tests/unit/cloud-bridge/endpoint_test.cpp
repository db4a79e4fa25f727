#include "cloud-bridge/payments/endpoint.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace gatehouse::payments;

namespace {

bool is_allowed(std::string_view url, ProviderName provider, Mode mode) {
  return check_endpoint(url, provider, mode).has_value();
}

constexpr auto razorpay = ProviderName::razorpay;
constexpr auto phonepe = ProviderName::phonepe;

}  // namespace

TEST_CASE("only a provider's own hosts are spoken to, and encrypted", "[payments][endpoint]") {
  CHECK(is_allowed("https://api.razorpay.com", razorpay, Mode::live));
  CHECK(is_allowed("https://prod-api-static.razorpay.com/", razorpay, Mode::live));
  CHECK(is_allowed("https://api.phonepe.com", phonepe, Mode::live));
  CHECK(is_allowed("https://api-preprod.phonepe.com/apis/pg-sandbox", phonepe, Mode::sandbox));
  for (const std::string url :
       {"http://api.razorpay.com", "https://api.razorpay.com:8443",
        "https://api.razorpay.com.evil.example", "https://evil.example", "https://api.phonepe.com",
        "https://razorpay.com", "https://api.razorpay.com@evil.example",
        "https://user:pw@api.razorpay.com", "https://API.razorpay.com",
        "https://api.razorpay.com/../x", "https://api.razorpay.com?x=1",
        "https://api.razorpay.com#x", "https://api.razorpay.com\\@evil.example",
        "ftp://api.razorpay.com", "//api.razorpay.com", "api.razorpay.com", "https://", "",
        "https://api.razorpay.com\r\nX: y"}) {
    INFO(url);
    CHECK_FALSE(is_allowed(url, razorpay, Mode::live));
    CHECK_FALSE(is_allowed(url, razorpay, Mode::sandbox));
  }
}

TEST_CASE("simulators are on this machine, and only the sandbox believes them",
          "[payments][endpoint]") {
  for (const std::string url : {"http://127.0.0.1:9101", "http://localhost:9101",
                                "https://localhost:9101", "http://127.1.2.3:9101/apis"}) {
    INFO(url);
    CHECK(is_allowed(url, razorpay, Mode::sandbox));
    CHECK_FALSE(is_allowed(url, razorpay, Mode::live));
  }
  for (const std::string url :
       {"http://127.0.0.1.evil.example:9101", "http://127.evil:9101",
        "http://localhost.evil.example", "http://127.0.0.1:0", "http://127.0.0.1:99999",
        "http://127.0.0.1:", "http://10.0.0.1:9101"}) {
    INFO(url);
    CHECK_FALSE(is_allowed(url, razorpay, Mode::sandbox));
  }
}

TEST_CASE("a host of the other mode is named as such", "[payments][endpoint]") {
  CHECK(check_endpoint("https://api.phonepe.com", phonepe, Mode::sandbox).error() ==
        "phonepe: mode is \"sandbox\", but api.phonepe.com moves real money");
  CHECK(check_endpoint("https://api-preprod.phonepe.com", phonepe, Mode::live).error() ==
        "phonepe: mode is \"live\", but api-preprod.phonepe.com is for tests");
  CHECK(check_endpoint("http://127.0.0.1:9102", phonepe, Mode::live).error() ==
        "phonepe: mode is \"live\", but base_url is this machine");
}

TEST_CASE("an endpoint says what it is", "[payments][endpoint]") {
  const auto endpoint = check_endpoint("http://127.0.0.1:9102/apis/x/", phonepe, Mode::sandbox);
  REQUIRE(endpoint);
  CHECK(endpoint->base() == "http://127.0.0.1:9102/apis/x");
  CHECK(endpoint->host() == "127.0.0.1");
  CHECK(endpoint->has_path());
  CHECK(endpoint->is_loopback());
  CHECK_FALSE(endpoint->is_encrypted());
}
