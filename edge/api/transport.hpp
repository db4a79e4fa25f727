// Bytes to requests and back: RESTinio on one thread, behind calls that know nothing of it.
//
// Only transport.cpp includes RESTinio, which compiles slowly. TLS is spoken by the sockets it is
// given (secure_socket.hpp), so that plain and encrypted connections are served by the same code,
// under the same limits. start(), stop() on the owner's thread; post() on any; everything else, and
// every call out, on the transport's own thread.
// What cannot be read as a request is answered and ends its connection; a broken environment is a
// std::runtime_error of start().
#pragma once

#include "edge/api/listen_address.hpp"
#include "edge/api/router.hpp"
#include "edge/api/streams.hpp"
#include "edge/api/tls_files.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::api {

class Transport {
 public:
  /// Whom the transport calls, on its thread.
  struct Owner {
    // Its Answer: any thread, in our lifetime; also late, when the caller has gone, and it may be
    // kept for ever.
    std::function<void(Request, Answer)> request;
    // The same for what comes to Listening::redirect.
    std::function<void(Request, Answer)> plain_request;
    // The network that a connection from this address counts for; "": for none
    // (client_address.hpp).
    std::function<std::string(std::string_view address)> crowd;
    // Makes the answer to what was no request whole.
    std::function<Response(Response)> unreadable;
    std::function<bool(Streams::Id)> has_stream;
    // With the response that the stream belongs to.
    std::function<void(Streams::Id, std::unique_ptr<StreamConnection>, Response)> stream_opened;
    std::function<void(Streams::Id)> connection_closed;
    std::function<void()> heartbeat;  // every limits::heartbeat_interval
    std::function<void()> tick;       // every limits::tick_interval
    std::function<void()> stopping;   // the last call: let go of every StreamConnection
  };
  struct Listening {
    ListenAddress at;
    std::size_t connections_max = 0;  // those that shake hands included
    std::size_t per_network_max = 0;  // of them
    // Asked for each new connection; empty: plain HTTP.
    std::function<TlsContext()> tls = {};
    std::optional<ListenAddress> redirect = std::nullopt;  // plain HTTP beside it
  };
  /// Figures, any thread.
  struct Counts {
    std::uint64_t accepted = 0;
    std::uint64_t refused = 0;  // above connections_max or per_network_max
    std::uint64_t open = 0;
    std::uint64_t handshakes_failed = 0;
  };

  explicit Transport(Owner owner);
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;
  ~Transport();

  void start(const Listening& listening);
  /// The bound ports; of the redirect 0 where there is none.
  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::uint16_t redirect_port() const;
  /// Takes no request any more (503 busy) and returns when all that were taken are answered, or the
  /// time is over. Streams go on.
  void finish(std::chrono::milliseconds patience);
  /// Ends every connection. Once stopped it stays stopped.
  void stop();
  /// Runs `work` on the transport's thread, soon; nothing when it is not running.
  void post(std::function<void()> work);
  /// Runs `work` at an instant; one at a time. The transport's thread.
  void run_at(std::chrono::steady_clock::time_point when, std::function<void()> work);
  [[nodiscard]] Counts counts() const;

 private:
  struct Parts;
  const std::unique_ptr<Parts> parts_;
};

}  // namespace gatehouse::api
