// Which session somebody means who only looks: by its id, by its code, or, for staff, by its short
// number (docs/contract/http.md, "Roles": a holder presents a session's id or its code).
//
// A connection's thread; failure is a StoreError.
#pragma once

#include "edge/api/account_source.hpp"
#include "edge/api/identity.hpp"
#include "edge/api/session_views.hpp"
#include "edge/store/reader.hpp"

#include <optional>
#include <string_view>

namespace gatehouse::api {

/// Who looks; no account: a holder.
struct Looker {
  std::optional<SignedIn> user;
  [[nodiscard]] Viewer viewer() const {
    const bool is_staff = user && is_enough(user->role, Access::staff);
    return is_staff ? Viewer::staff : Viewer::holder;
  }
};

/// nullopt: there is none, or it is another user's.
std::optional<store::Session> find_session(store::Reader& reader, AccountSource& accounts,
                                           const Looker& looker, std::string_view name);

/// 404 of a session that is not there for who asks.
Response no_session();

}  // namespace gatehouse::api
