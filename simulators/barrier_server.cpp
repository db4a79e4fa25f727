#include "simulators/barrier_server.hpp"

#include "simulators/barrier_frames.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <mutex>
#include <stdexcept>
#include <stop_token>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace gatehouse::simulators {
namespace {

using namespace std::chrono_literals;

// More than any gateway opens; whoever comes then is hung up on.
constexpr std::size_t connections_max = 64;
constexpr std::size_t pending_max = 256;
constexpr VirtualTime idle_wait = 1s;

class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  [[nodiscard]] int get() const { return number_; }

 private:
  int number_;
};

struct HostAndPort {
  std::string host;
  std::string port;
};

HostAndPort parse_url(std::string_view url) {
  constexpr std::string_view scheme = "tcp://";
  const auto colon = url.rfind(':');
  if (!url.starts_with(scheme) || colon < scheme.size() || colon == std::string_view::npos)
    throw std::invalid_argument(fmt::format("{}: a simulated barrier is at tcp://host:port", url));
  auto host = url.substr(scheme.size(), colon - scheme.size());
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return {std::string(host), std::string(url.substr(colon + 1))};
}

Descriptor listen_at(const std::string& url) {
  const auto [host, port] = parse_url(url);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (const int code = getaddrinfo(host.c_str(), port.c_str(), &hints, &found); code != 0)
    throw std::runtime_error(fmt::format("{}: {}", url, gai_strerror(code)));
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> addresses(found, freeaddrinfo);
  Descriptor listener(socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int on = 1;
  setsockopt(listener.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(listener.get(), found->ai_addr, found->ai_addrlen) != 0 ||
      listen(listener.get(), SOMAXCONN) != 0)
    throw std::runtime_error(fmt::format("{}: {}", url, std::system_category().message(errno)));
  return listener;
}

struct Unit {
  ServedBarrier place;
  BarrierController controller;
  BarrierMischief mischief;
  std::uint64_t requests = 0;
};

struct Endpoint {
  std::string url;
  Descriptor listener;
  std::map<std::uint8_t, std::size_t> units;  // unit id → barrier
};

/// A request whose time to act or to be answered is still to come.
struct Pending {
  std::size_t barrier = 0;
  RequestCourse course;
  ModbusFrame request;
  Pdu answer;
};

struct Connection {
  Descriptor socket;
  std::size_t endpoint = 0;
  FrameReader reader;
  std::vector<Pending> pending;
  bool is_over = false;
};

}  // namespace

class BarrierServer::Impl {
 public:
  Impl(std::vector<ServedBarrier> barriers, std::uint64_t seed)
      : chance_(seed), wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    for (auto& barrier : barriers) {
      auto& endpoint = endpoint_at(barrier.url);
      if (!endpoint.units.emplace(barrier.unit, units_.size()).second)
        throw std::invalid_argument(
            fmt::format("{}: unit {} is there twice", barrier.url, barrier.unit));
      const BarrierController controller(barrier.profile, barrier.travel);
      units_.push_back({.place = std::move(barrier), .controller = controller});
    }
    thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
  }

  ~Impl() {
    thread_.request_stop();
    eventfd_write(wake_.get(), 1);
  }

  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  [[nodiscard]] const std::vector<Unit>& units() const { return units_; }

  /// Something is done to a barrier as it is now.
  template <class Use>
  auto with(std::size_t barrier, Use use) {
    const std::lock_guard lock(mutex_);
    auto& unit = units_.at(barrier);
    const auto now = since_start();
    unit.controller.advance(now);
    return use(unit, now);
  }

 private:
  [[nodiscard]] VirtualTime since_start() const {
    return std::chrono::floor<VirtualTime>(std::chrono::steady_clock::now() - started_);
  }

  Endpoint& endpoint_at(const std::string& url) {
    const auto found = std::ranges::find(endpoints_, url, &Endpoint::url);
    if (found != endpoints_.end()) return *found;
    endpoints_.push_back({.url = url, .listener = listen_at(url)});
    return endpoints_.back();
  }

  void serve(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      std::vector<pollfd> watched{{.fd = wake_.get(), .events = POLLIN}};
      for (const auto& endpoint : endpoints_)
        watched.push_back({.fd = endpoint.listener.get(), .events = POLLIN});
      for (const auto& connection : connections_)
        watched.push_back({.fd = connection.socket.get(), .events = POLLIN});
      const auto wait = std::chrono::ceil<std::chrono::milliseconds>(until_next_due());
      poll(watched.data(), watched.size(), static_cast<int>(wait.count()));
      const std::lock_guard lock(mutex_);
      const std::size_t first = 1 + endpoints_.size();
      for (std::size_t i = 0; i < connections_.size(); ++i) {
        if (watched[first + i].revents != 0) receive(connections_[i]);
        settle_due(connections_[i]);
      }
      std::erase_if(connections_, [](const auto& connection) { return connection.is_over; });
      for (std::size_t i = 0; i < endpoints_.size(); ++i) {
        if (watched[1 + i].revents != 0) accept_at(i);
      }
    }
  }

  [[nodiscard]] VirtualTime until_next_due() const {
    auto wait = idle_wait;
    const auto now = since_start();
    for (const auto& connection : connections_) {
      for (const auto& each : connection.pending) {
        if (each.course.act_at) wait = std::min(wait, *each.course.act_at - now);
        if (each.course.answer_at) wait = std::min(wait, *each.course.answer_at - now);
      }
    }
    return std::max(wait, VirtualTime(0));
  }

  void accept_at(std::size_t endpoint) {
    Descriptor socket(accept4(endpoints_[endpoint].listener.get(), nullptr, nullptr,
                              SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket.get() < 0 || connections_.size() >= connections_max) return;
    const int on = 1;
    setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    connections_.push_back({.socket = std::move(socket), .endpoint = endpoint});
  }

  void receive(Connection& connection) {
    std::array<std::uint8_t, 1024> bytes{};
    const auto count = recv(connection.socket.get(), bytes.data(), bytes.size(), 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    connection.is_over = count <= 0;
    if (connection.is_over) return;
    connection.reader.append({bytes.data(), static_cast<std::size_t>(count)});
    while (!connection.is_over) {
      auto frame = connection.reader.next();
      if (!frame) break;
      begin(connection, std::move(*frame));
    }
    connection.is_over |= connection.reader.is_broken();
  }

  void begin(Connection& connection, ModbusFrame request) {
    const auto& units = endpoints_[connection.endpoint].units;
    const auto found = units.find(request.unit);
    if (found == units.end()) {
      auto answer = exception_answer(request.pdu, ModbusException::no_such_unit);
      return send_answer(connection, request, std::move(answer));
    }
    auto& unit = units_[found->second];
    ++unit.requests;
    const auto course = course_of(unit.mischief, since_start(), chance_);
    if (course.hang_up || connection.pending.size() >= pending_max) {
      connection.is_over = true;
      return;
    }
    Pending pending{.barrier = found->second, .course = course, .request = std::move(request)};
    if (course.is_exception)
      pending.answer = exception_answer(pending.request.pdu, ModbusException::device_failure);
    connection.pending.push_back(std::move(pending));
  }

  void settle_due(Connection& connection) {
    const auto now = since_start();
    for (auto& each : connection.pending) {
      auto& [act_at, answer_at, is_exception, hang_up] = each.course;
      if (act_at && *act_at <= now) {
        each.answer = units_[each.barrier].controller.answer(each.request.pdu, now);
        act_at.reset();
      }
      if (!act_at && answer_at && *answer_at <= now) {
        send_answer(connection, each.request, std::move(each.answer));
        answer_at.reset();
      }
    }
    std::erase_if(connection.pending, [](const Pending& each) {
      return !each.course.act_at && !each.course.answer_at;
    });
  }

  static void send_answer(Connection& connection, const ModbusFrame& request, Pdu answer) {
    const auto bytes = to_bytes(
        {.transaction = request.transaction, .unit = request.unit, .pdu = std::move(answer)});
    // A peer that does not read what it asked for is hung up on.
    const auto sent =
        send(connection.socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent != static_cast<ssize_t>(bytes.size())) connection.is_over = true;
  }

  // Constant after construction.
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  std::vector<Endpoint> endpoints_;
  // The thread's own.
  Random chance_;
  std::vector<Connection> connections_;
  // Protected by mutex_.
  std::mutex mutex_;
  std::vector<Unit> units_;
  Descriptor wake_;
  std::jthread thread_;  // last: it ends before what it uses
};

BarrierServer::BarrierServer(std::vector<ServedBarrier> barriers, std::uint64_t seed)
    : impl_(std::make_unique<Impl>(std::move(barriers), seed)) {}
BarrierServer::~BarrierServer() = default;

std::size_t BarrierServer::size() const { return impl_->units().size(); }
const std::string& BarrierServer::id(std::size_t barrier) const {
  return impl_->units().at(barrier).place.id;
}

void BarrierServer::set_loop(std::size_t barrier, Loop loop, bool on) {
  impl_->with(barrier, [&](Unit& unit, VirtualTime now) {
    if (loop == Loop::presence)
      unit.controller.arm().set_presence(on);
    else
      unit.controller.arm().set_safety(on, now);
  });
}

void BarrierServer::set_mischief(std::size_t barrier, const BarrierMischief& mischief) {
  impl_->with(barrier, [&](Unit& unit, VirtualTime now) {
    unit.mischief = mischief;
    unit.controller.set_fault(mischief.fault, now);
    unit.controller.arm().set_jammed(mischief.stick || mischief.fault, now);
  });
}

BarrierMischief BarrierServer::mischief(std::size_t barrier) const {
  return impl_->with(barrier, [](const Unit& unit, VirtualTime) { return unit.mischief; });
}

BarrierView BarrierServer::view(std::size_t barrier) const {
  return impl_->with(barrier, [](const Unit& unit, VirtualTime) {
    const auto& arm = unit.controller.arm();
    return BarrierView{.arm = arm.state(),
                       .presence = arm.presence(),
                       .safety = arm.safety(),
                       .cycles = arm.cycles(),
                       .closed_over_vehicle = arm.closed_over_vehicle(),
                       .forced = arm.forced(),
                       .requests = unit.requests};
  });
}

}  // namespace gatehouse::simulators
