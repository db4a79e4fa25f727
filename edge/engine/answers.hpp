// Answers to readers: recorded with the scan, published after the commit, the same again for every
// repetition (docs/contract/mqtt.md, "Scans and presses", "Later answers"). The engine's thread.
#pragma once

#include "edge/engine/turn.hpp"

#include <optional>
#include <string_view>

namespace gatehouse::engine {

/// The scan that is answered: `answers` so far.
struct Asker {
  store::ScanKey scan{};
  GateIndex gate{};
  std::string_view scan_id;
  std::uint32_t answers = 0;
};

/// What is said. `session`: whose slot, vehicle and zone are named.
struct Said {
  Answer answer{};
  const store::Session* session = nullptr;
  std::optional<Paise> amount_due = {};
  PaymentMethod method = PaymentMethod::online;
  bool checking = false;     // payment_pending before the provider has answered
  bool with_ticket = false;  // the code and its picture, for the printer
};

void answer(Turn& turn, const Asker& asker, const Said& said);

/// The newest answer to a scan, once more.
void repeat_answer(Turn& turn, GateIndex gate, const store::Scan& scan);

/// The world went on: a later answer to a scan, where one may follow the newest.
void answer_later(Turn& turn, store::ScanKey scan, const Said& said);

/// `deny` with a reason, about nobody.
Said denied(Reason reason);
Said denied(Reason reason, const store::Session& session);

}  // namespace gatehouse::engine
