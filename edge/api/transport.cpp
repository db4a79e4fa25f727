#include "edge/api/transport.hpp"

#include "edge/api/crowds.hpp"
#include "edge/api/io_thread.hpp"
#include "edge/api/limits.hpp"
#include "edge/api/open_requests.hpp"
#include "edge/api/pending.hpp"
#include "edge/api/request_target.hpp"
#include "edge/api/secure_listener.hpp"
#include "edge/api/unreadable.hpp"

#include <algorithm>
#include <atomic>
#include <deque>
#include <future>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <unordered_map>
#include <utility>

#include <netinet/tcp.h>
#include <poll.h>
#include <restinio/all.hpp>
#include <spdlog/spdlog.h>

namespace gatehouse::api {
namespace {

using UserTimeout = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_USER_TIMEOUT>;
using StreamBuilder = restinio::response_builder_t<restinio::chunked_output_t>;

/// Told of every connection that comes and goes.
struct ConnectionListener {
  std::function<void(const restinio::connection_state::notice_t&)> on_notice;
  void state_changed(const restinio::connection_state::notice_t& notice) { on_notice(notice); }
};

using Socket = SecureSocket<asio::ip::tcp::socket, Door>;

// RESTinio's own limit of connections is not used: its counter is pointed to by connections that
// outlive it at the end, and a client that hangs up while being accepted lowers the limit for good.
// Its address filter is not used either: it terminates the process on the same client.
struct Traits : restinio::default_single_thread_traits_t {
  using request_handler_t =
      std::function<restinio::request_handling_status_t(const restinio::request_handle_t&)>;
  using connection_state_listener_t = ConnectionListener;
  using logger_t = ParseErrors;
  using stream_socket_t = Socket;
};
using HttpServer = restinio::http_server_t<Traits>;

Request to_request(const restinio::request_t& raw, bool is_https) {
  Request request;
  request.method = method_named(raw.header().method().c_str());
  RequestTarget target = parse_request_target(raw.header().request_target());
  request.path = std::move(target.path);
  request.query = std::move(target.query);
  if (target.host) request.headers.push_back({"Host", *target.host});
  raw.header().for_each_field([&](const restinio::http_header_field_t& field) {
    if (target.host && equal_without_case(field.name(), "Host")) return;  // RFC 9112, 3.2.2
    request.headers.push_back({field.name(), field.value()});
  });
  request.body = raw.body();
  request.peer_address = raw.remote_endpoint().address().to_string();
  request.is_https = is_https;
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

/// One address that is listened on.
struct Front {
  Streams::Id first_id = 0;  // RESTinio counts each front's connections from 1
  bool is_https = false;
  std::function<void(Request, Answer)> request;
  std::shared_ptr<Door> door = std::make_shared<Door>();
  std::unique_ptr<HttpServer> http;
  std::uint16_t port = 0;
  int listening_descriptor = -1;
  std::uint64_t came = 0;
  std::uint64_t came_before_heartbeat = 0;
};
constexpr Streams::Id second_front = Streams::Id{1} << 62U;

using Requests = OpenRequests<restinio::request_handle_t>;

}  // namespace

struct Transport::Parts {
  explicit Parts(Owner owner_) : owner(std::move(owner_)) {}

  void open(Front& front, const ListenAddress& listen);
  Crowds::Place come(Front& front, const std::string& address);
  restinio::request_handling_status_t on_request(const Front& front,
                                                 const restinio::request_handle_t& raw);
  void respond_soon(Requests::Number number, Response response);
  void respond_to_all_ready();
  void respond(Requests::Number number, Response response);
  std::string words_for_unreadable(std::uint64_t connection, std::string_view error);
  void write(const Requests::One& request, Response response);
  void on_notice(const Front& front, const restinio::connection_state::notice_t& notice);
  void forget_requests_of(Streams::Id connection);
  void tell_if_all_answered();
  void listen_again_if_deaf(Front& front);

  const Owner owner;
  std::size_t connections_max = 0;
  std::unique_ptr<Crowds> crowds;
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> refused{0};
  std::atomic<std::uint64_t> connections{0};
  std::atomic<std::uint64_t> handshakes_failed{0};

  // RESTinio tells twice of the end of a connection whose read and write fail together.
  std::unordered_map<Streams::Id, Crowds::Place> open_connections;  // the transport's thread
  Requests unanswered;                                              // the transport's thread
  std::deque<std::pair<Requests::Number, Response>> ready;  // to be written at the next opportunity
  bool is_ending = false;                                   // nothing new is taken
  OnParseError on_unreadable;
  // The transport's thread while it runs. Connections live in `io`'s handlers and end with it.
  IoThread io{[](const std::exception& wrong) { spdlog::error("http: {}", wrong.what()); }};
  Front main;
  Front redirect;
};

void Transport::Parts::open(Front& front, const ListenAddress& listen) {
  const auto listener = std::make_shared<ConnectionListener>();
  listener->on_notice = [this, &front](const auto& notice) { on_notice(front, notice); };
  front.door->comes = [this, &front](const std::string& address) { return come(front, address); };
  const auto configure = [&](restinio::server_settings_t<Traits>& to) {
    to.door(front.door);
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
        .acceptor_post_bind_hook([&front](asio::ip::tcp::acceptor& acceptor) {
          front.port = acceptor.local_endpoint().port();
          front.listening_descriptor = acceptor.native_handle();
        })
        .request_handler([this, &front](const restinio::request_handle_t& raw) {
          return on_request(front, raw);
        });
  };
  front.http = std::make_unique<HttpServer>(restinio::external_io_context(io.context()), configure);
  front.http->open_sync();
}

/// Throws to refuse one.
Crowds::Place Transport::Parts::come(Front& front, const std::string& address) {
  ++accepted;
  ++front.came;
  if (open_connections.size() + main.door->shaking.size() < connections_max) {
    if (auto place = crowds->enter(owner.crowd(address))) return place;
  }
  ++refused;
  throw std::runtime_error("too many connections");
}

restinio::request_handling_status_t Transport::Parts::on_request(
    const Front& front, const restinio::request_handle_t& raw) {
  const auto here = std::this_thread::get_id();
  const auto number = unanswered.add(raw, front.first_id + raw->connection_id());
  if (is_ending) {
    Response refusal = owner.unreadable(too_busy());
    refusal.body_withheld = raw->header().method() == restinio::http_method_head();
    respond_soon(number, std::move(refusal));
    return restinio::request_accepted();
  }
  front.request(to_request(*raw, front.is_https), [this, number, here](Response response) {
    if (std::this_thread::get_id() == here) return respond_soon(number, std::move(response));
    io.post([this, number, later = std::move(response)]() mutable {
      respond(number, std::move(later));
    });
  });
  return restinio::request_accepted();
}

/// Not out of the call that brings the request: RESTinio loses count of a pipeline whose requests
/// are answered while it still reads them, and closes it after the third.
void Transport::Parts::respond_soon(Requests::Number number, Response response) {
  ready.emplace_back(number, std::move(response));
  if (ready.size() == 1) io.post([this] { respond_to_all_ready(); });
}

void Transport::Parts::respond_to_all_ready() {
  while (!ready.empty()) {
    auto [number, response] = std::move(ready.front());
    ready.pop_front();
    respond(number, std::move(response));
  }
}

/// Only where the answer cannot be taken for that of an earlier request of the pipeline. Of two
/// fronts' connections of one number either one's requests are a reason to be silent.
std::string Transport::Parts::words_for_unreadable(std::uint64_t connection,
                                                   std::string_view error) {
  respond_to_all_ready();
  const bool others_wait =
      unanswered.any_of([&](const auto& raw) { return raw->connection_id() == connection; });
  return others_wait ? "" : last_answer(owner.unreadable(answer_to_parse_error(error)));
}

void Transport::Parts::respond(Requests::Number number, Response response) {
  if (const auto request = unanswered.take(number)) write(*request, std::move(response));
  tell_if_all_answered();
}

/// After what RESTinio has put behind it: so the answers are with the kernel by then.
void Transport::Parts::tell_if_all_answered() {
  if (auto done = unanswered.take_if_done()) io.post(std::move(done));
}

void Transport::Parts::write(const Requests::One& request, Response response) {
  const auto& raw = request.raw;
  if (response.stream != StreamKind::none) {
    if (!owner.has_stream(request.connection)) {
      auto stream = std::make_unique<StreamResponse>(
          begin_response<restinio::chunked_output_t>(raw, response));
      return owner.stream_opened(request.connection, std::move(stream), std::move(response));
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

void Transport::Parts::on_notice(const Front& front,
                                 const restinio::connection_state::notice_t& notice) {
  const Streams::Id id = front.first_id + notice.connection_id();
  if (std::holds_alternative<restinio::connection_state::accepted_t>(notice.cause())) {
    open_connections.emplace(id, std::exchange(front.door->entering, nullptr));
  } else if (open_connections.erase(id) == 1) {
    owner.connection_closed(id);
    forget_requests_of(id);
  }
  connections = open_connections.size();
}

/// Nobody waits for them any more. Not at once: the connection itself is telling of its end.
void Transport::Parts::forget_requests_of(Streams::Id connection) {
  if (unanswered.empty()) return;
  io.post([this, connection] {
    unanswered.forget(connection);
    tell_if_all_answered();
  });
}

/// RESTinio stops accepting for good once accept() has failed, as it does when the process or the
/// system is out of descriptors or memory. Then somebody waits and nobody is let in.
void Transport::Parts::listen_again_if_deaf(Front& front) {
  if (!front.http) return;
  const bool nobody_came = std::exchange(front.came_before_heartbeat, front.came) == front.came;
  pollfd waiting{.fd = front.listening_descriptor, .events = POLLIN, .revents = 0};
  if (!nobody_came || poll(&waiting, 1, 0) != 1) return;
  spdlog::warn("http: accepting had stopped, most likely for want of descriptors; listening anew");
  front.http->close_sync();
  front.http->open_sync();
}

std::error_code error_of(TlsSession::Outcome outcome) {
  if (outcome == TlsSession::Outcome::done) return {};
  if (outcome == TlsSession::Outcome::ended) return asio::error::eof;
  return asio::error::connection_aborted;
}

Transport::Transport(Owner owner) : parts_(std::make_unique<Parts>(std::move(owner))) {}

Transport::~Transport() { stop(); }

void Transport::start(const Listening& listening) {
  Parts& parts = *parts_;
  parts.connections_max = listening.connections_max;
  parts.crowds = std::make_unique<Crowds>(listening.per_network_max);
  parts.main.request = parts.owner.request;
  parts.main.is_https = static_cast<bool>(listening.tls);
  parts.main.door->tls = listening.tls;
  parts.redirect.request = parts.owner.plain_request;
  parts.redirect.first_id = second_front;
  parts.open(parts.main, listening.at);
  if (listening.redirect) parts.open(parts.redirect, *listening.redirect);
  parts.io.every(limits::heartbeat_interval, [&parts] {
    parts.owner.heartbeat();
    parts.listen_again_if_deaf(parts.main);
    parts.listen_again_if_deaf(parts.redirect);
  });
  parts.io.every(limits::tick_interval, [&parts] {
    parts.main.door->give_up_the_late(std::chrono::steady_clock::now());
    parts.handshakes_failed = parts.main.door->failed;
    parts.owner.tick();
  });
  parts.on_unreadable = [&parts](std::uint64_t connection, std::string_view error) {
    return parts.words_for_unreadable(connection, error);
  };
  parts.io.start([&parts] { on_parse_error = &parts.on_unreadable; });
}

std::uint16_t Transport::port() const { return parts_->main.port; }
std::uint16_t Transport::redirect_port() const { return parts_->redirect.port; }

void Transport::finish(std::chrono::milliseconds patience) {
  Parts& parts = *parts_;
  if (!parts.io.is_running()) return;
  const auto finished = std::make_shared<std::promise<void>>();
  const std::future<void> is_finished = finished->get_future();
  parts.io.post([&parts, finished] {
    parts.is_ending = true;
    parts.unanswered.when_done([finished] { finished->set_value(); });
    parts.tell_if_all_answered();
  });
  is_finished.wait_for(patience);
}

void Transport::stop() {
  Parts& parts = *parts_;
  const auto close = [&parts](Front& front) {
    if (front.http) front.http->close_sync();
  };
  parts.io.stop([&parts, &close] {
    parts.owner.stopping();
    parts.ready.clear();
    parts.unanswered.clear();
    close(parts.main);
    close(parts.redirect);
  });
  parts.unanswered.clear();
  parts.main.http.reset();
  parts.redirect.http.reset();
  parts.io.clear();
  parts.connections = 0;
}

void Transport::post(std::function<void()> work) { parts_->io.post(std::move(work)); }

void Transport::run_at(std::chrono::steady_clock::time_point when, std::function<void()> work) {
  parts_->io.run_at(when, std::move(work));
}

Transport::Counts Transport::counts() const {
  return {parts_->accepted, parts_->refused, parts_->connections, parts_->handshakes_failed};
}

}  // namespace gatehouse::api
