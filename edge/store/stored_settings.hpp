// What administrators set otherwise than lot.toml: key by key, as the file would say it. Which keys
// there are, and what they may be, is the configuration's business (edge/gateway/config.hpp).
//
//   settings.put(transaction, {.key = "billing.grace_minutes", .kind = SettingKind::number,
//                              .value = "10"}, now, user);
//
// The thread of the Database; failure is a StoreError.
#pragma once

#include "edge/domain/time.hpp"
#include "edge/store/database.hpp"
#include "edge/store/keys.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::store {

/// The column holds its name.
enum class SettingKind : std::uint8_t { text, number, flag };
std::string_view name(SettingKind kind);
std::optional<SettingKind> parse_setting_kind(std::string_view text);

struct Setting {
  std::string key;  // billing.grace_minutes
  SettingKind kind = SettingKind::text;
  std::string value;  // 10, 50.00, true
  bool operator==(const Setting&) const = default;
};

class StoredSettings {
 public:
  explicit StoredSettings(Database& database);
  ~StoredSettings();
  StoredSettings(const StoredSettings&) = delete;
  StoredSettings& operator=(const StoredSettings&) = delete;

  /// In the order of their keys.
  [[nodiscard]] std::vector<Setting> all();
  /// In place of what stood there.
  void put(Transaction& transaction, const Setting& setting, Instant at, UserKey by);
  /// As lot.toml says from now on.
  void drop(Transaction& transaction, std::string_view key);

 private:
  struct Statements;
  std::unique_ptr<Statements> statements_;
};

}  // namespace gatehouse::store
