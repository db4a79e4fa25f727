// Who asks at the counter, and which session they mean (docs/contract/http.md, "Staff"). Values.
#pragma once

#include "edge/domain/ids.hpp"
#include "edge/domain/plate.hpp"
#include "edge/store/keys.hpp"

#include <string>
#include <variant>

namespace gatehouse::engine {

/// The one who asks: a member of staff, signed in; of what holders may do, perhaps nobody.
struct Actor {
  store::UserKey user{};
  std::string name;
  bool is_admin = false;
};

/// Which session is meant, by one of these. A code is as it was typed.
struct ByCode {
  std::string code;
};
struct ById {
  std::string id;  // the UUID, or the short number
};
struct ByVehicle {
  VehicleNumber vehicle;
};
struct BySlot {
  SlotIndex slot;
};
using WhichSession = std::variant<ByCode, ById, ByVehicle, BySlot>;

}  // namespace gatehouse::engine
