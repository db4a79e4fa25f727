// One connection's TLS (OpenSSL) over a socket that somebody else waits for: nothing here blocks.
//
//   TlsSession session(context, descriptor);
//   auto step = session.shake_hands();       // done, or wait for the socket and ask again
//   step = session.read(buffer);             // step.bytes of it
//   session.end("HTTP/1.1 400 …");           // last words, close_notify; the descriptor is let go
//
// The thread of the connection.
#pragma once

#include "edge/api/tls_files.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

struct ssl_st;

namespace gatehouse::api {

class TlsSession {
 public:
  enum class Outcome : std::uint8_t {
    done,
    wants_to_read,   // the same again when the socket can be read
    wants_to_write,  // … written
    ended,           // by the peer
    failed,
  };
  struct Step {
    Outcome outcome = Outcome::failed;
    std::size_t bytes = 0;
  };

  /// The descriptor stays the caller's, and open until end() or let_go().
  TlsSession(const TlsContext& context, int descriptor);
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;
  ~TlsSession();

  [[nodiscard]] Step shake_hands();
  [[nodiscard]] Step read(std::span<char> into);
  /// Until it is done, the next call must bring the same bytes.
  [[nodiscard]] Step write(std::span<const char> from);
  /// Says what can be said at once, that nothing follows included, and lets the descriptor go.
  void end(std::string_view last_words);
  /// The descriptor is closed, or will be: whatever is asked from now on fails.
  void let_go() { descriptor_ = -1; }

 private:
  struct FreeSsl {
    void operator()(ssl_st* ssl) const;
  };
  [[nodiscard]] Step step_after(int result) const;

  int descriptor_;
  std::unique_ptr<ssl_st, FreeSsl> ssl_;
};

}  // namespace gatehouse::api
