#include "cloud-bridge/payments/endpoint.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace gatehouse::payments {
namespace {

struct KnownHost {
  std::string_view host;
  ProviderName provider;
  bool is_live;
  bool is_sandbox;
};

// Razorpay serves tests and money on one host: there the key tells them apart (settings.hpp).
constexpr std::array known_hosts = {
    KnownHost{"api.razorpay.com", ProviderName::razorpay, true, true},
    KnownHost{"prod-api-static.razorpay.com", ProviderName::razorpay, true, true},
    KnownHost{"api.phonepe.com", ProviderName::phonepe, true, false},
    KnownHost{"api-preprod.phonepe.com", ProviderName::phonepe, false, true},
};

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
}

bool is_path_character(char c) {
  return is_host_character(c) || (c >= 'A' && c <= 'Z') || c == '_' || c == '/';
}

bool is_port(std::string_view text) {
  unsigned port = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), port);
  return wrong == std::errc() && end == text.data() + text.size() && port >= 1 && port <= 65'535;
}

struct Parts {
  bool is_encrypted = false;
  std::string_view host;
  std::string_view port;  // with its colon
  std::string_view path;
};

/// So few spellings that no two readers can take one for different hosts.
std::optional<Parts> split(std::string_view url) {
  Parts parts;
  if (url.starts_with("https://"))
    parts.is_encrypted = true;
  else if (!url.starts_with("http://"))
    return std::nullopt;
  url.remove_prefix(parts.is_encrypted ? 8 : 7);
  const auto path = url.find('/');
  if (path != std::string_view::npos) {
    parts.path = url.substr(path);
    url = url.substr(0, path);
    while (parts.path.ends_with('/')) parts.path.remove_suffix(1);
  }
  const auto port = url.find(':');
  if (port != std::string_view::npos) {
    parts.port = url.substr(port);
    url = url.substr(0, port);
    if (!is_port(parts.port.substr(1))) return std::nullopt;
  }
  parts.host = url;
  if (url.empty() || !std::ranges::all_of(url, is_host_character) ||
      !std::ranges::all_of(parts.path, is_path_character) ||
      parts.path.find("..") != std::string_view::npos)
    return std::nullopt;
  return parts;
}

/// 127.0.0.1 and its like by their numbers: a name that only begins so is somebody else's.
bool is_this_machine(std::string_view host) {
  if (host == "localhost") return true;
  if (!host.starts_with("127.")) return false;
  const auto is_number = [](char c) { return (c >= '0' && c <= '9') || c == '.'; };
  return std::ranges::all_of(host, is_number) && std::ranges::count(host, '.') == 3;
}

}  // namespace

std::expected<Endpoint, std::string> check_endpoint(std::string_view url, ProviderName provider,
                                                    Mode mode) {
  const auto parts = split(url);
  if (!parts)
    return std::unexpected(
        fmt::format("{}: base_url is not of the form https://host[:port][/path], small letters",
                    name(provider)));
  Endpoint endpoint;
  endpoint.base_ = fmt::format("{}://{}{}{}", parts->is_encrypted ? "https" : "http", parts->host,
                               parts->port, parts->path);
  endpoint.host_ = parts->host;
  endpoint.has_path_ = !parts->path.empty();
  endpoint.is_encrypted_ = parts->is_encrypted;
  endpoint.is_loopback_ = is_this_machine(parts->host);
  if (endpoint.is_loopback_) {
    if (mode == Mode::sandbox) return endpoint;
    return std::unexpected(
        fmt::format("{}: mode is \"live\", but base_url is this machine", name(provider)));
  }
  const auto* const known = std::ranges::find_if(known_hosts, [&](const KnownHost& each) {
    return each.provider == provider && each.host == parts->host;
  });
  if (known == known_hosts.end())
    return std::unexpected(
        fmt::format("{}: {} is no host of this provider's", name(provider), parts->host));
  if (!parts->is_encrypted || !parts->port.empty())
    return std::unexpected(fmt::format("{}: {} is reached with https, on its usual port",
                                       name(provider), parts->host));
  if (mode == Mode::live && !known->is_live)
    return std::unexpected(
        fmt::format("{}: mode is \"live\", but {} is for tests", name(provider), parts->host));
  if (mode == Mode::sandbox && !known->is_sandbox)
    return std::unexpected(fmt::format("{}: mode is \"sandbox\", but {} moves real money",
                                       name(provider), parts->host));
  return endpoint;
}

}  // namespace gatehouse::payments
