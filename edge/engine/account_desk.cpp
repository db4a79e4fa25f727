// Accounts are made, changed and deleted, and a person's data is erased (docs/contract/http.md,
// "Accounts", "Admin").
#include "edge/engine/account_book.hpp"
#include "edge/engine/desk_rules.hpp"
#include "edge/engine/desks.hpp"

#include <utility>

namespace gatehouse::engine {
namespace {

// A car that left just now is still spoken of: its reader asks again, its barrier reports.
constexpr std::chrono::hours erased_after{1};

CallOutcome shown(AccountOutcome outcome) {
  if (!outcome) return refused(outcome.error());
  return AccountShown{std::move(*outcome)};
}

std::expected<store::ErasedPerson, Refusal> person_of(Turn& turn, const Erase& asked) {
  if (const auto* const vehicle = std::get_if<VehicleNumber>(&asked.whose))
    return store::ErasedPerson{.vehicle = *vehicle};
  if (const auto* const which = std::get_if<ById>(&asked.whose)) {
    const auto session = find(turn, *which);
    if (!session) return std::unexpected(Refusal::invalid_qr);
    return store::ErasedPerson{.session = session->key};
  }
  const auto user = turn.books.accounts.find(std::get<store::UserKey>(asked.whose));
  if (!user) return std::unexpected(Refusal::not_found);
  if (is_last_administrator(account_book(turn), *user))
    return std::unexpected(Refusal::last_administrator);
  // What staff made are other people's tickets.
  return store::ErasedPerson{.user = user->key, .with_sessions = user->role == store::Role::user};
}

}  // namespace

AccountBook account_book(Turn& turn) {
  return {turn.books.accounts, turn.books.families, turn.transaction, turn.now.utc};
}

CallOutcome decide(Turn& turn, Lanes& /*lanes*/, const Actor& /*actor*/, const AddAccount& asked) {
  return shown(add_account(account_book(turn), asked.user));
}

CallOutcome decide(Turn& turn, Lanes& /*lanes*/, const Actor& /*actor*/, const EditAccount& asked) {
  return shown(edit_account(account_book(turn), asked.user, asked.edit));
}

CallOutcome decide(Turn& turn, Lanes& /*lanes*/, const Actor& /*actor*/,
                   const RemoveAccount& asked) {
  auto removed = remove_account(account_book(turn), asked.user);
  if (!removed) return refused(removed.error());
  return std::move(*removed);
}

CallOutcome decide(Turn& turn, Lanes& /*lanes*/, const Actor& actor, const Erase& asked) {
  const auto person = person_of(turn, asked);
  if (!person) return refused(person.error());
  store::Erasures& erasures = turn.books.erasures;
  if (erasures.is_too_early(*person, turn.now.utc - erased_after))
    return refused(Refusal::session_open);
  store::Erasure erasure = erasures.erase(turn.transaction, *person,
                                          {.id = turn.tickets.make_id(),
                                           .at = turn.now.utc,
                                           .by = actor.user,
                                           .by_name = actor.name,
                                           .reason = asked.reason});
  return DataErased{std::move(erasure)};
}

}  // namespace gatehouse::engine
