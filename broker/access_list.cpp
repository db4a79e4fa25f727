#include "broker/access_list.hpp"

#include "broker/topics.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <unordered_set>

#include <fmt/format.h>

namespace gatehouse::broker {
namespace {

constexpr std::size_t filter_bytes_max = 256;

std::string dashboard_account(std::string_view name) { return fmt::format("dashboard-{}", name); }
std::string integration_account(const Integration& integration) {
  return fmt::format("integration-{}", integration.name);
}

/// Cuts the first level off; nullopt when there is none left.
std::optional<std::string_view> cut_level(std::optional<std::string_view>& rest) {
  if (!rest) return std::nullopt;
  const std::size_t slash = rest->find('/');
  const std::string_view level = rest->substr(0, slash);
  if (slash == std::string_view::npos)
    rest.reset();
  else
    rest->remove_prefix(slash + 1);
  return level;
}

std::expected<void, std::string> check_integration(const Topics& topics,
                                                   const Integration& integration) {
  for (const std::string& filter : integration.write) {
    if (!is_topic_filter(filter))
      return std::unexpected(fmt::format("integration \"{}\": \"{}\" is not a topic filter",
                                         integration.name, filter));
    for (std::size_t i = 0; i < topic_kind_count; ++i) {
      const auto kind = static_cast<TopicKind>(i);
      if (filters_overlap(filter, topics.filter(kind)))
        return std::unexpected(
            fmt::format("integration \"{}\": \"{}\" would let it write {}, which only {} may",
                        integration.name, filter, topics.filter(kind),
                        is_from_gateway(kind) ? "the gateway" : "the lot's own devices"));
    }
  }
  return {};
}

/// A name that another account has would give that account, or take from the gateway, what is the
/// gateway's.
std::expected<void, std::string> check_gateway(const ServerLot& lot) {
  const auto refuse = [&](std::string_view why) {
    return std::unexpected(fmt::format("broker.username \"{}\": the name {}", lot.gateway, why));
  };
  const auto checked = check_device_id(lot.gateway);
  if (!checked && lot.gateway != "gateway") return refuse(describe(checked.error()));
  if (std::ranges::find(lot.gates, lot.gateway, &GateId::text) != lot.gates.end())
    return refuse("is the account of a gate's reader");
  if (std::ranges::find(lot.slots, lot.gateway, &SlotId::text) != lot.slots.end())
    return refuse("is the account of a slot's sensor");
  return {};
}

class Writer {
 public:
  Writer(const Topics& topics, std::string& text) : topics_(topics), out_(text) {}

  void header(std::string_view lot) {
    fmt::format_to(out_,
                   "# Who may do what on the broker of lot \"{}\". Written by `gatehouse broker`;\n"
                   "# what is changed here by hand is lost with its next call.\n"
                   "# What no line allows is denied.\n\n"
                   "# A slot's sensor, whose user name is its slot's id, writes its own state. A\n"
                   "# device, sensor or reader, writes its own status. These two lines spare one\n"
                   "# block a slot, which the broker would take a minute to read in a large lot;\n"
                   "# they hold for every account, so that those of no sensor are denied below.\n",
                   lot);
    fmt::format_to(out_, "pattern write {}\n", topics_.spell(TopicKind::slot_state, "%u"));
    fmt::format_to(out_, "pattern write {}\n", topics_.spell(TopicKind::device_status, "%u"));
  }
  void user(std::string_view name) { fmt::format_to(out_, "\nuser {}\n", name); }
  void may(std::string_view access, std::string_view topic) {
    fmt::format_to(out_, "topic {} {}\n", access, topic);
  }
  void is_no_sensor(std::string_view name) {
    may("deny", topics_.spell(TopicKind::slot_state, name));
  }
  void is_no_device(std::string_view name) {
    is_no_sensor(name);
    may("deny", topics_.spell(TopicKind::device_status, name));
  }
  /// What the cloud mirrors and what a dashboard shows: nothing of it is about a person.
  void reads_the_board() {
    for (const TopicKind kind : {TopicKind::lot_availability, TopicKind::zone_availability,
                                 TopicKind::slot_status, TopicKind::gateway_status})
      may("read", topics_.filter(kind));
  }

 private:
  const Topics& topics_;
  std::back_insert_iterator<std::string> out_;
};

}  // namespace

std::expected<std::vector<std::string>, std::string> account_names(const ServerSettings& settings,
                                                                   const ServerLot& lot) {
  if (auto checked = check_gateway(lot); !checked) return std::unexpected(checked.error());
  std::vector<std::string> names{lot.gateway, "bridge"};
  for (const std::string& name : settings.dashboards) names.push_back(dashboard_account(name));
  for (const Integration& integration : settings.integrations)
    names.push_back(integration_account(integration));
  for (const std::string& name : names) {
    if (const auto checked = check_id(name); !checked)
      return std::unexpected(
          fmt::format("account \"{}\": the name {}", name, describe(checked.error())));
  }
  for (const GateId& gate : lot.gates) names.push_back(gate.text());
  for (const SlotId& slot : lot.slots) names.push_back(slot.text());
  std::unordered_set<std::string_view> seen;
  for (const std::string& name : names) {
    if (!seen.insert(name).second)
      return std::unexpected(fmt::format("account \"{}\": the name comes twice", name));
  }
  return names;
}

bool is_topic_filter(std::string_view text) {
  if (text.empty() || text.size() > filter_bytes_max) return false;
  if (text.starts_with('$') || text.starts_with(' ') || text.ends_with(' ')) return false;
  const auto is_control = [](char c) { return (c >= '\0' && c < ' ') || c == '\x7f'; };
  if (std::ranges::any_of(text, is_control)) return false;
  std::optional<std::string_view> rest = text;
  while (const auto level = cut_level(rest)) {
    if (level->contains('+') && *level != "+") return false;
    if (level->contains('#') && (*level != "#" || rest)) return false;
  }
  return true;
}

bool filters_overlap(std::string_view left, std::string_view right) {
  std::optional<std::string_view> left_rest = left;
  std::optional<std::string_view> right_rest = right;
  while (true) {
    const auto left_level = cut_level(left_rest);
    const auto right_level = cut_level(right_rest);
    // `a/#` matches `a` too.
    if (left_level == "#" || right_level == "#") return true;
    if (!left_level || !right_level) return !left_level && !right_level;
    if (left_level != "+" && right_level != "+" && left_level != right_level) return false;
  }
}

std::expected<std::string, std::string> access_list(const ServerSettings& settings,
                                                    const ServerLot& lot) {
  const Topics topics(lot.lot);
  std::string text;
  Writer writer(topics, text);
  writer.header(lot.lot.text());

  writer.user(lot.gateway);
  writer.may("readwrite", topics.everything());
  for (const std::string& filter : lot.gateway_reads) {
    if (!is_topic_filter(filter))
      return std::unexpected(fmt::format("sensor profile: \"{}\" is not a topic filter", filter));
    writer.may("read", filter);
  }
  writer.user("bridge");
  writer.is_no_device("bridge");
  writer.reads_the_board();
  for (const std::string& name : settings.dashboards) {
    writer.user(dashboard_account(name));
    writer.is_no_device(dashboard_account(name));
    writer.reads_the_board();
  }
  for (const Integration& integration : settings.integrations) {
    if (auto checked = check_integration(topics, integration); !checked)
      return std::unexpected(checked.error());
    writer.user(integration_account(integration));
    writer.is_no_device(integration_account(integration));
    for (const std::string& filter : integration.write) writer.may("write", filter);
  }
  for (const GateId& gate : lot.gates) {
    writer.user(gate.text());
    writer.is_no_sensor(gate.text());
    for (const std::string& topic :
         {topics.gate_scan(gate), topics.gate_frame(gate), topics.gate_button(gate)})
      writer.may("write", topic);
    for (const std::string& topic : {topics.gate_decision(gate), topics.gate_barrier(gate)})
      writer.may("read", topic);
  }
  return text;
}

}  // namespace gatehouse::broker
