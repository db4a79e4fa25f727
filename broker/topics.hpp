// The topics of docs/contract/mqtt.md as code: the one place that spells and reads them.
//
//   const Topics topics(lot);
//   publish(topics.slot_status(slot), …);
//   if (auto parsed = topics.parse(incoming)) use(parsed->kind, parsed->name);
//
// Values; any thread. parse() allocates nothing: it stands in the path of every message.
#pragma once

#include "edge/domain/ids.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::broker {

enum class TopicKind : std::uint8_t {
  // Devices → gateway.
  slot_state,
  device_status,
  gate_scan,
  gate_frame,
  gate_button,
  // Gateway → devices and dashboards.
  gateway_status,
  lot_availability,
  zone_availability,
  slot_status,
  gate_decision,
  gate_barrier,
  event,
  alert,
};
inline constexpr std::size_t topic_kind_count = 13;

/// Whether the gateway is the only one who may publish it.
constexpr bool is_from_gateway(TopicKind kind) { return kind >= TopicKind::gateway_status; }

struct ParsedTopic {
  TopicKind kind;
  // The slot, device, gate, zone, event type or alert kind: a part of the text that was parsed.
  // Empty for gateway_status and lot_availability. Its characters were checked; whether there is
  // such a slot was not.
  std::string_view name;
  bool operator==(const ParsedTopic&) const = default;
};

class Topics {
 public:
  explicit Topics(const LotId& lot);

  // Devices → gateway. A device's name is its slot's or its gate's.
  [[nodiscard]] std::string slot_state(const SlotId& slot) const;
  [[nodiscard]] std::string device_status(const SlotId& sensor) const;
  [[nodiscard]] std::string device_status(const GateId& reader) const;
  [[nodiscard]] std::string gate_scan(const GateId& gate) const;
  [[nodiscard]] std::string gate_frame(const GateId& gate) const;
  [[nodiscard]] std::string gate_button(const GateId& gate) const;

  // Gateway → devices and dashboards.
  [[nodiscard]] std::string gateway_status() const;
  [[nodiscard]] std::string lot_availability() const;
  [[nodiscard]] std::string zone_availability(const ZoneId& zone) const;
  [[nodiscard]] std::string slot_status(const SlotId& slot) const;
  [[nodiscard]] std::string gate_decision(const GateId& gate) const;
  [[nodiscard]] std::string gate_barrier(const GateId& gate) const;
  /// `type`: the whole CloudEvents type, dots included.
  [[nodiscard]] std::string event(std::string_view type) const;
  [[nodiscard]] std::string alert(std::string_view kind) const;

  /// Any topic of the contract, put together from a name that the caller has checked;
  /// parse(spell(kind, name)) gives both back.
  [[nodiscard]] std::string spell(TopicKind kind, std::string_view name) const;
  /// The filter that matches every topic of one kind: `+` in the place of the name.
  [[nodiscard]] std::string filter(TopicKind kind) const;
  /// `parking/v1/{lot}/#`.
  [[nodiscard]] std::string everything() const;

  /// What devices say, as the gateway subscribes to it, in this order.
  [[nodiscard]] std::vector<std::string> device_filters() const;
  /// The retained topics the gateway owns for things that may have gone from the plan since: read
  /// once after connecting, to clear those whose slot, zone or gate no longer exists.
  [[nodiscard]] std::vector<std::string> retained_filters() const;

  /// nullopt for every topic that is not exactly one of the contract's, of this lot, with a name
  /// of allowed characters (and none that the broker keeps for another account).
  [[nodiscard]] std::optional<ParsedTopic> parse(std::string_view topic) const;

 private:
  std::string root_;  // parking/v1/{lot}/
};

}  // namespace gatehouse::broker
