// The table "Who may do what" of docs/contract/mqtt.md as an access list for Mosquitto.
//
// Functions of values; any thread. How Mosquitto reads it (2.0, mosquitto.conf(5), "acl_file"): of
// an account's own lines `deny` comes first, then what is allowed, then the patterns, which hold
// for every account; what nothing allows is denied. Reading is judged for each message that would
// be delivered, whatever filter was subscribed to.
#pragma once

#include "broker/settings.hpp"
#include "edge/domain/ids.hpp"

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::broker {

/// What the broker's accounts follow from, beside [broker.server].
struct ServerLot {
  LotId lot;
  std::vector<SlotId> slots;
  std::vector<GateId> gates;
  // Filters of topics outside the contract that the gateway reads: those of [[sensor_profiles]],
  // `+` in the place of {slot} or {device}.
  std::vector<std::string> gateway_reads;
  std::string gateway = "gateway";  // its account: broker.username
};

/// Every account of the lot, each once, in the order the files list them: gateway, bridge,
/// dashboards, integrations, gates, slots. The error is a sentence for whoever wrote lot.toml: a
/// name that cannot be a user name, one that comes twice, or a gateway that is called like another
/// account.
std::expected<std::vector<std::string>, std::string> account_names(const ServerSettings& settings,
                                                                   const ServerLot& lot);

/// Whether text is an MQTT topic filter that an access list can hold: wildcards where they may
/// stand, no `$…`, no control characters or outer spaces, at most 256 bytes.
bool is_topic_filter(std::string_view text);

/// Whether some topic matches both.
bool filters_overlap(std::string_view left, std::string_view right);

/// The text of the access list. Refused: a filter that is none, and an integration that could write
/// what only the gateway may say (a barrier's state, a decision, availability …) or only a device
/// of the lot (its slot's state, a scan, its status).
std::expected<std::string, std::string> access_list(const ServerSettings& settings,
                                                    const ServerLot& lot);

}  // namespace gatehouse::broker
