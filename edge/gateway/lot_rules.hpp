// The rules of lot.toml behind the API: what people send is put where the file would have it, and
// read by the same readers.
#pragma once

#include "edge/api/lot_rules.hpp"
#include "edge/gateway/config.hpp"

namespace gatehouse::gateway {

class FileRules final : public api::LotRules {
 public:
  /// `file`: as lot.toml says, without what the store says otherwise.
  FileRules(Config file, Environment environment)
      : file_(std::move(file)), environment_(std::move(environment)) {}

  [[nodiscard]] std::expected<store::ZoneSeed, api::Wrongs> read_zone(
      const api::Members& members, const std::string& id) const override;
  [[nodiscard]] std::expected<api::SettingChanges, api::Wrongs> read_settings(
      const api::Members& members) const override;
  [[nodiscard]] std::string settings_json(const std::vector<store::Setting>& stored) const override;

 private:
  const Config file_;
  const Environment environment_;
};

}  // namespace gatehouse::gateway
