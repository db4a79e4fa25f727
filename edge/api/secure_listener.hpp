// How connections come in to RESTinio by a SecureSocket: room is asked for, hands are shaken within
// their time, and only then are requests read.
//
// The two places where RESTinio lets a socket's type have settings and be made in its own way are
// filled here, and the function that it finds by the socket's type. For the one .cpp that includes
// RESTinio; the thread of the connections.
#pragma once

#include "edge/api/crowds.hpp"
#include "edge/api/limits.hpp"
#include "edge/api/secure_socket.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace gatehouse::api {

/// What a listener gives every connection that comes in by it.
struct Door {
  /// A handshake that goes on.
  struct Shaking {
    std::chrono::steady_clock::time_point deadline;
    std::function<void()> give_up;  // ends it, later and with an error
  };

  // Somebody at this address ("": gone already); throws where there is no room for one more.
  std::function<Crowds::Place(const std::string& address)> comes = {};
  Crowds::Place entering = nullptr;      // of the connection that is about to start
  std::function<TlsContext()> tls = {};  // empty: plain
  std::list<Shaking> shaking = {};       // in the order in which they began
  std::uint64_t failed = 0;              // handshakes that came to nothing

  void give_up_the_late(std::chrono::steady_clock::time_point now) {
    for (const Shaking& each : shaking) {
      if (each.deadline > now) return;
      each.give_up();
    }
  }
};

/// RESTinio calls it for each new connection. `start` and `failed` refer to the connection.
template <class Tcp, class Connection, class Start, class Failed>
void prepare_connection_and_start_read(SecureSocket<Tcp, Door>& socket, Connection& connection,
                                       Start start, Failed failed) {
  Door& door = socket.door();
  std::error_code gone;
  const auto peer = socket.lowest_layer().remote_endpoint(gone);
  auto place = door.comes(gone ? std::string() : peer.address().to_string());
  if (!door.tls) {
    door.entering = std::move(place);
    return start();
  }
  const auto mine = door.shaking.insert(
      door.shaking.end(),
      {std::chrono::steady_clock::now() + limits::tls_handshake, [&socket] { socket.close(); }});
  socket.shake_hands(
      door.tls(),
      [kept = connection.shared_from_this(), &door, mine, place = std::move(place),
       start = std::move(start), failed = std::move(failed)](const std::error_code& wrong) mutable {
        door.shaking.erase(mine);
        door.entering = wrong ? nullptr : std::move(place);
        if (!wrong) return start();
        ++door.failed;
        failed(wrong);
      });
}

}  // namespace gatehouse::api

namespace restinio {

namespace impl {
class tls_socket_t;
template <class Socket>
class socket_supplier_t;
}  // namespace impl
template <class Settings, class Socket>
class socket_type_dependent_settings_t;

template <class Settings, class Tcp>
class socket_type_dependent_settings_t<Settings,
                                       gatehouse::api::SecureSocket<Tcp, gatehouse::api::Door>> {
 public:
  socket_type_dependent_settings_t() = default;
  socket_type_dependent_settings_t(socket_type_dependent_settings_t&&) = default;
  Settings& door(std::shared_ptr<gatehouse::api::Door> door) {
    door_ = std::move(door);
    return static_cast<Settings&>(*this);
  }
  [[nodiscard]] const std::shared_ptr<gatehouse::api::Door>& door() const { return door_; }

 protected:
  ~socket_type_dependent_settings_t() = default;

 private:
  std::shared_ptr<gatehouse::api::Door> door_;
};

namespace impl {

template <class Tcp>
class socket_supplier_t<gatehouse::api::SecureSocket<Tcp, gatehouse::api::Door>> {
 protected:
  using Socket = gatehouse::api::SecureSocket<Tcp, gatehouse::api::Door>;

  template <class Settings, class Context>
  socket_supplier_t(Settings& settings, Context& context)
      : make_([&context, door = settings.door()] { return Socket(Tcp(context), door); }) {
    for (std::size_t i = 0; i < settings.concurrent_accepts_count(); ++i)
      sockets_.push_back(make_());
  }
  ~socket_supplier_t() = default;

  Socket& socket(std::size_t index) { return sockets_.at(index); }
  Socket move_socket(std::size_t index) { return std::exchange(sockets_.at(index), make_()); }
  [[nodiscard]] std::size_t concurrent_accept_sockets_count() const { return sockets_.size(); }

 private:
  const std::function<Socket()> make_;
  std::vector<Socket> sockets_;
};

}  // namespace impl
}  // namespace restinio

namespace gatehouse::api {

/// RESTinio shows its own TLS sockets to those who listen for connections; ours is none of them.
template <class Tcp>
restinio::impl::tls_socket_t* make_tls_socket_pointer_for_state_listener(
    SecureSocket<Tcp, Door>& /*socket*/) noexcept {
  return nullptr;
}

}  // namespace gatehouse::api
