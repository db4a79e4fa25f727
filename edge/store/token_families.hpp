// Families of tokens: all that grew out of one signing-in, rotated on every use, ended together
// (docs/contract/http.md, "Tokens").
//
//   families.insert(transaction, {.id = …, .user = user, .refresh_id = …, .expires_at = …});
//   if (family.refresh_id == presented) families.rotate(transaction, family.key, next, …);
//   else families.end(transaction, family.key, now, FamilyEnd::reused);
//
// A family that ended stays so; the rows go a while after nothing of it could be used any more. The
// thread of the Database; failure is a StoreError.
#pragma once

#include "edge/domain/time.hpp"
#include "edge/store/database.hpp"
#include "edge/store/keys.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::store {

/// Why a family ended. The column holds its name.
enum class FamilyEnd : std::uint8_t {
  logout,
  reused,    // a refresh token came twice: one of its bearers is a thief
  password,  // it was changed
  account,   // it was disabled, erased or given another role
  crowded,   // its user signed in in too many places, and this one was used longest ago
};
std::string_view name(FamilyEnd end);
std::optional<FamilyEnd> parse_family_end(std::string_view text);

// As the table bounds them: 128 random bits in hex.
inline constexpr std::size_t family_id_characters = 32;

struct TokenFamily {
  FamilyKey key{};  // given by insert
  std::string id;
  UserKey user{};
  std::string refresh_id;   // of the refresh token that may be used next
  std::string previous_id;  // of the one before; "": there was none
  Instant created_at{};
  Instant last_used_at{};
  Instant expires_at{};
  std::optional<Instant> ended_at;
  std::optional<FamilyEnd> end;  // of one that ended, always
  bool operator==(const TokenFamily&) const = default;
};

class TokenFamilies {
 public:
  explicit TokenFamilies(Database& database);
  ~TokenFamilies();
  TokenFamilies(const TokenFamilies&) = delete;
  TokenFamilies& operator=(const TokenFamilies&) = delete;

  [[nodiscard]] std::optional<TokenFamily> find(std::string_view id);
  /// Not ended.
  FamilyKey insert(Transaction& transaction, const TokenFamily& family);
  /// The next refresh token takes the place of the one that was used `now`.
  void rotate(Transaction& transaction, FamilyKey family, std::string_view next_id, Instant now,
              Instant expires_at);
  /// Nothing where it has ended already.
  void end(Transaction& transaction, FamilyKey family, Instant now, FamilyEnd why);
  /// All of a user's that have not ended; how many.
  int end_all(Transaction& transaction, UserKey user, Instant now, FamilyEnd why);
  /// All but the `kept` that were used last.
  void end_oldest(Transaction& transaction, UserKey user, int kept, Instant now);
  /// Deletes up to `rows_max` that expired before `before`; how many.
  int prune(Transaction& transaction, Instant before, int rows_max);

 private:
  struct Statements;
  std::unique_ptr<Statements> statements_;
};

}  // namespace gatehouse::store
