#include "edge/store/stored_settings.hpp"

#include "edge/domain/words.hpp"
#include "edge/store/columns.hpp"
#include "edge/store/statement.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {

constexpr Words<3> kinds = {"text", "number", "flag"};
static_assert(are_distinct(kinds));

Setting read(Run& row) {
  return {.key = row.get<std::string>(),
          .kind = row.parsed(parse_setting_kind, "kind of setting"),
          .value = row.get<std::string>()};
}

}  // namespace

std::string_view name(SettingKind kind) { return word_of(kinds, kind); }
std::optional<SettingKind> parse_setting_kind(std::string_view text) {
  return read_word<SettingKind>(kinds, text);
}

struct StoredSettings::Statements {
  explicit Statements(SQLite::Database& raw)
      : all(raw, "SELECT key, kind, value FROM settings WHERE TRUE ORDER BY key"),
        put(raw,
            "INSERT INTO settings (key, kind, value, changed_at, changed_by) "
            "VALUES (?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET kind = excluded.kind, "
            "value = excluded.value, changed_at = excluded.changed_at, "
            "changed_by = excluded.changed_by"),
        drop(raw, "DELETE FROM settings WHERE key = ?") {}
  Statement all;
  Statement put;
  Statement drop;
};

StoredSettings::StoredSettings(Database& database) {
  attempt("cannot open the settings",
          [&] { statements_ = std::make_unique<Statements>(database.raw()); });
}

StoredSettings::~StoredSettings() = default;

std::vector<Setting> StoredSettings::all() {
  return attempt("cannot read the settings",
                 [&] { return store::all(Run(statements_->all), read); });
}

void StoredSettings::put(Transaction& /*transaction*/, const Setting& setting, Instant at,
                         UserKey by) {
  attempt("cannot write a setting",
          [&] { Run(statements_->put, setting.key, setting.kind, setting.value, at, by).exec(); });
}

void StoredSettings::drop(Transaction& /*transaction*/, std::string_view key) {
  attempt("cannot write a setting", [&] { Run(statements_->drop, key).exec(); });
}

}  // namespace gatehouse::store
