#include "edge/api/session_lookup.hpp"

#include <charconv>
#include <string>

namespace gatehouse::api {
namespace {

std::optional<store::SessionKey> number_of(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 1) return std::nullopt;
  return store::SessionKey{number};
}

std::optional<store::Session> named(store::Reader& reader, Viewer viewer, std::string_view name) {
  if (const auto code = TicketCode::parse(name)) {
    auto session = reader.sessions.find_by_code(code->body);
    // Whose proof is another one has guessed, or holds a ticket that was replaced.
    if (session && !same_mac(session->code.mac, code->mac)) return std::nullopt;
    return session;
  }
  if (viewer == Viewer::staff) {
    if (const auto number = number_of(name)) return reader.sessions.find(*number);
  }
  return reader.sessions.find_by_id(in_small_letters(name));
}

/// What another user booked is nobody else's who signed in to look.
bool is_anothers(AccountSource& accounts, const Looker& looker, const store::Session& session) {
  if (!looker.user || looker.user->role != store::Role::user || !session.created_by) return false;
  if (*session.created_by == looker.user->key) return false;
  const auto maker = accounts.find(*session.created_by);
  return maker && maker->role == store::Role::user;
}

}  // namespace

std::optional<store::Session> find_session(store::Reader& reader, AccountSource& accounts,
                                           const Looker& looker, std::string_view name) {
  auto session = named(reader, looker.viewer(), name);
  if (session && is_anothers(accounts, looker, *session)) return std::nullopt;
  return session;
}

Response no_session() { return failure(404, "not_found", "There is no such booking or session"); }

}  // namespace gatehouse::api
