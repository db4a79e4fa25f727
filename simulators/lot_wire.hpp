// How gates and the counter of a simulated lot spell what they say, and how they read what the
// gateway answers (docs/contract/mqtt.md and http.md). Written from the contract alone, as
// sensor_wire.hpp is. What cannot be read is nullopt; nothing throws. Values; any thread.
#pragma once

#include "edge/domain/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::simulators {

// ---- Readers

std::string scan_topic(std::string_view lot, std::string_view gate);
std::string button_topic(std::string_view lot, std::string_view gate);
/// `gate` may be `+`.
std::string decision_topic(std::string_view lot, std::string_view gate);

/// `payment_method` may be empty: left out.
std::string scan_payload(std::string_view scan_id, std::string_view code,
                         std::string_view payment_method, Instant ts);
/// `vehicle_number` may be empty: left out.
std::string press_payload(std::string_view press_id, std::string_view vehicle_number, Instant ts);

enum class Verdict : std::uint8_t { open, pay, wait, deny };

struct GateDecision {
  std::string gate;
  std::string id;  // of the scan or the press
  Verdict verdict = Verdict::deny;
  std::string reason;
  std::string message;
  std::uint64_t update = 0;
  std::string session;
  std::string code;  // of a ticket just issued
  std::string slot;
  std::int64_t amount_due_paise = 0;
};

/// `gate` is the topic's: the payload must not contradict it.
std::optional<GateDecision> read_decision(std::string_view payload, std::string_view gate);
std::string_view name(Verdict verdict);

/// The gate in a decision's topic.
std::optional<std::string> gate_of_decision(std::string_view topic, std::string_view lot);

// ---- The counter

std::string login_body(std::string_view username, std::string_view password);
std::string ticket_body(std::string_view vehicle_number, std::string_view zone);
/// `gate` may be empty: left out.
std::string cash_exit_body(std::string_view session, std::int64_t amount_paise,
                           std::string_view gate);

struct StaffReply {
  bool success = false;
  std::string refusal;  // the machine word of a failure
  std::string access;   // a token
  std::string session;
  std::string code;
  std::string slot;
  std::optional<std::int64_t> amount_due_paise;
};

/// Of any call of the counter's; members may stand in `data` or at the top. nullopt: no answer of
/// the gateway's.
std::optional<StaffReply> read_staff_reply(std::string_view body);

/// Rupees as the API writes them (`100.0`), from whole paise.
std::string rupees(std::int64_t paise);

}  // namespace gatehouse::simulators
