#include "edge/api/transport.hpp"

#include "edge/api/limits.hpp"
#include "edge/api/request_target.hpp"
#include "edge/api/unreadable.hpp"

#include <algorithm>
#include <atomic>
#include <deque>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <netinet/tcp.h>
#include <poll.h>
#include <restinio/all.hpp>
#include <spdlog/spdlog.h>

namespace gatehouse::api {
namespace {

using UserTimeout = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_USER_TIMEOUT>;
using StreamBuilder = restinio::response_builder_t<restinio::chunked_output_t>;

/// Told of every connection that comes and goes. Throws to refuse one.
struct ConnectionListener {
  std::function<void(const restinio::connection_state::notice_t&)> on_notice;
  void state_changed(const restinio::connection_state::notice_t& notice) { on_notice(notice); }
};

/// A socket that has the last word (unreadable.hpp).
class AnsweringSocket : public asio::ip::tcp::socket {
 public:
  using Base = asio::ip::tcp::socket;
  using Base::Base;
  void shutdown(Base::shutdown_type what, asio::error_code& wrong) {
    say_last_words(native_handle());
    Base::shutdown(what, wrong);
  }
};

// RESTinio's own limit of connections is not used: its counter is pointed to by connections that
// outlive it at the end, and a client that hangs up while being accepted lowers the limit for good.
// Its address filter is not used either: it terminates the process on the same client.
struct Traits : restinio::default_single_thread_traits_t {
  using request_handler_t =
      std::function<restinio::request_handling_status_t(const restinio::request_handle_t&)>;
  using connection_state_listener_t = ConnectionListener;
  using logger_t = ParseErrors;
  using stream_socket_t = AnsweringSocket;
};
using HttpServer = restinio::http_server_t<Traits>;

Method to_method(const restinio::http_method_id_t& method) {
  if (method == restinio::http_method_get()) return Method::get;
  if (method == restinio::http_method_head()) return Method::head;
  if (method == restinio::http_method_post()) return Method::post;
  if (method == restinio::http_method_put()) return Method::put;
  if (method == restinio::http_method_patch()) return Method::patch;
  if (method == restinio::http_method_delete()) return Method::delete_;
  if (method == restinio::http_method_options()) return Method::options;
  return Method::other;
}

Request to_request(const restinio::request_t& raw) {
  Request request;
  request.method = to_method(raw.header().method());
  RequestTarget target = parse_request_target(raw.header().request_target());
  request.path = std::move(target.path);
  request.query = std::move(target.query);
  if (target.host) request.headers.push_back({"Host", *target.host});  // the first one counts
  raw.header().for_each_field([&](const restinio::http_header_field_t& field) {
    request.headers.push_back({field.name(), field.value()});
  });
  request.body = raw.body();
  request.peer_address = raw.remote_endpoint().address().to_string();
  return request;
}

template <class Output>
auto begin_response(const restinio::request_handle_t& raw, const Response& response) {
  // After a request to upgrade RESTinio guards the connection with no timeout any more, so such a
  // connection ends with its answer.
  const bool is_last = raw->header().connection() == restinio::http_connection_header_t::upgrade;
  auto builder = raw->create_response<Output>(
      {restinio::http_status_code_t(static_cast<std::uint16_t>(response.status)),
       std::string(reason_phrase(response.status))});
  if (is_last) builder.connection_close();
  if (!response.content_type.empty())
    builder.append_header(restinio::http_field::content_type, response.content_type);
  for (const Header& header : response.headers) builder.append_header(header.name, header.value);
  return builder;
}

class StreamResponse final : public StreamConnection {
 public:
  explicit StreamResponse(StreamBuilder builder) : builder_(std::move(builder)) {}
  void send(const std::vector<Chunk>& chunks, Written written) override {
    for (const Chunk& chunk : chunks) builder_.append_chunk(restinio::writable_item_t(chunk));
    builder_.flush(
        [report = std::move(written)](const asio::error_code& wrong) { report(!wrong); });
  }
  void end() override { builder_.done(); }

 private:
  StreamBuilder builder_;
};

restinio::incoming_http_msg_limits_t message_limits() {
  return restinio::incoming_http_msg_limits_t{}
      .max_url_size(limits::target_characters_max)
      .max_field_name_size(limits::header_name_characters_max)
      .max_field_value_size(limits::header_value_characters_max)
      .max_field_count(limits::headers_max)
      .max_body_size(limits::body_bytes_read_max);
}

void set_socket_options(restinio::socket_options_t& options) {
  options.set_option(asio::ip::tcp::no_delay(true));
  options.set_option(asio::socket_base::send_buffer_size(limits::send_buffer_bytes));
  options.set_option(UserTimeout(static_cast<int>(limits::unacknowledged.count())));
}

using RequestNumber = std::uint64_t;

}  // namespace

struct Transport::Parts {
  explicit Parts(Owner owner_) : owner(std::move(owner_)) {}

  std::unique_ptr<HttpServer> make_http(const ListenAddress& listen);
  restinio::request_handling_status_t on_request(const restinio::request_handle_t& raw);
  void respond_soon(RequestNumber number, Response response);
  void respond_to_all_ready();
  void respond(RequestNumber number, Response response);
  std::string words_for_unreadable(std::uint64_t connection, std::string_view error);
  void write(const restinio::request_handle_t& raw, Response response);
  void on_notice(const restinio::connection_state::notice_t& notice);
  void forget_requests_of(restinio::connection_id_t connection);
  void post(std::function<void()> work);
  void run();
  void arrange_heartbeat();
  void arrange_tick();
  void listen_again_if_deaf();

  const Owner owner;
  std::uint16_t port = 0;
  std::size_t connections_max = 0;
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> refused{0};
  std::atomic<std::uint64_t> connections{0};

  // Whoever is on another thread posts under the mutex, so that nothing is posted to what is gone.
  std::mutex mutex;
  bool is_running = false;  // protected by mutex
  std::thread thread;

  // RESTinio tells twice of the end of a connection whose read and write fail together.
  std::unordered_set<restinio::connection_id_t> open_connections;  // the transport's thread
  // Requests that are not answered yet. They hold on to their connections, which end with `io`: so
  // nobody else keeps one, however late the answer. The transport's thread.
  std::unordered_map<RequestNumber, restinio::request_handle_t> unanswered;
  RequestNumber last_request = 0;
  std::deque<std::pair<RequestNumber, Response>> ready;  // to be written at the next opportunity
  OnParseError on_unreadable;
  // The transport's thread while it runs. Connections live in `io`'s handlers and end with it.
  std::unique_ptr<asio::io_context> io;
  std::unique_ptr<HttpServer> http;
  std::unique_ptr<asio::steady_timer> timer;
  std::unique_ptr<asio::steady_timer> heartbeat_timer;
  std::unique_ptr<asio::steady_timer> tick_timer;
  int listening_descriptor = -1;
  std::uint64_t accepted_at_heartbeat = 0;
};

std::unique_ptr<HttpServer> Transport::Parts::make_http(const ListenAddress& listen) {
  const auto listener = std::make_shared<ConnectionListener>();
  listener->on_notice = [this](const auto& notice) { on_notice(notice); };
  const auto configure = [&](restinio::server_settings_t<Traits>& to) {
    to.port(listen.port)
        .address(listen.host)
        .buffer_size(2048)
        .max_pipelined_requests(2)  // so that a stream's connection is read, and its end noticed
        .read_next_http_message_timelimit(limits::read_request)
        .write_http_response_timelimit(limits::write_response)
        .handle_request_timeout(limits::handle_request)
        .incoming_http_msg_limits(message_limits())
        .connection_state_listener(listener)
        .socket_options_setter(set_socket_options)
        .acceptor_post_bind_hook([this](asio::ip::tcp::acceptor& acceptor) {
          port = acceptor.local_endpoint().port();
          listening_descriptor = acceptor.native_handle();
        })
        .request_handler([this](const restinio::request_handle_t& raw) { return on_request(raw); });
  };
  return std::make_unique<HttpServer>(restinio::external_io_context(*io), configure);
}

restinio::request_handling_status_t Transport::Parts::on_request(
    const restinio::request_handle_t& raw) {
  const auto here = std::this_thread::get_id();
  const RequestNumber number = ++last_request;
  unanswered.emplace(number, raw);
  owner.request(to_request(*raw), [this, number, here](Response response) {
    if (std::this_thread::get_id() == here) return respond_soon(number, std::move(response));
    post([this, number, later = std::move(response)]() mutable {
      respond(number, std::move(later));
    });
  });
  return restinio::request_accepted();
}

/// Not out of the call that brings the request: RESTinio loses count of a pipeline whose requests
/// are answered while it still reads them, and closes it after the third.
void Transport::Parts::respond_soon(RequestNumber number, Response response) {
  ready.emplace_back(number, std::move(response));
  if (ready.size() == 1) asio::post(*io, [this] { respond_to_all_ready(); });
}

void Transport::Parts::respond_to_all_ready() {
  while (!ready.empty()) {
    auto [number, response] = std::move(ready.front());
    ready.pop_front();
    respond(number, std::move(response));
  }
}

/// Only where the answer cannot be taken for that of an earlier request of the pipeline.
std::string Transport::Parts::words_for_unreadable(std::uint64_t connection,
                                                   std::string_view error) {
  respond_to_all_ready();
  const bool others_wait = std::ranges::any_of(unanswered, [&](const auto& request) {
    return request.second->connection_id() == connection;
  });
  return others_wait ? "" : last_answer(owner.unreadable(answer_to_parse_error(error)));
}

void Transport::Parts::respond(RequestNumber number, Response response) {
  const auto found = unanswered.extract(number);
  if (!found.empty()) write(found.mapped(), std::move(response));
}

void Transport::Parts::write(const restinio::request_handle_t& raw, Response response) {
  const Streams::Id id = raw->connection_id();
  if (response.stream != StreamKind::none) {
    if (!owner.has_stream(id)) {
      auto stream = std::make_unique<StreamResponse>(
          begin_response<restinio::chunked_output_t>(raw, response));
      return owner.stream_opened(id, std::move(stream), std::move(response));
    }
    Response refusal =
        failure(400, "already_streaming", "This connection carries a stream already");
    refusal.headers = std::move(response.headers);
    response = std::move(refusal);
  }
  auto builder = begin_response<restinio::user_controlled_output_t>(raw, response);
  builder.set_content_length(response.body.size());
  if (!response.body_withheld) builder.set_body(std::move(response.body));
  builder.done();
}

void Transport::Parts::on_notice(const restinio::connection_state::notice_t& notice) {
  if (std::holds_alternative<restinio::connection_state::accepted_t>(notice.cause())) {
    ++accepted;
    if (open_connections.size() >= connections_max) {
      ++refused;
      throw std::runtime_error("too many connections");
    }
    open_connections.insert(notice.connection_id());
  } else if (open_connections.erase(notice.connection_id()) == 1) {
    owner.connection_closed(notice.connection_id());
    forget_requests_of(notice.connection_id());
  }
  connections = open_connections.size();
}

/// Nobody waits for them any more. Not at once: the connection itself is telling of its end.
void Transport::Parts::forget_requests_of(restinio::connection_id_t connection) {
  if (unanswered.empty()) return;
  asio::post(*io, [this, connection] {
    std::erase_if(unanswered, [&](const auto& request) {
      return request.second->connection_id() == connection;
    });
  });
}

void Transport::Parts::post(std::function<void()> work) {
  const std::scoped_lock lock(mutex);
  if (is_running) asio::post(*io, std::move(work));
}

void Transport::Parts::run() {
  on_unreadable = [this](std::uint64_t connection, std::string_view error) {
    return words_for_unreadable(connection, error);
  };
  on_parse_error = &on_unreadable;
  for (;;) {
    try {
      io->run();
      return;
    } catch (const std::exception& wrong) {
      spdlog::error("http: {}", wrong.what());
    }
  }
}

void Transport::Parts::arrange_heartbeat() {
  heartbeat_timer->expires_after(limits::heartbeat_interval);
  heartbeat_timer->async_wait([this](const asio::error_code& wrong) {
    if (wrong) return;
    arrange_heartbeat();
    owner.heartbeat();
    listen_again_if_deaf();
  });
}

void Transport::Parts::arrange_tick() {
  tick_timer->expires_after(limits::tick_interval);
  tick_timer->async_wait([this](const asio::error_code& wrong) {
    if (wrong) return;
    arrange_tick();
    owner.tick();
  });
}

/// RESTinio stops accepting for good once accept() has failed, as it does when the process or the
/// system is out of descriptors or memory. Then somebody waits and nobody is let in.
void Transport::Parts::listen_again_if_deaf() {
  const std::uint64_t accepted_now = accepted;
  const bool nobody_came = std::exchange(accepted_at_heartbeat, accepted_now) == accepted_now;
  pollfd waiting{.fd = listening_descriptor, .events = POLLIN, .revents = 0};
  if (!nobody_came || poll(&waiting, 1, 0) != 1) return;
  spdlog::warn("http: accepting had stopped, most likely for want of descriptors; listening anew");
  http->close_sync();
  http->open_sync();
}

Transport::Transport(Owner owner) : parts_(std::make_unique<Parts>(std::move(owner))) {}

Transport::~Transport() { stop(); }

void Transport::start(const ListenAddress& listen, std::size_t connections_max) {
  Parts& parts = *parts_;
  parts.connections_max = connections_max;
  parts.io = std::make_unique<asio::io_context>(1);
  parts.timer = std::make_unique<asio::steady_timer>(*parts.io);
  parts.heartbeat_timer = std::make_unique<asio::steady_timer>(*parts.io);
  parts.tick_timer = std::make_unique<asio::steady_timer>(*parts.io);
  parts.http = parts.make_http(listen);
  parts.http->open_sync();
  parts.arrange_heartbeat();
  parts.arrange_tick();
  {
    const std::scoped_lock lock(parts.mutex);
    parts.is_running = true;
  }
  parts.thread = std::thread([&parts] { parts.run(); });
}

std::uint16_t Transport::port() const { return parts_->port; }

void Transport::stop() {
  Parts& parts = *parts_;
  if (!parts.thread.joinable()) return;
  parts.post([&parts] {
    parts.owner.stopping();
    parts.ready.clear();
    parts.unanswered.clear();
    parts.http->close_sync();
    parts.io->stop();
  });
  parts.thread.join();
  const std::scoped_lock lock(parts.mutex);
  parts.is_running = false;
  parts.timer.reset();
  parts.heartbeat_timer.reset();
  parts.tick_timer.reset();
  parts.unanswered.clear();
  parts.http.reset();
  parts.io.reset();
  parts.connections = 0;
}

void Transport::post(std::function<void()> work) { parts_->post(std::move(work)); }

void Transport::run_at(std::chrono::steady_clock::time_point when, std::function<void()> work) {
  parts_->timer->expires_at(when);
  parts_->timer->async_wait([todo = std::move(work)](const asio::error_code& wrong) {
    if (!wrong) todo();
  });
}

Transport::Counts Transport::counts() const {
  return {parts_->accepted, parts_->refused, parts_->connections};
}

}  // namespace gatehouse::api
