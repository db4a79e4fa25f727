// [broker], [broker.server], [http], [cloud], [backup] and [log].
#include "broker/access_list.hpp"
#include "edge/domain/limits.hpp"
#include "edge/gateway/config/readers.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace gatehouse::gateway {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

constexpr std::uint32_t requests_per_hour_max = 10'000'000;

constexpr TextRule topic_filter{"an MQTT topic filter, like \"v3/#\"", broker::is_topic_filter};
// integration-{name} and dashboard-{name} are ids too.
constexpr std::size_t account_part_max = limits::id_characters_max - sizeof("integration");
constexpr TextRule account_part{
    "a name of 1 to 52 letters, digits, '_' and '-'",
    [](std::string_view text) { return rules::is_id(text) && text.size() <= account_part_max; }};
static_assert(account_part_max == 52);
constexpr TextRule relay_word{
    "\"public\", \"user\", \"guest\", \"payments\", \"staff\" or \"admin\"",
    [](std::string_view text) {
      return text == "public" || text == "user" || text == "guest" || text == "payments" ||
             text == "staff" || text == "admin";
    }};

bool is_readable_file(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored);
}

/// A file that this program reads itself, at every start.
std::string read_file_name(Section& section, std::string_view key, const Surroundings& around) {
  const auto path = around.resolve(section.text(key, "", rules::file_name_or_empty));
  if (!path.empty() && !is_readable_file(path)) {
    section.wrong(key, "a file that exists, or \"\" for none");
  }
  return path.string();
}

void ask_for_both(Section& section, std::string_view one, std::string_view other) {
  const bool has_one = !section.text(one, "").empty();
  const bool has_other = !section.text(other, "").empty();
  if (has_one == has_other) return;
  const std::string_view missing = has_one ? other : one;
  section.problem(missing, fmt::format("expected a file, as {} names one; found none",
                                       section.path_of(has_one ? one : other)));
}

broker::Integration read_integration(Section& integration) {
  return {.name = integration.required_text("name", account_part),
          .write = integration.texts("write", {}, topic_filter)};
}

void check_listeners(Section& server, const broker::ServerSettings& settings) {
  const bool has_tls = !settings.tls_listen.empty();
  if (has_tls && settings.cert_file.empty()) {
    server.problem("cert_file", "expected a certificate's file, as tls_listen is set; found none");
  }
  if (has_tls && settings.key_file.empty()) {
    server.problem("key_file", "expected a key's file, as tls_listen is set; found none");
  }
  if (settings.listen.empty() && !has_tls) {
    server.problem("listen", "expected an address here or in tls_listen; found none");
  }
  if (settings.development && (settings.listen.size() != 1 || has_tls)) {
    server.problem("development",
                   "expected one address in listen and none in tls_listen, as a "
                   "development broker lets everybody in");
  }
}

api::RateLimitSettings read_rate_limit(Section limit) {
  const api::RateLimitSettings standard;
  const auto per_hour = [&limit](std::string_view key, std::uint32_t fallback) {
    return limit.number<std::uint32_t>(key, fallback, 0, requests_per_hour_max);
  };
  return {.anonymous_per_hour = per_hour("anonymous_per_hour", standard.anonymous_per_hour),
          .user_per_hour = per_hour("user_per_hour", standard.user_per_hour),
          .staff_per_hour = per_hour("staff_per_hour", standard.staff_per_hour),
          .login_failures =
              limit.number<std::uint32_t>("login_failures", standard.login_failures, 0, 1'000),
          .login_window_s =
              limit.number<std::uint32_t>("login_window_s", standard.login_window_s, 1, 86'400)};
}

}  // namespace

broker::LinkSettings read_broker(Section& broker, const Surroundings& around) {
  broker::LinkSettings settings;
  settings.url = broker.text("url", settings.url, rules::mqtt_url);
  settings.username = broker.text("username", settings.username, rules::short_text);
  settings.password = read_secret(broker, "password_env", "GATEHOUSE_MQTT_PASSWORD", around).value;
  settings.ca_file = read_file_name(broker, "ca_file", around);
  if (!settings.ca_file.empty() && !settings.url.starts_with("mqtts:")) {
    broker.wrong("ca_file", "\"\", as broker.url is not mqtts://");
  }
  return settings;
}

broker::ServerSettings read_broker_server(Section server, const Surroundings& around) {
  broker::ServerSettings settings;
  const std::size_t problems_before = server.problem_count();
  settings.development = server.flag("development", false);
  settings.listen = server.texts("listen", settings.listen, rules::loopback_address);
  settings.tls_listen = server.texts("tls_listen", {}, rules::address);
  // Read by Mosquitto, perhaps made later and not for our eyes: `gatehouse check` looks for them.
  settings.cert_file = around.resolve(server.text("cert_file", "", rules::file_name_or_empty));
  settings.key_file = around.resolve(server.text("key_file", "", rules::file_name_or_empty));
  settings.dashboards = server.texts("dashboards", {}, account_part);
  for (Section& integration : server.tables("integrations")) {
    settings.integrations.push_back(read_integration(integration));
    const std::string& name = settings.integrations.back().name;
    const auto same = std::ranges::count(settings.integrations, name, &broker::Integration::name);
    if (same > 1 && !name.empty()) integration.wrong("name", "a name no other integration has");
  }
  if (server.problem_count() == problems_before) check_listeners(server, settings);
  return settings;
}

api::HttpSettings read_http(Section http, const Surroundings& around) {
  api::HttpSettings settings;
  settings.listen = http.text("listen", settings.listen, rules::listen_address);
  settings.public_url = http.text("public_url", "", rules::web_url_or_empty);
  settings.redirect_listen = http.text("redirect_listen", "", rules::address_or_empty);
  settings.tls_cert_file = read_file_name(http, "tls_cert_file", around);
  settings.tls_key_file = read_file_name(http, "tls_key_file", around);
  ask_for_both(http, "tls_cert_file", "tls_key_file");
  if (!settings.redirect_listen.empty() && http.text("tls_cert_file", "").empty()) {
    http.wrong("redirect_listen", "\"\", as there is no HTTPS to redirect to (tls_cert_file)");
  }
  if (!settings.redirect_listen.empty() && settings.redirect_listen == settings.listen) {
    http.wrong("redirect_listen", "another address than http.listen");
  }
  settings.allowed_hosts = http.texts("allowed_hosts", {}, rules::host);
  settings.cors_origins = http.texts("cors_origins", {}, rules::origin);
  settings.trusted_proxies = http.texts("trusted_proxies", {}, rules::network);
  settings.rate_limit = read_rate_limit(http.table("rate_limit"));
  return settings;
}

CloudSettings read_cloud(Section cloud, const LotSettings& lot, const Surroundings& around) {
  CloudSettings settings;
  settings.url = cloud.text("url", "", rules::cloud_url);
  settings.username = cloud.text("username", "", rules::short_text);
  if (settings.username.empty()) settings.username = lot.id.text();
  settings.password = read_secret(cloud, "password_env", "GATEHOUSE_CLOUD_PASSWORD", around);
  settings.relay = cloud.texts("relay", settings.relay, relay_word);
  settings.outbox_max_mb =
      cloud.number<std::uint64_t>("outbox_max_mb", settings.outbox_max_mb, 16, 1'048'576);
  settings.outbox_keep =
      cloud.duration("outbox_keep_days", settings.outbox_keep, days{1}, days{3'650});
  const auto url = split_url(settings.url);
  if (url && url->scheme == "mqtt" && !is_loopback(url->host)) {
    cloud.wrong("url", "mqtts://, as a password goes over the line");
  }
  return settings;
}

BackupSettings read_backup(Section backup, const Surroundings& around) {
  BackupSettings settings;
  settings.directory = around.resolve(backup.text("dir", "", rules::file_name_or_empty));
  settings.at = backup.time_of_day("at", settings.at);
  settings.keep = backup.duration("keep_days", settings.keep, days{1}, days{3'650});
  const auto* command = backup.node("copy_command");
  const auto* words = command == nullptr ? nullptr : std::get_if<TomlList>(&command->value);
  if (command != nullptr && words == nullptr) {
    backup.wrong("copy_command", "a list of a program and its arguments");
  }
  for (std::size_t i = 0; words != nullptr && i < words->size(); ++i) {
    const auto* word = std::get_if<std::string>(&(*words)[i].value);
    if (word != nullptr && !(i == 0 && word->empty())) {
      settings.copy_command.push_back(*word);
    } else {
      backup.wrong(fmt::format("copy_command[{}]", i), (*words)[i],
                   i == 0 ? "a program" : "an argument as text");
    }
  }
  return settings;
}

LogSettings read_log(Section log, const Surroundings& around) {
  LogSettings settings;
  settings.directory = around.resolve(log.text("dir", "", rules::file_name_or_empty));
  settings.keep = log.duration("keep_days", settings.keep, days{1}, days{3'650});
  return settings;
}

}  // namespace gatehouse::gateway
