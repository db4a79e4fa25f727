// docs/contract/http.md, "User" and "Payments": a session, its ticket and its payment, for whoever
// holds its id or its code, and a user's own sessions.
#include "edge/api/endpoints.hpp"
#include "edge/api/listing.hpp"
#include "edge/api/reading.hpp"
#include "edge/api/receipt_views.hpp"
#include "edge/api/session_lookup.hpp"

#include <string>
#include <utility>

namespace gatehouse::api {
namespace {

constexpr std::size_t name_characters_max = 100;

Response not_signed_in() {
  Response response = failure(401, "not_signed_in", "Please sign in, or name a session");
  response.headers.push_back({"WWW-Authenticate", "Bearer"});
  return response;
}

/// The session, and the ids of what else the user has open.
Response current(const ReadingRoom& room, store::Reader& reader, const Looker& looker,
                 store::Session session, const std::vector<std::string>& others) {
  const SessionSeen seen = look_at(reader, room.premises, std::move(session), room.clock.now().utc);
  std::vector<std::string> ids;
  for (const std::string& other : others) ids.push_back(json_text(other));
  Fields fields = session_fields(room.premises.plan, seen, looker.viewer());
  fields.nested("others", json_array(ids));
  return success_at_top(fields);
}

Response newest_of_user(const ReadingRoom& room, store::Reader& reader, const Looker& looker) {
  std::vector<std::string> others;
  std::optional<store::Session> newest;
  for (const store::SessionKey key : reader.lists.open_of_user(looker.user->key)) {
    if (newest) {
      others.push_back(reader.lists.id_of(key));
    } else {
      newest = reader.sessions.find(key);
    }
  }
  if (!newest) return failure(404, "not_found", "There is no open booking or session");
  return current(room, reader, looker, std::move(*newest), others);
}

Asked ask_current(const ReadingRoom& room, const Call& call) {
  auto form = Form::of_query(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  const auto id = form->id("session_id", Need::optional);
  const auto code = form->text("qr_code", Need::optional, name_characters_max);
  if (id && code) form->wrong("qr_code", "cannot stand beside session_id");
  if (!form->is_good()) return std::unexpected(form->refusal());
  const Looker looker{call.user};
  const std::string name = id ? *id : code.value_or("");
  if (name.empty() && !call.user) return std::unexpected(not_signed_in());
  return [&room, looker, name](store::Reader& reader) {
    if (name.empty()) return newest_of_user(room, reader, looker);
    auto session = find_session(reader, room.accounts, looker, name);
    if (!session) return no_session();
    return current(room, reader, looker, std::move(*session), {});
  };
}

Asked ask_history(const ReadingRoom& room, const Call& call) {
  auto form = Form::of_query(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  const Paging paging = paging_in(*form, Export::csv);
  store::SessionFilter filter{.user = call.account().key};
  filter.state = word_in(*form, "status", parse_session_state);
  filter.created = period_in(*form, {"", "from", "to"}, room.today());
  filter.vehicle = form->vehicle("vehicle_number", Need::optional);
  if (!form->is_good()) return std::unexpected(form->refusal());
  return [&room, paging, filter](store::Reader& reader) {
    return sessions_response(room, reader, paging, filter, Viewer::holder);
  };
}

Response payment_status(const ReadingRoom& room, store::Reader& reader, store::Session session) {
  const SessionSeen seen = look_at(reader, room.premises, std::move(session), room.clock.now().utc);
  const auto order = order_fields(seen);
  Fields fields;
  fields.text("payment_status", name(seen.status))
      .rupees("amount_due", seen.due)
      .flag("is_paid", seen.is_paid())
      .nested("payment", order ? order->json() : "null");
  return success_at_top(fields);
}

Response picture(std::string bytes, std::string_view type) {
  if (bytes.empty()) return no_session();
  Response response;
  response.content_type = type;
  response.body = std::move(bytes);
  return response;
}

/// A question about the one session that the path names.
template <class About>
auto asking_about(std::string_view parameter, About about) {
  return [parameter, about](const ReadingRoom& room, const Call& call) -> Asked {
    auto form = Form::of_query(call.request);
    if (!form) return std::unexpected(std::move(form.error()));
    if (!form->is_good()) return std::unexpected(form->refusal());
    return [&room, about, looker = Looker{call.user},
            name = std::string(call.parameter(parameter))](store::Reader& reader) {
      auto session = find_session(reader, room.accounts, looker, name);
      return session ? about(room, reader, std::move(*session)) : no_session();
    };
  };
}

Asked ask_receipt(const ReadingRoom& room, const Call& call) {
  auto form = Form::of_query(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  const auto format = word_in(*form, "format", parse_paper_format).value_or(PaperFormat::json);
  if (!form->is_good()) return std::unexpected(form->refusal());
  return [&room, format, looker = Looker{call.user},
          name = std::string(call.parameter("id"))](store::Reader& reader) {
    const auto session = find_session(reader, room.accounts, looker, name);
    return session ? receipt_response(room, reader, *session, format) : no_session();
  };
}

}  // namespace

void add_session_endpoints(std::vector<Route>& routes, const ReadingRoom& room) {
  const auto add = [&](std::string pattern, Access access, auto ask,
                       Counted counted = Counted::by_caller) {
    routes.push_back({Method::get, std::move(pattern), access, reading(room, ask), counted});
  };
  add("/api/user/current-session/", Access::holder, ask_current);
  add("/api/user/history/", Access::user, ask_history);
  add("/api/payment/{session_id}/status/", Access::holder,
      asking_about("session_id", payment_status), Counted::by_id);
  add("/api/user/sessions/{id}/receipt/", Access::holder, ask_receipt);
  add("/api/user/sessions/{id}/qr.svg", Access::holder,
      asking_about("id", [](const ReadingRoom& at, store::Reader&, const store::Session& session) {
        return picture(at.pictures.svg(session.code.text()), "image/svg+xml");
      }));
  add("/api/user/sessions/{id}/qr.png", Access::holder,
      asking_about("id", [](const ReadingRoom& at, store::Reader&, const store::Session& session) {
        return picture(at.pictures.png(session.code.text()), "image/png");
      }));
}

}  // namespace gatehouse::api
