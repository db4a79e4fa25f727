#include "edge/gateway/config/text_rules.hpp"

#include "edge/domain/ids.hpp"
#include "edge/domain/limits.hpp"
#include "edge/domain/tax.hpp"

#include <algorithm>
#include <charconv>

namespace gatehouse::gateway {
namespace {

constexpr std::string_view digits = "0123456789";
constexpr std::string_view capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view small_letters = "abcdefghijklmnopqrstuvwxyz";

bool is_one_of(char c, std::string_view set) { return set.contains(c); }
bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of(digits) == std::string_view::npos;
}
bool is_letter_or_digit(char c) {
  return is_one_of(c, digits) || is_one_of(c, capitals) || is_one_of(c, small_letters);
}
bool is_control(char c) { return (c >= '\0' && c < ' ') || c == '\x7f'; }
bool has_control_or_space(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return is_control(c) || c == ' '; });
}

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const auto [stopped, error] = std::from_chars(text.begin(), text.end(), number);
  if (!is_digits(text) || error != std::errc() || stopped != text.end()) return std::nullopt;
  return number;
}

bool is_ipv6(std::string_view text) {
  return text.contains(':') &&
         text.find_first_not_of("0123456789abcdefABCDEF:.%") == std::string_view::npos;
}

bool is_ipv4(std::string_view text) {
  for (int part = 0; part < 4; ++part) {
    const auto point = text.find('.');
    const bool is_last = part == 3;
    if (is_last != (point == std::string_view::npos)) return false;
    const auto number = parse_number<unsigned>(text.substr(0, point));
    if (!number || *number > 255) return false;
    if (!is_last) text.remove_prefix(point + 1);
  }
  return true;
}

/// host, host:port, [v6] or [v6]:port; false for a host or a port that cannot be.
bool split_authority(std::string_view text, UrlParts& parts) {
  std::string_view after = text;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return false;
    parts.host = text.substr(1, end - 1);
    if (!is_ipv6(parts.host)) return false;
    after = text.substr(end + 1);
    if (!after.empty() && after.front() != ':') return false;
  } else {
    const auto colon = std::min(text.find(':'), text.size());
    parts.host = text.substr(0, colon);
    if (!rules::is_host(parts.host)) return false;
    after = text.substr(colon);
  }
  if (after.empty()) return true;
  parts.port = parse_number<std::uint16_t>(after.substr(1));
  return parts.port.has_value();
}

bool is_url(const UrlParts& url, std::string_view plain, std::string_view secure) {
  return (url.scheme == plain || url.scheme == secure) && url.port != 0;
}

/// `baud=9600&parity=N`, each at most once; both may be left out.
bool is_line_setting(std::string_view query) {
  bool has_baud = false;
  bool has_parity = false;
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const std::string_view part = query.substr(0, end);
    if (part.starts_with("baud=") && !has_baud) {
      const auto baud = parse_number<unsigned>(part.substr(5));
      has_baud = baud && *baud >= 300 && *baud <= 115'200;
      if (!has_baud) return false;
    } else if (part.starts_with("parity=") && !has_parity) {
      has_parity = part.size() == 8 && is_one_of(part.back(), "NEO");
      if (!has_parity) return false;
    } else {
      return false;
    }
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return true;
}

}  // namespace

std::optional<UrlParts> split_url(std::string_view text) {
  const auto colon = text.find("://");
  if (colon == std::string_view::npos || has_control_or_space(text)) return std::nullopt;
  UrlParts parts{.scheme = text.substr(0, colon), .host = {}, .port = {}, .path = {}};
  const std::string_view rest = text.substr(colon + 3);
  const auto end = std::min(rest.find_first_of("/?#"), rest.size());
  parts.path = rest.substr(end);
  if (!split_authority(rest.substr(0, end), parts)) return std::nullopt;
  return parts;
}

std::optional<HostAndPort> split_address(std::string_view text) {
  UrlParts parts{};
  if (has_control_or_space(text) || !split_authority(text, parts) || !parts.port) {
    return std::nullopt;
  }
  return HostAndPort{parts.host, *parts.port};
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" || (host.starts_with("127.") && is_ipv4(host));
}

std::optional<std::chrono::minutes> parse_time_of_day(std::string_view text, bool is_end) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hour = parse_number<int>(text.substr(0, 2));
  const auto minute = parse_number<int>(text.substr(3, 2));
  if (!hour || !minute || *minute > 59) return std::nullopt;
  const int total = *hour * 60 + *minute;
  if (total > 1440 || (total == 1440 && !is_end)) return std::nullopt;
  return std::chrono::minutes(total);
}

namespace rules {

bool is_file_name_or_empty(std::string_view text) { return std::ranges::none_of(text, is_control); }
bool is_file_name(std::string_view text) { return !text.empty() && is_file_name_or_empty(text); }

bool is_short_text(std::string_view text) {
  // Bytes 10xxxxxx go on with a character of UTF-8; the others begin one.
  const auto begins_character = [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  };
  return std::ranges::none_of(text, is_control) &&
         std::ranges::count_if(text, begins_character) <=
             static_cast<std::ptrdiff_t>(limits::name_characters_max);
}
bool is_name(std::string_view text) { return !text.empty() && is_short_text(text); }
bool is_id(std::string_view text) { return check_id(text).has_value(); }
bool is_device_id(std::string_view text) { return check_device_id(text).has_value(); }

bool is_variable(std::string_view text) {
  return text.empty() || (!is_one_of(text.front(), digits) && std::ranges::all_of(text, [](char c) {
           return is_letter_or_digit(c) || c == '_';
         }));
}

bool is_mqtt_url(std::string_view text) {
  const auto url = split_url(text);
  return url && is_url(*url, "mqtt", "mqtts") && (url->path.empty() || url->path == "/");
}
bool is_mqtt_url_or_empty(std::string_view text) { return text.empty() || is_mqtt_url(text); }

bool is_web_url(std::string_view text) {
  const auto url = split_url(text);
  return url && is_url(*url, "http", "https");
}
bool is_web_url_or_empty(std::string_view text) { return text.empty() || is_web_url(text); }
bool is_origin(std::string_view text) {
  const auto url = split_url(text);
  return url && is_url(*url, "http", "https") && url->path.empty();
}

bool is_host(std::string_view text) {
  constexpr std::size_t host_characters_max = 253;
  if (text.empty() || text.size() > host_characters_max) return false;
  if (is_ipv6(text)) return true;
  // What looks like an address must be one: 10.0.0.300 is nobody's name.
  if (text.find_first_not_of("0123456789.") == std::string_view::npos) return is_ipv4(text);
  return std::ranges::all_of(text,
                             [](char c) { return is_letter_or_digit(c) || is_one_of(c, "-._"); });
}

bool is_network(std::string_view text) {
  const auto slash = text.find('/');
  const std::string_view base = text.substr(0, slash);
  if (!is_ipv4(base) && !is_ipv6(base)) return false;
  if (slash == std::string_view::npos) return true;
  const auto bits = parse_number<unsigned>(text.substr(slash + 1));
  return bits && *bits <= (is_ipv4(base) ? 32U : 128U);
}

bool is_address_or_port_0(std::string_view text) { return split_address(text).has_value(); }
bool is_address(std::string_view text) {
  const auto parts = split_address(text);
  return parts && parts->port != 0;
}
bool is_address_or_empty(std::string_view text) { return text.empty() || is_address(text); }
bool is_loopback_address(std::string_view text) {
  const auto parts = split_address(text);
  return parts && parts->port != 0 && is_loopback(parts->host);
}

bool is_barrier_url(std::string_view text) {
  constexpr std::string_view rtu = "rtu://";
  if (text.starts_with(rtu)) {
    const std::string_view rest = text.substr(rtu.size());
    const auto question = std::min(rest.find('?'), rest.size());
    const std::string_view device = rest.substr(0, question);
    return device.starts_with('/') && device.size() > 1 && !has_control_or_space(device) &&
           is_line_setting(rest.substr(std::min(question + 1, rest.size())));
  }
  const auto url = split_url(text);
  return url && url->scheme == "tcp" && url->port && *url->port != 0 && url->path.empty();
}

bool is_opening_hours(std::string_view text) {
  if (text.size() != 11 || text[5] != '-') return false;
  const auto from = parse_time_of_day(text.substr(0, 5), false);
  const auto to = parse_time_of_day(text.substr(6), true);
  return from && to && from != to;
}

// https://services.gst.gov.in: state, PAN of the holder, number of the registration, Z, check.
bool is_gstin_or_empty(std::string_view text) {
  if (text.empty()) return true;
  constexpr std::string_view shape = "99AAAAA9999A*Z*";
  if (text.size() != shape.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const char c = text[i];
    const bool fits = (shape[i] == '9' && is_one_of(c, digits)) ||
                      (shape[i] == 'A' && is_one_of(c, capitals)) ||
                      (shape[i] == '*' && (is_one_of(c, digits) || is_one_of(c, capitals))) ||
                      (shape[i] == 'Z' && c == 'Z');
    if (!fits) return false;
  }
  return true;
}

bool is_sac(std::string_view text) {
  return is_digits(text) && text.size() >= 4 && text.size() <= 6;
}

bool is_invoice_series(std::string_view text) {
  // C begins the series of credit notes, which must not meet another of invoices.
  const bool fits = !text.empty() && text.size() <= invoice_series_characters_max;
  return fits && !text.starts_with('C') && std::ranges::all_of(text, [](char c) {
           return is_one_of(c, capitals) || is_one_of(c, digits) || c == '-';
         });
}

}  // namespace rules
}  // namespace gatehouse::gateway
