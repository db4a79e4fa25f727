// Signing in and out: families of tokens begin, are rotated on every use, and end
// (docs/contract/http.md, "Tokens").
#include "edge/engine/account_book.hpp"
#include "edge/engine/desks.hpp"

namespace gatehouse::engine {
namespace {

// Nobody works in more places at once. Whoever knows a password must not fill the disk with it.
constexpr int families_max = 50;

/// The account, where it still is what the token or the password was checked against.
std::optional<store::User> still(Turn& turn, store::UserKey key, std::uint32_t version) {
  auto user = turn.books.accounts.find(key);
  if (!user || user->disabled || user->version != version) return std::nullopt;
  return user;
}

void begin_family(Turn& turn, store::UserKey user, const TokenIssued& issued) {
  store::TokenFamilies& families = turn.books.families;
  families.insert(turn.transaction, {.id = issued.family,
                                     .user = user,
                                     .refresh_id = issued.refresh_id,
                                     .previous_id = {},
                                     .created_at = turn.now.utc,
                                     .last_used_at = turn.now.utc,
                                     .expires_at = issued.expires_at,
                                     .ended_at = {},
                                     .end = {}});
  families.end_oldest(turn.transaction, user, families_max, turn.now.utc);
}

}  // namespace

CallOutcome decide(Turn& turn, Lanes& /*lanes*/, const Actor& /*actor*/, const SignIn& asked) {
  if (!still(turn, asked.user, asked.version)) return TokensRefused{};
  begin_family(turn, asked.user, asked.issued);
  return TokensIssued{};
}

/// A refresh token that comes a second time has two bearers, and nobody knows which is the thief:
/// the whole family ends, and that is recorded.
CallOutcome decide(Turn& turn, Lanes& /*lanes*/, const Actor& /*actor*/, const Refresh& asked) {
  store::TokenFamilies& families = turn.books.families;
  const auto family = families.find(asked.issued.family);
  if (!family || family->ended_at || family->user != asked.user) return TokensRefused{};
  if (!still(turn, asked.user, asked.version)) return TokensRefused{};
  if (family->refresh_id != asked.presented_id) {
    families.end(turn.transaction, family->key, turn.now.utc, store::FamilyEnd::reused);
    return TokensRefused{};
  }
  families.rotate(turn.transaction, family->key, asked.issued.refresh_id, turn.now.utc,
                  asked.issued.expires_at);
  return TokensIssued{};
}

CallOutcome decide(Turn& turn, Lanes& /*lanes*/, const Actor& actor, const SignOut& asked) {
  const auto family = turn.books.families.find(asked.family);
  if (family && family->user == actor.user)
    turn.books.families.end(turn.transaction, family->key, turn.now.utc, store::FamilyEnd::logout);
  return SignedOut{};
}

CallOutcome decide(Turn& turn, Lanes& /*lanes*/, const Actor& /*actor*/,
                   const ChangePassword& asked) {
  if (!still(turn, asked.user, asked.version)) return TokensRefused{};
  const auto changed =
      edit_account(account_book(turn), asked.user, {.password_hash = asked.password_hash});
  if (!changed) return refused(changed.error());
  begin_family(turn, asked.user, asked.issued);
  return TokensIssued{};
}

}  // namespace gatehouse::engine
