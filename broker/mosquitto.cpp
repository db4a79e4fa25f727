#include "broker/mosquitto.hpp"

#include "edge/domain/limits.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string_view>

#include <fmt/format.h>

namespace gatehouse::broker {
namespace {

// A camera frame of docs/contract/mqtt.md …
constexpr std::uint64_t payload_bytes_max = std::uint64_t{2} * 1024 * 1024;
// … and room for its topic and MQTT 5 properties.
constexpr std::uint64_t packet_bytes_max = payload_bytes_max + std::uint64_t{64} * 1024;

// Mosquitto tells a publisher this as its receive maximum, and Paho C 1.3 waits up to a second each
// time it is reached: far above any window of ours.
constexpr int inflight_messages_max = 1'000;

struct Endpoint {
  std::string host;
  std::uint16_t port = 0;
};

std::expected<Endpoint, std::string> parse_endpoint(std::string_view text) {
  const auto refused = [&] {
    return std::unexpected(fmt::format("\"{}\" is not an address and a port, host:port", text));
  };
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return refused();
  std::string_view host = text.substr(0, colon);
  const bool is_v6 = host.starts_with('[') && host.ends_with(']') && host.size() > 2;
  if (is_v6) host = host.substr(1, host.size() - 2);
  const std::string_view allowed = is_v6 ? "0123456789abcdefABCDEF:."
                                         : "0123456789abcdefghijklmnopqrstuvwxyz"
                                           "ABCDEFGHIJKLMNOPQRSTUVWXYZ.-";
  if (host.empty() || host.find_first_not_of(allowed) != std::string_view::npos) return refused();
  Endpoint endpoint{std::string(host), 0};
  const char* const end = text.data() + text.size();
  const auto [parsed_end, error] = std::from_chars(text.data() + colon + 1, end, endpoint.port);
  if (error != std::errc() || parsed_end != end || endpoint.port == 0) return refused();
  return endpoint;
}

bool is_loopback(const Endpoint& endpoint) {
  if (endpoint.host == "localhost" || endpoint.host == "::1") return true;
  // 127.0.0.0/8 as numbers only: `127.example.com` is a name like any other.
  return endpoint.host.starts_with("127.") &&
         endpoint.host.find_first_not_of("0123456789.") == std::string::npos;
}

struct Listeners {
  std::vector<Endpoint> plain;
  std::vector<Endpoint> tls;
};

std::expected<Listeners, std::string> parse_listeners(const ServerSettings& settings) {
  Listeners listeners;
  for (const std::string& text : settings.listen) {
    const auto endpoint = parse_endpoint(text);
    if (!endpoint) return std::unexpected("broker.server.listen: " + endpoint.error());
    if (!is_loopback(*endpoint))
      return std::unexpected(
          fmt::format("broker.server.listen: \"{}\" is not a loopback address: what others may "
                      "reach goes into tls_listen",
                      text));
    listeners.plain.push_back(*endpoint);
  }
  for (const std::string& text : settings.tls_listen) {
    const auto endpoint = parse_endpoint(text);
    if (!endpoint) return std::unexpected("broker.server.tls_listen: " + endpoint.error());
    listeners.tls.push_back(*endpoint);
  }
  return listeners;
}

std::expected<void, std::string> check_listeners(const ServerSettings& settings,
                                                 const Listeners& listeners) {
  if (settings.development && (listeners.plain.size() != 1 || !listeners.tls.empty()))
    return std::unexpected(
        "broker.server.development: a development broker has one address in listen and none in "
        "tls_listen");
  if (listeners.plain.empty() && listeners.tls.empty())
    return std::unexpected("broker.server: neither listen nor tls_listen has an address");
  if (!listeners.tls.empty() && (settings.cert_file.empty() || settings.key_file.empty()))
    return std::unexpected("broker.server.tls_listen: needs cert_file and key_file");
  return {};
}

/// A path as a line of the configuration can hold it; an empty one stays empty.
std::expected<std::string, std::string> absolute_path(const std::filesystem::path& path) {
  if (path.empty()) return std::string();
  std::string text = std::filesystem::absolute(path).lexically_normal().string();
  if (text.size() > 1 && text.ends_with('/')) text.pop_back();
  const bool has_control =
      std::ranges::any_of(text, [](char c) { return (c >= '\0' && c < ' ') || c == '\x7f'; });
  if (has_control || text.ends_with(' '))
    return std::unexpected("a path with control characters or a space at its end");
  return text;
}

std::string development_text(const Endpoint& listener) {
  return fmt::format(R"(
# A development broker: whoever reaches this machine's loopback address may do everything.
listener {} {}
allow_anonymous true
# Benches and simulated storms may burst as they like.
max_queued_messages 0
)",
                     listener.port, listener.host);
}

std::string listeners_text(const Listeners& listeners, const ServerLimits& limits,
                           std::string_view certificate, std::string_view key) {
  // Both hold for the listener above them, not for the whole broker.
  const std::string each =
      fmt::format("use_username_as_clientid true\nmax_connections {}\n", limits.connections);
  std::string text = R"(
# Listeners. The user name is the client id, so that no account can take the session of another by
# naming itself like it. Connections: two an account (one that died unnoticed, one that came back)
# and 512 more, as Mosquitto counts whoever has connected, also before a name was said: who says
# none is hung up on after 90 s and must keep no device out meanwhile. Without TLS on loopback only. tls_version is the oldest that is accepted; the user
# `mosquitto` must be able to read the key.
)";
  for (const Endpoint& listener : listeners.plain)
    text += fmt::format("listener {} {}\n{}", listener.port, listener.host, each);
  for (const Endpoint& listener : listeners.tls)
    text += fmt::format("listener {} {}\n{}certfile {}\nkeyfile {}\ntls_version tlsv1.2\n",
                        listener.port, listener.host, each, certificate, key);
  return text;
}

std::string named_text(std::string_view directory, const ServerLot& lot,
                       const ServerLimits& limits) {
  return fmt::format(R"(
# Accounts. Both files are read again on SIGHUP (systemctl reload mosquitto), by the user the broker
# runs as: they are 0600 and belong to `mosquitto` if root wrote them, else to who did. That user
# must be able to enter the directory.
allow_anonymous false
password_file {directory}/passwd
acl_file {directory}/acl

# What waits for one account that reads slowly or has gone for a while: an hour of this lot. A full
# queue drops in silence, so it is made larger than anything that is still of use:
#   60 messages an hour and slot ({slots}), which is a state a minute, or 15 changes with the
#   statuses and availabilities that follow from each; 2,000 an hour and gate ({gates}), as a reader
#   repeats itself every 2 s; 100,000 at least, 2 s of all a broker's one thread can pass on.
# Bytes: 1 KiB a message, which is a large network server's uplink, and per gate 16 camera frames of
# the full size, half a minute of repetitions. After an hour away a session and its queue end.
max_queued_messages {messages}
max_queued_bytes {bytes}
persistent_client_expiration 1h

# Nobody may read $SYS, so nothing is published there.
sys_interval 0
)",
                     fmt::arg("directory", directory), fmt::arg("slots", lot.slots.size()),
                     fmt::arg("gates", lot.gates.size()),
                     fmt::arg("messages", limits.queued_messages),
                     fmt::arg("bytes", limits.queued_bytes));
}

std::string common_text(const ServerLot& lot, std::string_view directory) {
  return fmt::format(
      R"(# The MQTT broker of lot "{lot}", for Mosquitto 2. Written by `gatehouse broker`;
# what is changed here by hand is lost with its next call. It is a whole configuration:
#   mosquitto -c {directory}/mosquitto.conf
# or, under systemd, with the drop-in beside it:
#   install -D -m 644 {directory}/mosquitto.service.conf \
#     /etc/systemd/system/mosquitto.service.d/gatehouse.conf
#   systemctl daemon-reload && systemctl restart mosquitto

# Nothing is kept on disk: a full disk does not stop the broker, and no damaged file keeps it from
# starting. After a restart the gateway, which has every slot's last state in its store, says all
# that it owns again. A file would be older than that store after a power cut, and a sensor without
# `seq` and `ts` would seem to take back what it said last.
persistence false

# One small message after the other: waiting to fill a segment costs up to 40 ms each.
set_tcp_nodelay true

# A camera frame of 2 MiB passes; a packet larger than one, with its topic and properties, ends its
# connection before the broker takes memory for it.
message_size_limit {payload}
max_packet_size {packet}
max_inflight_messages {inflight}

log_dest stderr
log_type error
log_type warning
log_type notice
)",
      fmt::arg("lot", lot.lot.text()), fmt::arg("directory", directory),
      fmt::arg("payload", payload_bytes_max), fmt::arg("packet", packet_bytes_max),
      fmt::arg("inflight", inflight_messages_max));
}

/// A word of a systemd ExecStart line.
std::string systemd_quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (c == '%' || c == '$') quoted += c;
    quoted += c;
  }
  return quoted + '"';
}

std::string service_text(std::string_view directory, const ServerLimits& limits) {
  return fmt::format(
      R"(# For Debian's mosquitto.service. Written by `gatehouse broker`.
[Unit]
# At a shutdown the broker stops first. It keeps nothing, so that it must not acknowledge to a sensor
# what the gateway is no longer there to store; a sensor without its acknowledgement says it again.
After=gatehouse.service

[Service]
ExecStart=
ExecStart=/usr/sbin/mosquitto -c {configuration}
# Every connection is a descriptor; the usual 1,024 ends at about 1,000 sensors.
LimitNOFILE={open_files}
Restart=always
RestartSec=1
)",
      fmt::arg("configuration", systemd_quoted(fmt::format("{}/mosquitto.conf", directory))),
      fmt::arg("open_files", limits.open_files));
}

}  // namespace

ServerLimits server_limits(const ServerSettings& settings, const ServerLot& lot) {
  constexpr std::uint64_t messages_floor = 100'000;
  constexpr std::uint64_t messages_per_slot = 60;
  constexpr std::uint64_t messages_per_gate = 2'000;
  constexpr std::uint64_t bytes_per_message = 1'024;
  constexpr std::uint64_t frames_per_gate = 16;
  constexpr std::uint64_t spare_connections = 512;
  constexpr std::uint64_t spare_files = 64;
  const std::uint64_t accounts = 2 + settings.dashboards.size() + settings.integrations.size() +
                                 lot.gates.size() + lot.slots.size();
  const std::uint64_t listeners = settings.listen.size() + settings.tls_listen.size();
  ServerLimits limits;
  limits.connections = 2 * accounts + spare_connections;
  limits.queued_messages = std::max(
      messages_floor, messages_per_slot * lot.slots.size() + messages_per_gate * lot.gates.size());
  limits.queued_bytes = bytes_per_message * limits.queued_messages +
                        frames_per_gate * payload_bytes_max * lot.gates.size();
  limits.open_files = listeners * limits.connections + spare_files;
  return limits;
}

std::expected<ServerTexts, std::string> server_texts(const ServerSettings& settings,
                                                     const ServerLot& lot,
                                                     const std::filesystem::path& directory) {
  const auto listeners = parse_listeners(settings);
  if (!listeners) return std::unexpected(listeners.error());
  if (auto checked = check_listeners(settings, *listeners); !checked)
    return std::unexpected(checked.error());
  const auto place = absolute_path(directory);
  if (!place) return std::unexpected("the output directory is " + place.error());
  const ServerLimits limits = server_limits(settings, lot);

  ServerTexts texts;
  texts.configuration = common_text(lot, *place);
  texts.service = service_text(*place, limits);
  if (settings.development) {
    texts.configuration += development_text(listeners->plain.front());
    return texts;
  }
  if (auto names = account_names(settings, lot); !names) return std::unexpected(names.error());
  auto access = access_list(settings, lot);
  if (!access) return std::unexpected(access.error());
  texts.access_list = std::move(*access);
  const auto certificate = absolute_path(settings.cert_file);
  if (!certificate) return std::unexpected("broker.server.cert_file is " + certificate.error());
  const auto key = absolute_path(settings.key_file);
  if (!key) return std::unexpected("broker.server.key_file is " + key.error());
  texts.configuration += named_text(*place, lot, limits);
  texts.configuration += listeners_text(*listeners, limits, *certificate, *key);
  return texts;
}

}  // namespace gatehouse::broker
