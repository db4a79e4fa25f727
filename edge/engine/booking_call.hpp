// Bookings made through the API, and what their makers are told (docs/contract/http.md, "User",
// "Booking by guests"). Values.
#pragma once

#include "edge/domain/ids.hpp"
#include "edge/domain/lifecycle.hpp"
#include "edge/domain/money.hpp"
#include "edge/domain/plate.hpp"
#include "edge/domain/time.hpp"
#include "edge/store/keys.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace gatehouse::engine {

/// `/api/user/book-slot/`, `/parking/api/booking/create/`
struct BookSlot {
  VehicleNumber vehicle;
  std::string owner_name;
  std::string phone_number;
  ZoneIndex zone{};
  std::optional<std::chrono::hours> hours;  // prepaid; none: the lot's fee
  std::string provider;                  // whom the payment is asked of; "": the lot's own choice
  std::optional<store::UserKey> booker;  // whose it is; none: a guest's
  std::string source;                    // the network a guest asks from
};

/// A payment that somebody is to make online.
struct PaymentAsked {
  std::string payment_id;
  std::string provider;
  PaymentState state = PaymentState::creating;
  std::string order_id;  // the provider's; "": it has not answered yet
  Paise amount;
  std::optional<Instant> expires_at;
};

struct BookingMade {
  std::string session_id;
  std::string code;
  std::string qr_svg;  // of the code
  std::string slot;
  std::string zone_name;
  std::string vehicle_number;
  SessionState state = SessionState::pending_payment;
  Paise amount;
  std::optional<Instant> expires_at;
  std::optional<PaymentAsked> payment;  // none: nothing is to be paid
};

}  // namespace gatehouse::engine
