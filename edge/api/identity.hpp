// Who asks: an account that signed in, and what it may. Values; any thread.
#pragma once

#include "edge/store/accounts.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace gatehouse::api {

/// Who may call a route (docs/contract/http.md, "Roles"). ADMIN may all that STAFF may.
enum class Access : std::uint8_t {
  anyone,
  holder,             // of a session's id or code; who also signs in is known by that
  loopback_or_staff,  // the box itself, through no proxy
  account,            // anybody who signed in
  user,               // with an account of their own; ADMIN too
  staff,
  scanner,  // a device at its own gate, or staff
  admin,
};

/// The account behind a request's token, as the store has it now.
struct SignedIn {
  store::UserKey key{};
  std::string name;
  store::Role role = store::Role::user;
  std::string gate = {};  // of a device: the one it stands at
  // Rights that an administrator gave; whoever is one has them all.
  bool may_refund = false;
  bool may_terminate = false;
  std::string family = {};  // of the token that was shown
};

/// Whether an account of that role may call.
constexpr bool is_enough(store::Role role, Access wanted) {
  switch (wanted) {
    case Access::anyone:
    case Access::holder:
    case Access::account:
      return true;
    case Access::user:
      return role == store::Role::user || role == store::Role::admin;
    case Access::loopback_or_staff:
    case Access::staff:
      return role == store::Role::staff || role == store::Role::admin;
    case Access::scanner:
      return role != store::Role::user;
    case Access::admin:
      return role == store::Role::admin;
  }
  return false;
}

/// The word of docs/contract/http.md: `ADMIN`, `STAFF`, `USER`, `DEVICE`.
constexpr std::string_view role_word(store::Role role) {
  switch (role) {
    case store::Role::admin:
      return "ADMIN";
    case store::Role::staff:
      return "STAFF";
    case store::Role::user:
      return "USER";
    case store::Role::device:
      return "DEVICE";
  }
  return "";
}

}  // namespace gatehouse::api
