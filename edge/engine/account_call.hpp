// What is asked about accounts: signing in and out, making, changing and deleting them, a user's
// own vehicles and bookings, erasing a person's data (docs/contract/http.md, "Accounts", "User",
// "Admin"). Values: passwords come hashed, names and numbers checked.
#pragma once

#include "edge/domain/lifecycle.hpp"
#include "edge/domain/plate.hpp"
#include "edge/domain/time.hpp"
#include "edge/engine/which_session.hpp"
#include "edge/store/accounts.hpp"
#include "edge/store/erasures.hpp"
#include "edge/store/user_vehicles.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace gatehouse::engine {

/// The refresh token that may be used next, and the family it belongs to.
struct TokenIssued {
  std::string family;
  std::string refresh_id;
  Instant expires_at{};
};

/// `/api/auth/login/`: the password was right for this version of the account.
struct SignIn {
  store::UserKey user{};
  std::uint32_t version = 0;
  TokenIssued issued;
};
/// `/api/auth/refresh/`: the token with this id came; `issued` is to take its place.
struct Refresh {
  store::UserKey user{};
  std::uint32_t version = 0;
  std::string presented_id;
  TokenIssued issued;
};
/// `/api/auth/logout/`
struct SignOut {
  std::string family;
};
/// `/api/auth/password/`: the old one was right for this version. Ends all tokens and begins anew.
struct ChangePassword {
  store::UserKey user{};
  std::uint32_t version = 0;
  std::string password_hash;
  TokenIssued issued;
};

/// `/api/auth/register/`, POST `/api/admin/users/`, `gatehouse user add`.
struct AddAccount {
  store::User user;  // without its key and the time
};
/// What is to be different; what is not set stays.
struct AccountEdit {
  std::optional<store::Role> role = {};
  std::optional<std::string> gate = {};  // of a device
  std::optional<bool> disabled = {};
  std::optional<bool> may_refund = {};
  std::optional<bool> may_terminate = {};
  std::optional<std::string> email = {};
  std::optional<std::string> phone_number = {};
  std::optional<std::string> password_hash = {};
};
struct EditAccount {
  store::UserKey user{};
  AccountEdit edit;
};
/// DELETE `/api/admin/users/{id}/`: with history it is disabled.
struct RemoveAccount {
  store::UserKey user{};
};

/// POST, DELETE `/api/user/vehicles/`, of whoever asks.
struct KeepVehicle {
  VehicleNumber vehicle;
  std::string name;
};
struct DropVehicle {
  VehicleNumber vehicle;
};
/// PATCH `/api/user/sessions/{id}/`
struct EditBooking {
  ById which;
  std::optional<VehicleNumber> vehicle;
  std::optional<std::string> phone_number;
};

/// POST `/api/admin/erasures/`: a user's account and what they made, or what is known of a vehicle,
/// or one session.
struct Erase {
  std::variant<store::UserKey, VehicleNumber, ById> whose;
  std::string reason;
};

// What is told.

struct TokensIssued {};
/// The token that came opens nothing: its account or its family has ended, perhaps just now.
struct TokensRefused {};
struct SignedOut {};
struct AccountShown {
  store::User user;
};
struct AccountRemoved {
  store::User user;
  bool was_deleted = false;  // else disabled
};
struct VehicleKept {
  store::UserVehicle kept;
  bool is_new = false;
};
struct VehicleDropped {};
struct BookingEdited {
  std::string session_id;
  std::string vehicle_number;
  std::string phone_number;
  SessionState state = SessionState::booked;
};
struct DataErased {
  store::Erasure erasure;
};

}  // namespace gatehouse::engine
