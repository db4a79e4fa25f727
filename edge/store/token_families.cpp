#include "edge/store/token_families.hpp"

#include "edge/domain/words.hpp"
#include "edge/store/columns.hpp"
#include "edge/store/statement.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {

constexpr Words<5> ends = {"logout", "reused", "password", "account", "crowded"};
static_assert(are_distinct(ends));

constexpr std::string_view columns =
    "id, user, refresh_id, previous_id, created_at, last_used_at, expires_at, ended_at, "
    "end_reason";

TokenFamily read(Run& row) {
  return {.key = row.get<FamilyKey>(),
          .id = row.get<std::string>(),
          .user = row.get<UserKey>(),
          .refresh_id = row.get<std::string>(),
          .previous_id = row.get<std::string>(),
          .created_at = row.get<Instant>(),
          .last_used_at = row.get<Instant>(),
          .expires_at = row.get<Instant>(),
          .ended_at = row.maybe<Instant>(),
          .end = row.maybe_parsed(parse_family_end, "end of a family")};
}

}  // namespace

std::string_view name(FamilyEnd end) { return word_of(ends, end); }
std::optional<FamilyEnd> parse_family_end(std::string_view text) {
  return read_word<FamilyEnd>(ends, text);
}

struct TokenFamilies::Statements {
  explicit Statements(SQLite::Database& database)
      : raw(database),
        family(raw, select_from("token_families", columns, "id = ?")),
        insert(raw, insert_into("token_families", columns)),
        rotate(raw,
               "UPDATE token_families SET previous_id = refresh_id, refresh_id = ?, "
               "last_used_at = ?, expires_at = ? WHERE key = ?"),
        end(raw,
            "UPDATE token_families SET ended_at = ?, end_reason = ? "
            "WHERE key = ? AND ended_at IS NULL"),
        end_all(raw,
                "UPDATE token_families SET ended_at = ?, end_reason = ? "
                "WHERE user = ? AND ended_at IS NULL"),
        end_oldest(raw,
                   "UPDATE token_families SET ended_at = ?, end_reason = ? WHERE key IN "
                   "(SELECT key FROM token_families WHERE user = ? AND ended_at IS NULL "
                   "ORDER BY last_used_at DESC, key DESC LIMIT -1 OFFSET ?)"),
        prune(raw,
              "DELETE FROM token_families WHERE key IN "
              "(SELECT key FROM token_families WHERE expires_at < ? LIMIT ?)") {}
  SQLite::Database& raw;
  Statement family;
  Statement insert;
  Statement rotate;
  Statement end;
  Statement end_all;
  Statement end_oldest;
  Statement prune;
};

TokenFamilies::TokenFamilies(Database& database) {
  attempt("cannot open the families of tokens",
          [&] { statements_ = std::make_unique<Statements>(database.raw()); });
}

TokenFamilies::~TokenFamilies() = default;

std::optional<TokenFamily> TokenFamilies::find(std::string_view id) {
  return attempt("cannot read a family of tokens",
                 [&] { return only(Run(statements_->family, id), read); });
}

FamilyKey TokenFamilies::insert(Transaction& /*transaction*/, const TokenFamily& family) {
  return attempt("cannot write a family of tokens", [&] {
    Run(statements_->insert, family.id, family.user, family.refresh_id, family.previous_id,
        family.created_at, family.last_used_at, family.expires_at, family.ended_at, family.end)
        .exec();
    return inserted<FamilyKey>(statements_->raw);
  });
}

void TokenFamilies::rotate(Transaction& /*transaction*/, FamilyKey family, std::string_view next_id,
                           Instant now, Instant expires_at) {
  attempt("cannot write a family of tokens",
          [&] { Run(statements_->rotate, next_id, now, expires_at, family).exec(); });
}

void TokenFamilies::end(Transaction& /*transaction*/, FamilyKey family, Instant now,
                        FamilyEnd why) {
  attempt("cannot end a family of tokens", [&] { Run(statements_->end, now, why, family).exec(); });
}

int TokenFamilies::end_all(Transaction& /*transaction*/, UserKey user, Instant now, FamilyEnd why) {
  return attempt("cannot end a user's tokens",
                 [&] { return Run(statements_->end_all, now, why, user).exec(); });
}

void TokenFamilies::end_oldest(Transaction& /*transaction*/, UserKey user, int kept, Instant now) {
  attempt("cannot end a user's oldest tokens",
          [&] { Run(statements_->end_oldest, now, FamilyEnd::crowded, user, kept).exec(); });
}

int TokenFamilies::prune(Transaction& /*transaction*/, Instant before, int rows_max) {
  return attempt("cannot prune the families of tokens",
                 [&] { return Run(statements_->prune, before, rows_max).exec(); });
}

}  // namespace gatehouse::store
