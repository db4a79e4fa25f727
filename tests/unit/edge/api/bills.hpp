// A session as the engine tells it, and its bill: what the answers of the counter are checked with.
#pragma once

#include "tests/unit/edge/api/counter.hpp"

#include <chrono>
#include <string>

namespace gatehouse::api {

inline const std::string uuid = "0b9f3a52-6a0e-4f0e-9d55-0123456789ab";
inline const std::string code = "PARK-0123456789ABCDEFGHJKMNPQRS-TVWXYZ01";

/// Three hours at 50.00 and 80.00, of which 50.00 was prepaid.
inline engine::BillShown three_hours() {
  using namespace std::chrono_literals;
  return {
      .session_id = uuid,
      .vehicle_number = "DL01AB1234",
      .slot = "A-001",
      .entry_time = ten_o_clock,
      .exit_time = {},
      .quoted_at = ten_o_clock + 3h,
      .stayed = 180min,
      .charge = {.hours = 3h,
                 .lines = {{Paise(5000), 2h, Paise(10'000)}, {Paise(8050), 1h, Paise(8050)}},
                 .capped = {},
                 .total = Paise(18'050)},
      .surcharge = {},
      .sums = {.charge = Paise(18'050), .credits = Paise(5000), .due = Paise(13'050), .refund = {}},
      .method = {},
      .payment_status = SessionPaymentStatus::partial,
      .change = {},
      .suspicion = {}};
}

}  // namespace gatehouse::api
