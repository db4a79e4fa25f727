// What is asked about shifts at the drawer, and what is told (docs/contract/http.md, "Staff").
// Values.
#pragma once

#include "edge/domain/money.hpp"
#include "edge/store/shifts.hpp"

#include <optional>
#include <string>

namespace gatehouse::engine {

/// `/api/staff/shift/open/`
struct OpenShift {
  Paise cash_float;
};
/// `/api/staff/shift/close/`: what was counted in the drawer.
struct CloseShift {
  Paise counted;
};
/// `/api/staff/shift/`: the asker's open shift, or an earlier one by its number.
struct AskShift {
  std::optional<store::ShiftKey> shift;
  bool may_be_anybodys = false;  // who asks is an administrator
};

/// A shift as it stands, or its Z report once it is closed.
struct ShiftShown {
  store::Shift shift;
  std::string user;
  store::Takings takings;
  store::ShiftActs acts;
  Paise expected;  // in the drawer, before it was counted
};

}  // namespace gatehouse::engine
