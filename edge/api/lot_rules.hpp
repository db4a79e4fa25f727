// The rules of lot.toml, for what administrators change while the lot runs: one place says what a
// zone or a setting may be (edge/gateway/config.hpp).
//
//   const auto zone = rules.read_zone(members, "A");
//   if (!zone) return std::unexpected(validation_failure(zone.error()));
//
// Pure; any thread.
#pragma once

#include "edge/api/body.hpp"
#include "edge/store/lot.hpp"
#include "edge/store/stored_settings.hpp"

#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse::api {

/// What is wrong, by member.
using Wrongs = std::vector<std::pair<std::string, std::string>>;

/// What is to be set, and what is to be as lot.toml says again.
struct SettingChanges {
  std::vector<store::Setting> set;
  std::vector<std::string> reset;
};

class LotRules {
 public:
  virtual ~LotRules() = default;
  /// A zone of this id by the members of `[[zones]]`; what is not named has lot.toml's default, and
  /// slots there are none where they are not named.
  [[nodiscard]] virtual std::expected<store::ZoneSeed, Wrongs> read_zone(
      const Members& members, const std::string& id) const = 0;
  /// By the keys of lot.toml; null resets.
  [[nodiscard]] virtual std::expected<SettingChanges, Wrongs> read_settings(
      const Members& members) const = 0;
  /// `data` of GET /api/admin/settings/: what holds with these stored.
  [[nodiscard]] virtual std::string settings_json(
      const std::vector<store::Setting>& stored) const = 0;
};

}  // namespace gatehouse::api
