// What a text in lot.toml may be: a check, and how it is asked for in an error.
//
//   section.text("url", "mqtt://127.0.0.1:1883", rules::mqtt_url);
//
// Functions of values; any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::gateway {

struct TextRule {
  std::string_view expected;  // completes "expected …"
  bool (*holds)(std::string_view);
};

/// `scheme://host:port/path`; the parts are views into the text.
struct UrlParts {
  std::string_view scheme;
  std::string_view host;  // without brackets
  std::optional<std::uint16_t> port;
  std::string_view path;  // from its '/', or from '?' on; may be empty
};
std::optional<UrlParts> split_url(std::string_view text);

/// `127.0.0.1:1883`, `[::1]:1883`, `localhost:0`.
struct HostAndPort {
  std::string_view host;  // without brackets
  std::uint16_t port = 0;
};
std::optional<HostAndPort> split_address(std::string_view text);

/// Whether only this machine can reach the host.
bool is_loopback(std::string_view host);

/// `06:00`; 24:00 only as an end.
std::optional<std::chrono::minutes> parse_time_of_day(std::string_view text, bool is_end);

namespace rules {

bool is_name(std::string_view text);
bool is_short_text(std::string_view text);
bool is_file_name(std::string_view text);
bool is_file_name_or_empty(std::string_view text);
bool is_id(std::string_view text);
bool is_device_id(std::string_view text);
bool is_variable(std::string_view text);
bool is_mqtt_url(std::string_view text);
bool is_mqtt_url_or_empty(std::string_view text);
bool is_web_url(std::string_view text);
bool is_web_url_or_empty(std::string_view text);
bool is_origin(std::string_view text);
bool is_host(std::string_view text);
bool is_network(std::string_view text);
bool is_address(std::string_view text);
bool is_address_or_port_0(std::string_view text);
bool is_address_or_empty(std::string_view text);
bool is_loopback_address(std::string_view text);
bool is_barrier_url(std::string_view text);
bool is_opening_hours(std::string_view text);
bool is_gstin_or_empty(std::string_view text);
bool is_sac(std::string_view text);
bool is_invoice_series(std::string_view text);

inline constexpr TextRule any{"text", [](std::string_view) { return true; }};
inline constexpr TextRule some{"text that is not empty",
                               [](std::string_view text) { return !text.empty(); }};
inline constexpr TextRule file_name{"a file's name, without control characters", is_file_name};
inline constexpr TextRule file_name_or_empty{
    "a file's name, without control characters, or \"\" for none", is_file_name_or_empty};
inline constexpr TextRule name{"a name of 1 to 100 characters, without control characters",
                               is_name};
inline constexpr TextRule short_text{"text of at most 100 characters, without control characters",
                                     is_short_text};
inline constexpr TextRule id{"an id of 1 to 64 letters, digits, '_' and '-'", is_id};
inline constexpr TextRule device_id{
    "an id of 1 to 64 letters, digits, '_' and '-' that is not gateway, bridge, dashboard-… or "
    "integration-…, which the broker keeps for others",
    is_device_id};
inline constexpr TextRule variable{
    "the name of an environment variable, like \"GATEHOUSE_MQTT_PASSWORD\", or \"\" for none",
    is_variable};
inline constexpr TextRule mqtt_url{"a broker's URL, like \"mqtt://127.0.0.1:1883\"", is_mqtt_url};
inline constexpr TextRule cloud_url{
    "a broker's URL, like \"mqtts://cloud.example:8883\", or \"\" for no cloud",
    is_mqtt_url_or_empty};
inline constexpr TextRule web_url{"a URL, like \"https://lot.example\"", is_web_url};
inline constexpr TextRule web_url_or_empty{"a URL, like \"https://lot.example\", or \"\"",
                                           is_web_url_or_empty};
inline constexpr TextRule origin{"an origin, like \"https://lot.example\", without a path",
                                 is_origin};
inline constexpr TextRule host{"a host name or address", is_host};
inline constexpr TextRule network{"an address or network, like \"10.0.0.0/8\"", is_network};
inline constexpr TextRule address{"an address and a port, like \"0.0.0.0:8883\"", is_address};
inline constexpr TextRule listen_address{"an address and a port, like \"127.0.0.1:8080\"",
                                         is_address_or_port_0};
inline constexpr TextRule address_or_empty{
    "an address and a port, like \"0.0.0.0:80\", or \"\" for none", is_address_or_empty};
inline constexpr TextRule loopback_address{
    "a loopback address and a port, like \"127.0.0.1:1883\" (without TLS: loopback only)",
    is_loopback_address};
inline constexpr TextRule barrier_url{"tcp://host:port or rtu:///device?baud=9600&parity=N",
                                      is_barrier_url};
inline constexpr TextRule opening_hours{"hours of the day, like \"06:00-23:00\"", is_opening_hours};
inline constexpr TextRule gstin{"a GSTIN of 15 characters, or \"\" for none", is_gstin_or_empty};
inline constexpr TextRule sac{"a services accounting code of 4 to 6 digits", is_sac};
inline constexpr TextRule invoice_series{"1 to 3 capitals, digits or '-', not beginning with C",
                                         is_invoice_series};

}  // namespace rules
}  // namespace gatehouse::gateway
