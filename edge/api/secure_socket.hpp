// A TCP socket of Asio's that may speak TLS: what RESTinio reads from and writes to, either way.
//
//   SecureSocket<asio::ip::tcp::socket, Door> socket(asio::ip::tcp::socket(io), door);
//   … RESTinio accepts on lowest_layer() …
//   socket.shake_hands(door->context(), [](const std::error_code& wrong) { … });   // with TLS
//
// Without shake_hands() it is the plain socket. `Door` is what a listener gives every connection
// that comes in by it. Asio is named by whoever uses this, not here. The thread of the connection;
// whoever waits for an operation keeps the socket.
#pragma once

#include "edge/api/limits.hpp"
#include "edge/api/tls_session.hpp"
#include "edge/api/unreadable.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <system_error>
#include <utility>

namespace gatehouse::api {

/// Asio's word for what came of a step; none: it is done.
std::error_code error_of(TlsSession::Outcome outcome);

template <class Tcp, class Door>
class SecureSocket {
 public:
  using executor_type = typename Tcp::executor_type;
  using lowest_layer_type = typename Tcp::lowest_layer_type;

  SecureSocket(Tcp tcp, std::shared_ptr<Door> door)
      : tcp_(std::move(tcp)), door_(std::move(door)) {}

  [[nodiscard]] Door& door() { return *door_; }
  [[nodiscard]] lowest_layer_type& lowest_layer() { return tcp_.lowest_layer(); }
  [[nodiscard]] const lowest_layer_type& lowest_layer() const { return tcp_.lowest_layer(); }
  [[nodiscard]] executor_type get_executor() { return tcp_.get_executor(); }
  [[nodiscard]] auto remote_endpoint() const { return tcp_.remote_endpoint(); }
  [[nodiscard]] bool is_open() const { return tcp_.is_open(); }
  void cancel(std::error_code& wrong) { tcp_.cancel(wrong); }

  /// `done(error)` once TLS stands, or does not; later, never out of this call.
  template <class Done>
  void shake_hands(const TlsContext& context, Done done) {
    tls_ = std::make_unique<TlsSession>(context, tcp_.native_handle());
    repeat([this] { return tls_->shake_hands(); },
           [then = std::move(done)](const std::error_code& wrong, std::size_t /*bytes*/) mutable {
             then(wrong);
           },
           Called::from_outside);
  }

  template <class Buffer, class Handler>
  void async_read_some(const Buffer& into, Handler&& handler) {
    if (!tls_) {
      tcp_.async_read_some(into, std::forward<Handler>(handler));
      return;
    }
    const std::span<char> bytes(static_cast<char*>(into.data()), into.size());
    repeat([this, bytes] { return tls_->read(bytes); }, std::forward<Handler>(handler),
           Called::from_outside);
  }

  template <class Buffers, class Handler>
  void async_write_some(const Buffers& from, Handler&& handler) {
    if (!tls_) {
      tcp_.async_write_some(from, std::forward<Handler>(handler));
      return;
    }
    gather(from);
    repeat([this] { return tls_->write(leaving_); }, std::forward<Handler>(handler),
           Called::from_outside);
  }

  /// What is still to be said (unreadable.hpp) is said before.
  void shutdown(typename Tcp::shutdown_type what, std::error_code& wrong) {
    const std::string words = take_last_words();
    if (tls_) tls_->end(words);
    if (!tls_ && !words.empty()) say_at_once(tcp_.native_handle(), words);
    if (!words.empty()) discard_unread(tcp_.native_handle());
    tcp_.shutdown(what, wrong);
  }
  void close() {
    if (tls_) tls_->let_go();
    std::error_code ignored;
    tcp_.close(ignored);
  }

 private:
  enum class Called : std::uint8_t { from_outside, from_a_wait };

  /// A record holds many small buffers as well as one, in one packet.
  template <class Buffers>
  void gather(const Buffers& from) {
    leaving_.clear();
    const auto add = [this](const auto& buffer) {
      const std::size_t room = limits::tls_record_bytes - leaving_.size();
      leaving_.append(static_cast<const char*>(buffer.data()), std::min(buffer.size(), room));
    };
    if constexpr (requires { from.begin(); }) {
      for (const auto& buffer : from) add(buffer);
    } else {
      add(from);
    }
  }

  /// Takes the step until it needs the socket no more.
  template <class Take, class Handler>
  void repeat(Take take, Handler handler, Called called) {
    const TlsSession::Step step = take();
    if (step.outcome == TlsSession::Outcome::wants_to_read ||
        step.outcome == TlsSession::Outcome::wants_to_write) {
      const auto what =
          step.outcome == TlsSession::Outcome::wants_to_read ? Tcp::wait_read : Tcp::wait_write;
      tcp_.async_wait(
          what, [this, take, handler = std::move(handler)](const std::error_code& wrong) mutable {
            if (wrong) return handler(wrong, 0);
            repeat(std::move(take), std::move(handler), Called::from_a_wait);
          });
      return;
    }
    const std::error_code error = error_of(step.outcome);
    if (called == Called::from_a_wait) return handler(error, step.bytes);
    post(tcp_.get_executor(), [error, bytes = step.bytes, handler = std::move(handler)]() mutable {
      handler(error, bytes);
    });
  }

  Tcp tcp_;
  std::shared_ptr<Door> door_;
  std::unique_ptr<TlsSession> tls_;  // none: plain
  std::string leaving_;              // what write() is asked to write until it is done
};

}  // namespace gatehouse::api
