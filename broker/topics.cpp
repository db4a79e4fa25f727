#include "broker/topics.hpp"

#include "edge/domain/invariant.hpp"
#include "edge/domain/limits.hpp"

#include <array>

namespace gatehouse::broker {
namespace {

enum class Naming : std::uint8_t {
  none,        // the topic has no name in it
  device,      // a slot or a gate, which are user names too
  plain,       // any id
  event_type,  // an id with dots
};

/// One row of the contract's tables: `{head}/{name}/{tail}`, without the parts that are empty.
struct Family {
  std::string_view head;
  Naming naming;
  std::string_view tail;
};

// By TopicKind. The two that come 100,000 times a second stand first: parse() looks from the top.
constexpr std::array<Family, topic_kind_count> families{{
    {"slots", Naming::device, "state"},
    {"devices", Naming::device, "status"},
    {"gates", Naming::device, "scan"},
    {"gates", Naming::device, "frame"},
    {"gates", Naming::device, "button"},
    {"gateway/status", Naming::none, ""},
    {"availability", Naming::none, ""},
    {"zones", Naming::plain, "availability"},
    {"slots", Naming::device, "status"},
    {"gates", Naming::device, "decision"},
    {"gates", Naming::device, "barrier"},
    {"events", Naming::event_type, ""},
    {"alerts", Naming::plain, ""},
}};
static_assert(families[static_cast<std::size_t>(TopicKind::gateway_status)].naming == Naming::none);
static_assert(families.back().head == "alerts");

constexpr const Family& family(TopicKind kind) { return families[static_cast<std::size_t>(kind)]; }

bool is_event_type(std::string_view name) {
  if (name.empty() || name.size() > limits::id_characters_max) return false;
  std::size_t begin = 0;
  while (true) {
    const std::size_t dot = name.find('.', begin);
    if (!check_id(name.substr(begin, dot - begin))) return false;
    if (dot == std::string_view::npos) return true;
    begin = dot + 1;
  }
}

bool is_allowed(Naming naming, std::string_view name) {
  switch (naming) {
    case Naming::none:
      return name.empty();
    case Naming::device:
      return check_device_id(name).has_value();
    case Naming::plain:
      return check_id(name).has_value();
    case Naming::event_type:
      return is_event_type(name);
  }
  return false;
}

/// The name in `rest` if its other levels are those of the family; not yet checked.
std::optional<std::string_view> name_in(const Family& family, std::string_view rest) {
  if (!rest.starts_with(family.head)) return std::nullopt;
  rest.remove_prefix(family.head.size());
  if (family.naming == Naming::none) return rest;
  if (!rest.starts_with('/')) return std::nullopt;
  rest.remove_prefix(1);
  if (family.tail.empty()) return rest;
  if (!rest.ends_with(family.tail)) return std::nullopt;
  rest.remove_suffix(family.tail.size());
  if (!rest.ends_with('/')) return std::nullopt;
  rest.remove_suffix(1);
  return rest;
}

}  // namespace

Topics::Topics(const LotId& lot) : root_("parking/v1/" + lot.text() + "/") {}

std::string Topics::spell(TopicKind kind, std::string_view name) const {
  const Family& parts = family(kind);
  std::string topic = root_;
  topic += parts.head;
  if (parts.naming == Naming::none) return topic;
  topic += '/';
  topic += name;
  if (parts.tail.empty()) return topic;
  topic += '/';
  topic += parts.tail;
  return topic;
}

std::string Topics::slot_state(const SlotId& slot) const {
  return spell(TopicKind::slot_state, slot.text());
}
std::string Topics::device_status(const SlotId& sensor) const {
  return spell(TopicKind::device_status, sensor.text());
}
std::string Topics::device_status(const GateId& reader) const {
  return spell(TopicKind::device_status, reader.text());
}
std::string Topics::gate_scan(const GateId& gate) const {
  return spell(TopicKind::gate_scan, gate.text());
}
std::string Topics::gate_frame(const GateId& gate) const {
  return spell(TopicKind::gate_frame, gate.text());
}
std::string Topics::gate_button(const GateId& gate) const {
  return spell(TopicKind::gate_button, gate.text());
}
std::string Topics::gateway_status() const { return spell(TopicKind::gateway_status, {}); }
std::string Topics::lot_availability() const { return spell(TopicKind::lot_availability, {}); }
std::string Topics::zone_availability(const ZoneId& zone) const {
  return spell(TopicKind::zone_availability, zone.text());
}
std::string Topics::slot_status(const SlotId& slot) const {
  return spell(TopicKind::slot_status, slot.text());
}
std::string Topics::gate_decision(const GateId& gate) const {
  return spell(TopicKind::gate_decision, gate.text());
}
std::string Topics::gate_barrier(const GateId& gate) const {
  return spell(TopicKind::gate_barrier, gate.text());
}
std::string Topics::event(std::string_view type) const {
  require(is_event_type(type), "an event's type may stand in a topic");
  return spell(TopicKind::event, type);
}
std::string Topics::alert(std::string_view kind) const {
  require(check_id(kind).has_value(), "an alert's kind may stand in a topic");
  return spell(TopicKind::alert, kind);
}

std::string Topics::filter(TopicKind kind) const { return spell(kind, "+"); }

std::string Topics::everything() const { return root_ + '#'; }

std::vector<std::string> Topics::device_filters() const {
  // Device statuses before slot states. After offline → online a slot stays unknown until its next
  // state, "a retained one counts": so the retained status must have been heard when the retained
  // state arrives, or that state is taken for an old one and the slot stays unknown. The broker
  // sends the retained messages of one filter before it answers the next.
  return {
      filter(TopicKind::device_status), filter(TopicKind::slot_state),
      filter(TopicKind::gate_scan),     filter(TopicKind::gate_frame),
      filter(TopicKind::gate_button),
  };
}

std::vector<std::string> Topics::retained_filters() const {
  return {
      filter(TopicKind::zone_availability),
      filter(TopicKind::slot_status),
      filter(TopicKind::gate_barrier),
  };
}

std::optional<ParsedTopic> Topics::parse(std::string_view topic) const {
  if (!topic.starts_with(root_)) return std::nullopt;
  const std::string_view rest = topic.substr(root_.size());
  for (std::size_t i = 0; i < families.size(); ++i) {
    const std::optional<std::string_view> name = name_in(families[i], rest);
    // No two families share head and tail: whoever has both decides.
    if (!name) continue;
    if (!is_allowed(families[i].naming, *name)) return std::nullopt;
    return ParsedTopic{static_cast<TopicKind>(i), *name};
  }
  return std::nullopt;
}

}  // namespace gatehouse::broker
