#include "edge/api/streams.hpp"

#include "edge/domain/invariant.hpp"

#include <utility>

namespace gatehouse::api {

Streams::Streams(StreamFeed& feed, const engine::Clock& clock, std::size_t streams_max)
    : feed_(feed), clock_(clock), streams_max_(streams_max) {}

void Streams::open(Id id, std::unique_ptr<StreamConnection> connection) {
  require(!has(id), "a connection carries one stream");
  if (clients_.empty()) feed_.listen(true);
  Client& client = clients_[id];
  client.connection = std::move(connection);
  client.reader = feed_.begin();
  client.opening = ++openings_;
  serve(id, client);
  settle();
}

void Streams::closed(Id id) {
  const auto found = clients_.find(id);
  if (found == clients_.end()) return;
  if (sending_) {
    found->second.failed = true;
    failed_.push_back(id);
    return;
  }
  clients_.erase(found);
  settle();
}

void Streams::pump() {
  for (auto& [id, client] : clients_) serve(id, client);
  settle();
}

void Streams::close_all() {
  clients_.clear();
  settle();
}

void Streams::serve(Id id, Client& client) {
  if (client.writing || client.failed) return;
  const std::vector<Chunk> chunks = feed_.next(client.reader, clock_.now().utc);
  if (chunks.empty()) return;
  client.writing = true;
  const bool was_sending = std::exchange(sending_, true);
  client.connection->send(
      chunks, [this, id, opening = client.opening](bool ok) { written(id, opening, ok); });
  sending_ = was_sending;
}

void Streams::written(Id id, std::uint64_t opening, bool ok) {
  const auto found = clients_.find(id);
  if (found == clients_.end() || found->second.opening != opening) return;
  found->second.writing = false;
  if (ok) {
    serve(id, found->second);
  } else {
    found->second.failed = true;
    failed_.push_back(id);
  }
  if (!sending_) settle();
}

void Streams::remove_failed() {
  for (const Id id : failed_) {
    const auto found = clients_.find(id);
    if (found != clients_.end() && found->second.failed) clients_.erase(found);
  }
  failed_.clear();
}

void Streams::settle() {
  if (!failed_.empty()) remove_failed();
  const std::size_t before = count_.exchange(clients_.size(), std::memory_order_relaxed);
  if (clients_.empty() && before > 0) feed_.listen(false);
}

}  // namespace gatehouse::api
