// What gates, sessions, money and alerts look like in JSON: on MQTT, in the outbox, in events.
//
// The members are those of docs/contract/mqtt.md, "Decision", "Events", and of its tables. No
// personal data but the vehicle's number to the gate it stands at. Pure functions; any thread.
#pragma once

#include "edge/domain/decision.hpp"
#include "edge/domain/plan.hpp"
#include "edge/engine/barriers.hpp"
#include "edge/store/alerts.hpp"
#include "edge/store/payments.hpp"
#include "edge/store/scans.hpp"
#include "edge/store/sessions.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::engine {

/// Everything that a decision may say. What is empty is left out.
struct DecisionFacts {
  std::string_view scan_id;
  std::string_view gate;
  Answer answer{};
  std::string_view message;
  std::uint32_t update = 0;
  const store::Session* session = nullptr;
  std::optional<Paise> amount_due;
  std::string_view code;    // of `ticket_issued`
  std::string_view qr_svg;  // of the code
  Instant at{};
};
std::string decision_json(const LotPlan& plan, const DecisionFacts& facts);

/// What was read at a gate, and when, before anybody decided.
std::string scan_json(const store::Scan& scan);

std::string barrier_json(std::string_view barrier, const BarrierShown& shown, Instant at);
std::string_view name(BarrierState state);

std::string alert_json(const store::Alert& alert);
std::string session_json(const LotPlan& plan, const store::Session& session);
/// `session_id`: "" where nobody could place the money yet; it is left out then.
std::string payment_json(std::string_view session_id, const store::Payment& payment);
std::string refund_json(std::string_view session_id, const store::Payment& payment,
                        const store::Refund& refund);

/// A CloudEvents 1.0 object, structured mode. `data`: a JSON object.
struct EventFacts {
  std::string_view lot;
  std::uint64_t epoch = 0;
  std::uint64_t sequence = 0;
  std::string_view type;  // whole
  std::string_view subject;
  Instant time{};
  std::string_view data;
};
std::string event_json(const EventFacts& facts);

}  // namespace gatehouse::engine
