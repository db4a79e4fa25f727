#include "edge/api/streams.hpp"

#include "edge/domain/invariant.hpp"

#include <utility>

namespace gatehouse::api {

Streams::Streams(StreamFeed& feed, const engine::Clock& clock, const Room& room, StaffFeed* staff)
    : feed_(feed), clock_(clock), room_(room), crowds_(room.per_network), staff_feed_(staff) {}

Crowds::Place Streams::place(StreamKind kind, const std::string& network) {
  const bool is_staff = kind == StreamKind::staff;
  if (clients_.size() >= room_.all - (is_staff ? 0 : room_.for_staff)) return nullptr;
  return crowds_.enter(is_staff ? std::string() : network);
}

Streams::Client& Streams::add(Id id, std::unique_ptr<StreamConnection> connection) {
  require(!has(id), "a connection carries one stream");
  if (clients_.empty()) feed_.listen(true);
  Client& client = clients_[id];
  client.connection = std::move(connection);
  client.reader = feed_.begin();
  client.opening = ++openings_;
  return client;
}

void Streams::open(Id id, std::unique_ptr<StreamConnection> connection,
                   std::function<bool()> held) {
  Client& client = add(id, std::move(connection));
  client.may_go_on = std::move(held);
  serve(id, client);
  settle();
}

void Streams::open_staff(Id id, std::unique_ptr<StreamConnection> connection,
                         std::function<bool()> may_go_on) {
  require(staff_feed_ != nullptr && may_go_on, "staff sign in before they listen");
  Client& client = add(id, std::move(connection));
  if (staff_clients_++ == 0) staff_feed_->listen(true);
  client.staff = staff_feed_->begin(clock_.now().utc);
  client.may_go_on = std::move(may_go_on);
  serve(id, client);
  settle();
}

void Streams::dismiss() {
  const bool was_sending = std::exchange(sending_, true);
  for (auto& [id, client] : clients_) {
    if (!client.staff || client.failed || client.may_go_on()) continue;
    client.failed = true;
    failed_.push_back(id);
    client.connection->end();
  }
  sending_ = was_sending;
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
  remove(found);
  settle();
}

void Streams::pump() {
  for (auto& [id, client] : clients_) serve(id, client);
  settle();
}

void Streams::close_all() {
  while (!clients_.empty()) remove(clients_.begin());
  settle();
}

std::vector<Chunk> Streams::next_for(Client& client) {
  const Instant now = clock_.now().utc;
  if (client.staff) {
    // First, because somebody stands at a gate; it is little, and the rest follows at once.
    std::vector<Chunk> chunks = staff_feed_->next(*client.staff, now);
    if (!chunks.empty()) return chunks;
  }
  return feed_.next(client.reader, now);
}

void Streams::serve(Id id, Client& client) {
  if (client.writing || client.failed) return;
  const std::vector<Chunk> chunks = next_for(client);
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

void Streams::remove(Clients::iterator client) {
  if (client->second.staff && --staff_clients_ == 0) staff_feed_->listen(false);
  clients_.erase(client);
}

void Streams::remove_failed() {
  for (const Id id : failed_) {
    const auto found = clients_.find(id);
    if (found != clients_.end() && found->second.failed) remove(found);
  }
  failed_.clear();
}

void Streams::settle() {
  if (!failed_.empty()) remove_failed();
  const std::size_t before = count_.exchange(clients_.size(), std::memory_order_relaxed);
  if (clients_.empty() && before > 0) feed_.listen(false);
}

}  // namespace gatehouse::api
