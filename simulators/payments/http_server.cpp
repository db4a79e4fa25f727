#include "simulators/payments/http_server.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>
#include <utility>

#include <restinio/all.hpp>

namespace gatehouse::simulators {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t body_bytes_max = 64UL * 1024;
// Longer than anybody waits for an answer that was lost.
constexpr auto lost_for = 30s;

struct Traits : restinio::default_single_thread_traits_t {
  using request_handler_t =
      std::function<restinio::request_handling_status_t(const restinio::request_handle_t&)>;
};
using HttpServer = restinio::http_server_t<Traits>;

SimRequest to_request(const restinio::request_t& raw) {
  SimRequest request;
  request.method = raw.header().method() == restinio::http_method_post()  ? "POST"
                   : raw.header().method() == restinio::http_method_get() ? "GET"
                                                                          : "other";
  request.path = std::string(raw.header().path());
  request.query = form_values(std::string(raw.header().query()));
  raw.header().for_each_field([&](const restinio::http_header_field_t& field) {
    std::string name = field.name();
    std::ranges::transform(name, name.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    });
    request.headers.emplace_back(std::move(name), field.value());
  });
  request.body = raw.body();
  return request;
}

void write(const restinio::request_handle_t& raw, const SimAnswer& answer) {
  auto builder = raw->create_response<restinio::user_controlled_output_t>(
      {restinio::http_status_code_t(static_cast<std::uint16_t>(answer.reply.status)), "Said"});
  builder.append_header(restinio::http_field::content_type, answer.reply.content_type);
  for (const auto& [name, value] : answer.reply.headers) builder.append_header(name, value);
  if (answer.hangs_up) {
    // The line breaks in the middle of the answer.
    builder.connection_close();
    builder.set_content_length(answer.reply.body.size() + 1'000);
  } else {
    builder.set_content_length(answer.reply.body.size());
  }
  builder.set_body(answer.reply.body);
  builder.done();
}

}  // namespace

class SimHttpServer::Impl {
 public:
  ~Impl() { stop(); }

  void listen(std::string host, std::uint16_t port, Handler handler) {
    places_.push_back({std::move(host), port, std::move(handler)});
  }

  void start() {
    for (Place& place : places_) {
      servers_.push_back(make_server(place));
      servers_.back()->open_sync();
    }
    thread_ = std::thread([this] { run(); });
  }

  std::vector<std::uint16_t> ports() const {
    std::vector<std::uint16_t> ports;
    for (const Place& place : places_) ports.push_back(place.port);
    return ports;
  }

  void stop() {
    if (!thread_.joinable()) return;
    asio::post(io_, [this] {
      for (const auto& server : servers_) server->close_sync();
      io_.stop();
    });
    thread_.join();
  }

 private:
  struct Place {
    std::string host;
    std::uint16_t port;
    Handler handler;
  };

  std::unique_ptr<HttpServer> make_server(Place& place) {
    const auto configure = [&](restinio::server_settings_t<Traits>& to) {
      to.port(place.port)
          .address(place.host)
          .max_pipelined_requests(1)
          .read_next_http_message_timelimit(60s)
          .handle_request_timeout(lost_for)
          .incoming_http_msg_limits(
              restinio::incoming_http_msg_limits_t{}.max_body_size(body_bytes_max))
          .acceptor_post_bind_hook([&place](asio::ip::tcp::acceptor& acceptor) {
            place.port = acceptor.local_endpoint().port();
          })
          .request_handler([this, &place](const restinio::request_handle_t& raw) {
            answer_later(raw, place.handler(to_request(*raw)));
            return restinio::request_accepted();
          });
    };
    return std::make_unique<HttpServer>(restinio::external_io_context(io_), configure);
  }

  /// Never out of the call that brings the request; what is lost is kept for as long as the other
  /// side may wait for it.
  void answer_later(const restinio::request_handle_t& raw, SimAnswer answer) {
    const auto timer = std::make_shared<asio::steady_timer>(io_);
    timer->expires_after(answer.is_lost ? std::chrono::milliseconds(lost_for) : answer.delay);
    timer->async_wait([raw, timer, said = std::move(answer)](const asio::error_code& wrong) {
      if (!wrong && !said.is_lost) write(raw, said);
    });
  }

  void run() {
    for (;;) {
      try {
        io_.run();
        return;
      } catch (const std::exception& wrong) {
        std::fprintf(stderr, "gatehouse-sim: %s\n", wrong.what());
      }
    }
  }

  // Places do not move once they are listened on: handlers refer to them.
  std::vector<Place> places_;
  asio::io_context io_{1};
  std::vector<std::unique_ptr<HttpServer>> servers_;
  std::thread thread_;
};

SimHttpServer::SimHttpServer() : impl_(std::make_unique<Impl>()) {}
SimHttpServer::~SimHttpServer() = default;
void SimHttpServer::listen(std::string host, std::uint16_t port, Handler handler) {
  impl_->listen(std::move(host), port, std::move(handler));
}
void SimHttpServer::start() { impl_->start(); }
std::vector<std::uint16_t> SimHttpServer::ports() const { return impl_->ports(); }
void SimHttpServer::stop() { impl_->stop(); }

}  // namespace gatehouse::simulators
