#include "edge/api/reading.hpp"

#include <exception>
#include <memory>
#include <utility>

namespace gatehouse::api {
namespace {

Response answer_to(const ReadingRoom& room, const Question& question, store::Reader& reader,
                   const std::string& path) {
  try {
    return reader.at_one_moment([&] { return question(reader); });
  } catch (const std::exception& wrong) {
    // Not its own fault, and nobody waits for it any more.
    if (room.readers.is_stopping()) return too_busy();
    return internal_error(path, wrong);
  }
}

}  // namespace

Response sessions_response(const ReadingRoom& room, store::Reader& reader, const Paging& paging,
                           const store::SessionFilter& filter, Viewer viewer) {
  const Instant now = room.clock.now().utc;
  const auto found = reader.lists.sessions(filter, paging.rows());
  if (auto refusal = refuse_long_export(paging, found.total)) return std::move(*refusal);
  Listed listed{.plural = "sessions", .total = found.total};
  for (const store::SessionKey key : found.keys) {
    auto session = reader.sessions.find(key);
    if (!session) continue;
    listed.rows.push_back(session_fields(
        room.premises.plan, look_at(reader, room.premises, std::move(*session), now), viewer));
  }
  if (!room.premises.plan.zones().empty())
    listed.empty = session_fields(room.premises.plan, SessionSeen{}, viewer);
  return list_response(paging, std::move(listed));
}

Handler reading(const ReadingRoom& room,
                std::function<Asked(const ReadingRoom&, const Call&)> parse) {
  return [&room, parse = std::move(parse)](const Call& call, Answer answer) {
    auto asked = parse(room, call);
    if (!asked) return answer(std::move(asked.error()));
    const auto held = std::make_shared<Answer>(room.pending.hold(std::move(answer)));
    const bool taken = room.readers.run([&room, held, question = std::move(*asked),
                                         path = call.request.path](store::Reader& reader) {
      (*held)(answer_to(room, question, reader, path));
    });
    if (!taken) (*held)(too_busy());
  };
}

}  // namespace gatehouse::api
