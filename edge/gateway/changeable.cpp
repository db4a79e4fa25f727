#include "edge/gateway/changeable.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace gatehouse::gateway {
namespace {

using store::Setting;
using store::SettingKind;

std::string amount(const std::optional<Paise>& amount) { return amount ? amount->rupees() : ""; }

std::string time_of_day(std::chrono::minutes minute) {
  return fmt::format("{:02}:{:02}", minute.count() / 60, minute.count() % 60);
}

// `minute_seconds` is left out: stays that go on are counted by it.
constexpr auto billing_settings = std::to_array<Changeable>({
    {"billing.grace_minutes", SettingKind::number,
     [](const Config& c) { return std::to_string(c.billing.grace.count()); }},
    {"billing.booking_fee", SettingKind::text,
     [](const Config& c) { return c.billing.booking_fee.rupees(); }},
    {"billing.payment_window_minutes", SettingKind::number,
     [](const Config& c) { return std::to_string(c.billing.payment_window.count()); }},
    {"billing.deposit_hold_minutes", SettingKind::number,
     [](const Config& c) { return std::to_string(c.billing.deposit_hold.count()); }},
    {"billing.walk_in_hold_minutes", SettingKind::number,
     [](const Config& c) { return std::to_string(c.billing.walk_in_hold.count()); }},
    {"billing.prepaid_min_hours", SettingKind::number,
     [](const Config& c) { return std::to_string(c.billing.prepaid_min.count()); }},
    {"billing.cancel_refund_minutes", SettingKind::number,
     [](const Config& c) { return std::to_string(c.billing.cancel_refund.count()); }},
    {"billing.exit_window_minutes", SettingKind::number,
     [](const Config& c) { return std::to_string(c.billing.exit_window.count()); }},
    {"billing.unpaid_holds_percent", SettingKind::number,
     [](const Config& c) { return std::to_string(c.billing.unpaid_holds_percent); }},
    {"billing.daily_cap", SettingKind::text,
     [](const Config& c) { return amount(c.billing.daily_cap); }},
    {"billing.lost_ticket_fee", SettingKind::text,
     [](const Config& c) { return amount(c.billing.lost_ticket_fee); }},
    {"billing.stay_max_days", SettingKind::number,
     [](const Config& c) { return std::to_string(c.billing.stay_max.count()); }},
    {"billing.long_stay_hours", SettingKind::number,
     [](const Config& c) { return std::to_string(c.billing.long_stay.count()); }},
    {"billing.daily_target", SettingKind::text,
     [](const Config& c) { return amount(c.billing.daily_target); }},
    {"billing.tax.percent", SettingKind::number,
     [](const Config& c) { return std::to_string(c.billing.tax.percent); }},
    {"billing.tax.sac", SettingKind::text, [](const Config& c) { return c.billing.tax.sac; }},
    {"billing.tax.gstin", SettingKind::text, [](const Config& c) { return c.billing.tax.gstin; }},
    {"billing.tax.invoice_series", SettingKind::text,
     [](const Config& c) { return c.billing.tax.invoice_series; }},
});

constexpr auto other_settings = std::to_array<Changeable>({
    {"gates.scan_ttl_s", SettingKind::number,
     [](const Config& c) { return std::to_string(c.gates.scan_ttl.count()); }},
    {"gates.debounce_ms", SettingKind::number,
     [](const Config& c) { return std::to_string(c.gates.debounce.count()); }},
    {"gates.reopen_window_s", SettingKind::number,
     [](const Config& c) { return std::to_string(c.gates.reopen_window.count()); }},
    {"gates.pay_wait_s", SettingKind::number,
     [](const Config& c) { return std::to_string(c.gates.pay_wait.count()); }},
    {"gates.bad_codes_per_minute", SettingKind::number,
     [](const Config& c) { return std::to_string(c.gates.bad_codes_per_minute); }},
    {"http.rate_limit.anonymous_per_hour", SettingKind::number,
     [](const Config& c) { return std::to_string(c.http.rate_limit.anonymous_per_hour); }},
    {"http.rate_limit.user_per_hour", SettingKind::number,
     [](const Config& c) { return std::to_string(c.http.rate_limit.user_per_hour); }},
    {"http.rate_limit.staff_per_hour", SettingKind::number,
     [](const Config& c) { return std::to_string(c.http.rate_limit.staff_per_hour); }},
    {"http.rate_limit.login_failures", SettingKind::number,
     [](const Config& c) { return std::to_string(c.http.rate_limit.login_failures); }},
    {"http.rate_limit.login_window_s", SettingKind::number,
     [](const Config& c) { return std::to_string(c.http.rate_limit.login_window_s); }},
    {"backup.at", SettingKind::text, [](const Config& c) { return time_of_day(c.backup.at); }},
    {"backup.keep_days", SettingKind::number,
     [](const Config& c) { return std::to_string(c.backup.keep.count()); }},
});

/// Why a value cannot be; "": it can.
std::string wrong_about(const Config& file, const Setting& setting,
                        const Environment& environment) {
  if (find_changeable(setting.key) == nullptr) return "it cannot be changed any more";
  const auto config =
      parse_config(file.text, file.file, environment, std::span(&setting, std::size_t{1}));
  return config ? std::string() : config.error().front().what;
}

}  // namespace

std::span<const Changeable> changeable_settings() {
  static const std::vector<Changeable> all = [] {
    std::vector<Changeable> joined(billing_settings.begin(), billing_settings.end());
    joined.insert(joined.end(), other_settings.begin(), other_settings.end());
    return joined;
  }();
  return all;
}

const Changeable* find_changeable(std::string_view key) {
  const auto all = changeable_settings();
  const auto found = std::ranges::find(all, key, &Changeable::key);
  return found == all.end() ? nullptr : &*found;
}

Effective with_settings(const Config& file, const std::vector<Setting>& stored,
                        const Environment& environment) {
  Effective effective{.config = file, .left_out = {}};
  if (stored.empty()) return effective;
  std::vector<Setting> kept;
  for (const Setting& setting : stored) {
    const std::string wrong = wrong_about(file, setting, environment);
    if (wrong.empty()) {
      kept.push_back(setting);
    } else {
      effective.left_out.push_back(fmt::format("{}: the store says {}, which does not hold: {}",
                                               setting.key, setting.value, wrong));
    }
  }
  auto config = parse_config(file.text, file.file, environment, kept);
  if (config) {
    // Not as the text says, which is of the process's start: the port that was found then is found
    // again, and sensor profiles are as the last reload read them (commands/run.cpp).
    config->http.listen = file.http.listen;
    config->sensor_profiles = file.sensor_profiles;
    effective.config = std::move(*config);
  } else {
    effective.left_out.push_back("what the store says of the settings does not hold together: " +
                                 config.error().front().what);
  }
  return effective;
}

std::vector<std::string> setting_differences(const Config& file,
                                             const std::vector<Setting>& stored) {
  std::vector<std::string> found;
  for (const Setting& setting : stored) {
    const Changeable* const known = find_changeable(setting.key);
    if (known == nullptr) {
      found.push_back(
          fmt::format("{}: the store says {}, and nothing reads it", setting.key, setting.value));
    } else if (const std::string said = known->value(file); said != setting.value) {
      found.push_back(fmt::format("{}: the store says {}, the file {}", setting.key, setting.value,
                                  said.empty() ? "nothing" : said));
    }
  }
  return found;
}

}  // namespace gatehouse::gateway
