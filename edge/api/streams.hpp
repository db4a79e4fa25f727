// The open streams: who listens, and who may be sent the next piece.
//
// A stream is sent something only when its last write is done, so a slow one holds back nobody and
// keeps at most one write's worth of shared text. One thread, the server's.
#pragma once

#include "edge/api/crowds.hpp"
#include "edge/api/message.hpp"
#include "edge/api/staff_feed.hpp"
#include "edge/api/stream_feed.hpp"
#include "edge/engine/ports.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace gatehouse::api {

/// One open response, as the transport gives it.
class StreamConnection {
 public:
  /// Called once per send(): whether the bytes left. A success comes later; a failure may come
  /// before send() returns.
  using Written = std::function<void(bool ok)>;
  virtual ~StreamConnection() = default;
  virtual void send(const std::vector<Chunk>& chunks, Written written) = 0;
  /// The response is over once what was sent has left; the last call.
  virtual void end() = 0;
};

class Streams {
 public:
  /// The transport's number of the connection.
  using Id = std::uint64_t;

  struct Room {
    std::size_t all = 0;
    std::size_t for_staff = 0;    // of all
    std::size_t per_network = 0;  // of what is not for staff
  };

  /// Without `staff` nobody may open a stream of staff.
  Streams(StreamFeed& feed, const engine::Clock& clock, const Room& room,
          StaffFeed* staff = nullptr);

  /// For one stream more; null: there is no room. To be held as long as the stream goes on. Nobody
  /// counts the network "", nor staff.
  [[nodiscard]] Crowds::Place place(StreamKind kind, const std::string& network);
  [[nodiscard]] bool has(Id id) const { return clients_.contains(id); }
  /// Begins with the whole state. One stream per connection: see has(). `held` is kept as long.
  void open(Id id, std::unique_ptr<StreamConnection> connection, std::function<bool()> held = {});
  /// The same and what staff may hear beside it, as long as dismiss() finds that they may.
  void open_staff(Id id, std::unique_ptr<StreamConnection> connection,
                  std::function<bool()> may_go_on);
  /// Ends the streams of those who may not listen any more.
  void dismiss();
  /// The connection is gone; unknown ids are ignored.
  void closed(Id id);
  /// After the feed has grown: everybody who waits gets what is new.
  void pump();
  void close_all();

  /// Any thread.
  [[nodiscard]] std::size_t count() const { return count_.load(std::memory_order_relaxed); }

 private:
  struct Client {
    std::unique_ptr<StreamConnection> connection;
    StreamFeed::Reader reader;
    std::optional<StaffFeed::Reader> staff;
    std::function<bool()> may_go_on;  // asked of staff
    std::uint64_t opening = 0;  // tells a late report of an earlier stream of the same id apart
    bool writing = false;
    bool failed = false;
  };
  using Clients = std::unordered_map<Id, Client>;
  Client& add(Id id, std::unique_ptr<StreamConnection> connection);
  [[nodiscard]] std::vector<Chunk> next_for(Client& client);
  void serve(Id id, Client& client);
  void written(Id id, std::uint64_t opening, bool ok);
  void remove(Clients::iterator client);
  void remove_failed();
  void settle();

  StreamFeed& feed_;
  const engine::Clock& clock_;
  const Room room_;
  Crowds crowds_;
  StaffFeed* const staff_feed_;
  Clients clients_;
  std::size_t staff_clients_ = 0;
  std::vector<Id> failed_;  // removed when nobody walks over clients_
  std::uint64_t openings_ = 0;
  bool sending_ = false;  // a client is being served: nothing may be removed
  std::atomic<std::size_t> count_{0};
};

}  // namespace gatehouse::api
