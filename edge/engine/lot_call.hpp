// How administrators change the lot itself: zones, slots, settings, and what they are told
// (docs/contract/http.md, "Admin"). Values, each checked by the rules of lot.toml before it comes
// here.
#pragma once

#include "edge/domain/plan.hpp"
#include "edge/store/outages.hpp"
#include "edge/store/plan_rows.hpp"
#include "edge/store/stored_settings.hpp"

#include <optional>
#include <string>
#include <vector>

namespace gatehouse::engine {

/// POST `/api/admin/zones/`
struct AddZone {
  ZonePlan zone;
  std::vector<SlotId> slots;
};
/// PATCH `/api/admin/zones/{id}/`: what is not set stays as it is.
struct ChangeZone {
  std::string id;
  std::optional<std::string> name;
  std::optional<Paise> hourly_rate;
  std::optional<std::vector<RateBand>> bands;
  std::optional<bool> active;
  std::optional<bool> walk_in;
  std::optional<std::string> operating_hours;
  std::optional<std::string> contact;
  std::optional<std::string> location;
  std::optional<std::vector<std::string>> features;
};
/// DELETE. One that something refers to, or that a gate leads to, is closed instead.
struct RemoveZone {
  std::string id;
};

/// POST `/api/admin/slots/`
struct AddSlot {
  std::string zone;
  std::optional<SlotId> slot;  // none: the next number of its zone
};
/// When a slot is to be out of service, and why.
struct PlannedOutage {
  std::optional<Instant> from;  // none: at once
  std::optional<Instant> to;    // none: until somebody ends it
  std::string reason;
};
/// PATCH `/api/admin/slots/{id}/`
struct ChangeSlot {
  std::string id;
  std::optional<bool> closed;
  bool ends_outage = false;  // whatever was planned is over
  std::optional<PlannedOutage> outage;
};
/// DELETE. One that something refers to is closed instead.
struct RemoveSlot {
  std::string id;
};

/// PATCH `/api/admin/settings/`: by their keys in lot.toml.
struct ChangeSettings {
  std::vector<store::Setting> set;
  std::vector<std::string> reset;  // as lot.toml says, from now on
};

struct ZoneStored {
  store::ZoneRow zone;
  bool is_new = false;
};
struct SlotStored {
  store::SlotRow slot;
  std::optional<store::Outage> outage;
  bool is_new = false;
};
/// Gone, or closed because there is a history to keep.
struct Removed {
  std::string id;
  bool is_closed = false;
};
struct SettingsStored {};

}  // namespace gatehouse::engine
