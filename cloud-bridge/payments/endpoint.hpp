// Where a provider lives: an address that is on the list, or none at all.
//
//   const auto endpoint = check_endpoint("https://api.razorpay.com", ProviderName::razorpay, mode);
//   if (!endpoint) … endpoint.error() is a sentence …
//
// An Endpoint can be made in no other way, and requests name a path only: nothing a provider or a
// person says can lead a request, and the keys in it, to another host. Values; any thread.
#pragma once

#include "cloud-bridge/payments/provider.hpp"

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace gatehouse::payments {

enum class Mode : std::uint8_t {
  sandbox,  // no real money: simulators, and what providers offer for tests
  live,
};

class Endpoint {
 public:
  /// `https://api.razorpay.com/prefix`, without a slash at the end.
  [[nodiscard]] const std::string& base() const { return base_; }
  [[nodiscard]] const std::string& host() const { return host_; }
  [[nodiscard]] bool has_path() const { return has_path_; }
  [[nodiscard]] bool is_loopback() const { return is_loopback_; }
  [[nodiscard]] bool is_encrypted() const { return is_encrypted_; }

 private:
  friend std::expected<Endpoint, std::string> check_endpoint(std::string_view url,
                                                             ProviderName provider, Mode mode);
  Endpoint() = default;
  std::string base_;
  std::string host_;
  bool has_path_ = false;
  bool is_loopback_ = false;
  bool is_encrypted_ = false;
};

/// The provider's own hosts, with https; in sandbox mode also this machine, with http too.
std::expected<Endpoint, std::string> check_endpoint(std::string_view url, ProviderName provider,
                                                    Mode mode);

}  // namespace gatehouse::payments
