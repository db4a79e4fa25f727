// Coming in: with a ticket, or by the button that makes one (docs/contract/mqtt.md, "Decision";
// http.md, "Life cycles and sums"). The engine's thread.
#pragma once

#include "edge/engine/answers.hpp"
#include "edge/engine/lanes.hpp"
#include "edge/engine/passages.hpp"
#include "edge/engine/turn.hpp"

#include <chrono>
#include <expected>
#include <optional>
#include <string>

namespace gatehouse::engine {

/// Who gets a ticket at the counter or the button, or books one.
struct NewTicket {
  std::optional<VehicleNumber> vehicle;
  std::string owner_name;
  std::string phone_number;
  SlotIndex slot{};
  std::optional<store::UserKey> created_by;
  std::string created_gate;
  AdmissionKind kind = AdmissionKind::walk_in;
  std::optional<std::chrono::hours> prepaid_hours = {};
  Paise booked = {};  // to be paid before entry
};

/// It holds its slot: BOOKED, or PENDING_PAYMENT where something is to be paid first.
store::Session issue_ticket(Turn& turn, const NewTicket& ticket);

/// Why a vehicle gets no new ticket: it is inside, or expected. An unpaid booking of it is
/// cancelled instead.
bool is_vehicle_inside(Turn& turn, const VehicleNumber& vehicle);

/// What keeps a session from entering here and now; nullopt: nothing. May expire or cancel it.
std::optional<Reason> entry_refusal(Turn& turn, store::Session& session,
                                    std::optional<GateIndex> gate);

/// BOOKED → ACTIVE. With a gate an authorisation and an opening as well.
void record_entry(Turn& turn, const Lanes& lanes, store::Session& session,
                  const std::optional<OpeningFor>& at_gate);

/// A scan at a lane that lets in, of a session that is not inside.
void decide_entry(Turn& turn, const Lanes& lanes, store::Session& session, const Asker& asker);

/// A press of the ticket button.
void decide_press(Turn& turn, Lanes& lanes, const std::optional<VehicleNumber>& vehicle,
                  const Asker& asker);

}  // namespace gatehouse::engine
