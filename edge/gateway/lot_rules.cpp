#include "edge/gateway/lot_rules.hpp"

#include "edge/api/fields.hpp"
#include "edge/gateway/changeable.hpp"
#include "edge/gateway/config/readers.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace gatehouse::gateway {
namespace {

using api::Fields;
using api::Member;
using api::Wrongs;
using store::Setting;
using store::SettingKind;

/// Rupees come as text or, as elsewhere in the API, as a number; lot.toml knows text.
bool is_amount(std::string_view name) { return name.ends_with("hourly_rate"); }

TomlNode node_of(const Member& member);

TomlTable table_of(const api::Members& members) {
  TomlTable table;
  for (const Member& member : members) {
    if (member.kind != Member::Kind::null)
      table.members.push_back({member.name, 1, node_of(member)});
  }
  return table;
}

TomlNode number_of(const Member& member) {
  if (is_amount(member.name)) return {.line = 1, .value = member.text};
  std::int64_t number = 0;
  const char* const end = member.text.data() + member.text.size();
  const auto [stopped, error] = std::from_chars(member.text.data(), end, number);
  if (error == std::errc() && stopped == end) return {.line = 1, .value = number};
  return {.line = 1, .value = 0.5};  // no key takes a fraction: its reader says so
}

TomlNode node_of(const Member& member) {
  switch (member.kind) {
    case Member::Kind::text:
      return {.line = 1, .value = member.text};
    case Member::Kind::number:
      return number_of(member);
    case Member::Kind::boolean:
      return {.line = 1, .value = member.text == "true"};
    case Member::Kind::structure:
      if (!member.is_list) return {.line = 1, .value = table_of(member.within)};
      {
        TomlList list;
        for (const Member& each : member.within) list.push_back(node_of(each));
        return {.line = 1, .value = std::move(list)};
      }
    case Member::Kind::null:
      break;
  }
  return {.line = 1, .value = TomlTime{}};  // no key takes one
}

/// A member twice is no mistake of TOML's that anybody would see here.
Wrongs repeated(const api::Members& members) {
  Wrongs wrongs;
  for (auto member = members.begin(); member != members.end(); ++member) {
    if (std::find_if(members.begin(), member,
                     [&](const Member& before) { return before.name == member->name; }) != member)
      wrongs.emplace_back(member->name, "is given twice");
  }
  return wrongs;
}

/// `zones[0].rates[1].from` → `rates[1].from`; the id has another name here.
std::string member_of(std::string_view key) {
  constexpr std::string_view zone = "zones[0].";
  if (key.starts_with(zone)) key.remove_prefix(zone.size());
  return key == "id" ? "zone_id" : std::string(key);
}

std::string kept_text(const Member& member) {
  // Written as lot.toml has amounts: 50 → 50.00
  const auto amount = Paise::parse(member.text);
  return amount ? amount->rupees() : member.text;
}

std::optional<Setting> setting_of(const Changeable& known, const Member& member) {
  if (member.kind == Member::Kind::structure) return std::nullopt;
  Setting setting{std::string(known.key), SettingKind::text, member.text};
  if (member.kind == Member::Kind::number) {
    setting.kind = known.kind;
    if (known.kind == SettingKind::text) setting.value = kept_text(member);
  }
  if (member.kind == Member::Kind::boolean) setting.kind = SettingKind::flag;
  return setting;
}

void add_value(Fields& fields, const Changeable& known, const Config& config) {
  const std::string value = known.value(config);
  if (known.kind == SettingKind::text) {
    fields.text(known.key, value);
  } else {
    fields.nested(known.key, value);  // a number as it is written
  }
}

Fields provider_fields(const Config& config) {
  const PaymentSettings& payments = config.payments;
  const bool is_phonepe = payments.provider == PaymentProvider::phonepe;
  Fields fields;
  fields.text("mode", payments.mode == PaymentMode::live ? "live" : "sandbox")
      .text("provider", is_phonepe ? "phonepe" : "razorpay")
      .text("razorpay_base_url", payments.razorpay.base_url)
      .flag("razorpay_key_is_set", !payments.razorpay.key_secret.value.empty())
      .text("phonepe_base_url", payments.phonepe.base_url)
      .flag("phonepe_key_is_set", !payments.phonepe.salt_key.value.empty() ||
                                      !payments.phonepe.client_secret.value.empty())
      .text_or_null("callback_url", payments.callback_url);
  return fields;
}

}  // namespace

std::expected<store::ZoneSeed, Wrongs> FileRules::read_zone(const api::Members& members,
                                                            const std::string& id) const {
  Wrongs wrongs = repeated(members);
  TomlTable zone = table_of(members);
  const bool names_slots = zone.find("slots") != nullptr;
  if (zone.find("id") != nullptr) wrongs.emplace_back("id", "is not known here");
  std::erase_if(zone.members, [](const TomlMember& member) { return member.key == "id"; });
  zone.members.push_back({"id", 1, {.line = 1, .value = id}});
  TomlTable root;
  TomlList zones;
  zones.push_back({.line = 1, .value = std::move(zone)});
  root.members.push_back({"zones", 1, {.line = 1, .value = std::move(zones)}});
  Reading reading;
  auto seeds = read_zones(Section(reading, root, "", 1).tables("zones"));
  for (ConfigProblem& problem : reading.finish(root))
    wrongs.emplace_back(member_of(problem.key), "is wrong: " + problem.what);
  if (!wrongs.empty()) return std::unexpected(std::move(wrongs));
  if (!names_slots) seeds.front().slots.clear();
  return std::move(seeds.front());
}

std::expected<api::SettingChanges, Wrongs> FileRules::read_settings(
    const api::Members& members) const {
  Wrongs wrongs = repeated(members);
  api::SettingChanges changes;
  for (const Member& member : members) {
    const Changeable* const known = find_changeable(member.name);
    if (known == nullptr) {
      wrongs.emplace_back(member.name, "is no setting that can be changed here");
    } else if (member.kind == Member::Kind::null) {
      changes.reset.push_back(member.name);
    } else if (auto setting = setting_of(*known, member)) {
      changes.set.push_back(std::move(*setting));
    } else {
      wrongs.emplace_back(member.name, "is to be a number or text");
    }
  }
  const auto config = parse_config(file_.text, file_.file, environment_, changes.set);
  if (!config) {
    for (const ConfigProblem& problem : config.error())
      wrongs.emplace_back(problem.key, "is wrong: " + problem.what);
  }
  if (!wrongs.empty()) return std::unexpected(std::move(wrongs));
  return changes;
}

std::string FileRules::settings_json(const std::vector<Setting>& stored) const {
  const Config config = with_settings(file_, stored, environment_).config;
  Fields values;
  for (const Changeable& known : changeable_settings()) add_value(values, known, config);
  std::vector<std::string> changed;
  for (const Setting& setting : stored) changed.push_back(api::json_text(setting.key));
  Fields broker;
  broker.text("url", config.broker.url).text("username", config.broker.username);
  Fields cloud;
  cloud.text_or_null("url", config.cloud.url).text("username", config.cloud.username);
  Fields backup;
  std::vector<std::string> copy_command;
  for (const std::string& word : config.backup.copy_command)
    copy_command.push_back(api::json_text(word));
  backup.text_or_null("dir", config.backup.directory.string())
      .nested("copy_command", api::json_array(copy_command));
  Fields data;
  data.nested("settings", values.json())
      .nested("changed", api::json_array(changed))
      .nested("payments", provider_fields(config).json())
      .nested("broker", broker.json())
      .nested("cloud", cloud.json())
      .nested("backup", backup.json());
  return data.json();
}

}  // namespace gatehouse::gateway
