// What of lot.toml administrators may change while the lot runs, and what then holds
// (docs/contract/http.md, `/api/admin/settings/`; config-and-cli.md). Commands, directories,
// addresses and secrets are nobody's to change from afar.
//
//   const Effective now = with_settings(config, stored, process_environment);
//
// Values; any thread.
#pragma once

#include "edge/gateway/config.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::gateway {

struct Changeable {
  std::string_view key;                 // billing.grace_minutes
  store::SettingKind kind;              // text: also amounts, as in the file
  std::string (*value)(const Config&);  // as the file would say it
};

/// In the order in which they are shown.
std::span<const Changeable> changeable_settings();
/// nullptr: it cannot be changed.
const Changeable* find_changeable(std::string_view key);

struct Effective {
  Config config;
  std::vector<std::string> left_out;  // a sentence for each that does not hold any more
};
/// What the file says, and the store otherwise. A stored value that the file's other values, or a
/// newer version, make impossible is left out: a lot must start.
Effective with_settings(const Config& file, const std::vector<store::Setting>& stored,
                        const Environment& environment);

/// Where the store says otherwise than the file, a sentence each.
std::vector<std::string> setting_differences(const Config& file,
                                             const std::vector<store::Setting>& stored);

}  // namespace gatehouse::gateway
