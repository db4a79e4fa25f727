#include "edge/api/server.hpp"

#include "edge/api/desk.hpp"
#include "edge/api/endpoints.hpp"
#include "edge/api/limits.hpp"
#include "edge/api/listen_address.hpp"
#include "edge/api/login_throttle.hpp"
#include "edge/api/passwords.hpp"
#include "edge/api/pending.hpp"
#include "edge/api/reading_side.hpp"
#include "edge/api/streams.hpp"
#include "edge/api/tls_files.hpp"
#include "edge/api/transport.hpp"
#include "edge/api/workers.hpp"
#include "edge/domain/invariant.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>

namespace gatehouse::api {
namespace {

/// Raises the soft limit of open files as far as it may go; returns what it is then.
std::size_t raise_descriptor_limit(std::size_t wanted) {
  constexpr std::size_t usual_limit = 1024;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return usual_limit;
  if (limit.rlim_cur < wanted) {
    limit.rlim_cur = std::min<rlim_t>(wanted, limit.rlim_max);
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) return usual_limit;
  }
  return limit.rlim_cur;
}

std::size_t affordable_connections() {
  const std::size_t descriptors =
      raise_descriptor_limit(limits::connections_max + limits::descriptors_reserved);
  const std::size_t spare = descriptors > 2 * limits::descriptors_reserved
                                ? descriptors - limits::descriptors_reserved
                                : descriptors / 2;
  if (spare < limits::connections_max) {
    spdlog::warn("http: {} connections at most, because only {} files may be open", spare,
                 descriptors);
  }
  return std::min(spare, limits::connections_max);
}

ListenAddress listen_address(std::string_view key, const std::string& text) {
  const auto address = parse_listen_address(text);
  if (!address)
    throw std::runtime_error(fmt::format("http.{}: \"{}\" is not address:port", key, text));
  return *address;
}

/// Null: plain HTTP.
std::unique_ptr<TlsFiles> tls_of(const HttpSettings& settings) {
  if (settings.tls_cert_file.empty()) return nullptr;
  try {
    return std::make_unique<TlsFiles>(settings.tls_cert_file, settings.tls_key_file);
  } catch (const std::exception& wrong) {
    throw std::runtime_error(fmt::format("http.tls_cert_file, tls_key_file: {}", wrong.what()));
  }
}

}  // namespace

/// Everything behind a login, in one place: what the Desk refers to.
struct Server::Counter {
  Counter(const SignedInParts& parts, const engine::LotView& view, const engine::Clock& clock,
          const RateLimitSettings& limit, Pending& pending)
      : tokens(parts.token_keys, clock),
        throttle(limit.login_failures, std::chrono::seconds(limit.login_window_s), clock),
        workers(limits::password_threads, limits::passwords_waiting_max),
        desk{.calls = parts.calls,
             .plan = view.plan(),
             .gates = parts.gates,
             .accounts = parts.accounts,
             .tokens = tokens,
             .throttle = throttle,
             .workers = workers,
             .pending = pending,
             .clock = clock,
             .audit = parts.audit,
             .rules = parts.reading ? parts.reading->rules : nullptr} {
    // Made before the first unknown name asks, which would otherwise take longer than any other.
    static_cast<void>(workers.run([] { static_cast<void>(nobodys_hash()); }));
  }
  Tokens tokens;
  LoginThrottle throttle;
  Workers workers;
  Desk desk;
};

struct Server::Parts {
  Parts(HttpSettings settings_, const engine::LotView& view, const HealthSource& health_,
        const engine::Clock& clock_, std::vector<const engine::MetricsSource*> metrics,
        const std::optional<SignedInParts>& signed_in, const BoardParts& board)
      : settings(std::move(settings_)),
        clock(clock_),
        health(health_),
        traffic(board.traffic),
        feed(view, board.minute),
        staff_feed(signed_in ? std::make_unique<StaffFeed>(signed_in->gates) : nullptr),
        trusted_proxies(settings.trusted_proxies),
        streams(feed, clock,
                {.all = limits::streams_max,
                 .for_staff = limits::streams_for_staff,
                 .per_network = limits::streams_per_network_max},
                staff_feed.get()),
        pending(clock),
        rate_limits(settings.rate_limit, clock),
        counter(signed_in ? std::make_unique<Counter>(*signed_in, view, clock, settings.rate_limit,
                                                      pending)
                          : nullptr),
        reading(signed_in && signed_in->reading
                    ? std::make_unique<ReadingSide>(*signed_in->reading, signed_in->accounts, view,
                                                    health, clock, pending)
                    : nullptr),
        router(all_routes({view, health_, clock, std::move(metrics),
                           [this](StreamKind kind, std::string_view address) {
                             return streams.place(kind, crowd_of(address, trusted_proxies));
                           },
                           counter ? &counter->desk : nullptr, reading ? &reading->room : nullptr}),
               {.allowed_hosts = settings.allowed_hosts,
                .cors_origins = settings.cors_origins,
                .trusted_proxies = trusted_proxies,
                .public_url = settings.public_url,
                .limits = &rate_limits},
               identify_by_token(), tell_of_refusals()),
        transport(owner_of_transport()) {}

  Identify identify_by_token() {
    if (!counter) return {};
    return [desk = &counter->desk](std::string_view token) {
      return identify(desk->tokens, desk->accounts, token);
    };
  }

  Refused tell_of_refusals() {
    if (!counter || counter->desk.audit == nullptr) return {};
    return [desk = &counter->desk](const Call& call, const Response& refusal) {
      tell_of_refusal(*desk, call, refusal);
    };
  }

  Transport::Owner owner_of_transport() {
    return {
        .request = [this](Request request,
                          Answer answer) { router.handle(std::move(request), std::move(answer)); },
        .plain_request =
            [this](Request request, Answer answer) {
              router.send_to_https(std::move(request), transport.port(), std::move(answer));
            },
        .crowd = [this](std::string_view address) { return crowd_of(address, trusted_proxies); },
        .unreadable =
            [this](Response response) {
              return router.refusal(std::move(response), tls != nullptr);
            },
        .has_stream = [this](Streams::Id id) { return streams.has(id); },
        .stream_opened =
            [this](Streams::Id id, std::unique_ptr<StreamConnection> connection,
                   Response response) {
              if (streams.count() == 0) look();
              if (response.stream == StreamKind::staff)
                return streams.open_staff(id, std::move(connection), std::move(response.may_go_on));
              streams.open(id, std::move(connection), std::move(response.may_go_on));
            },
        .connection_closed = [this](Streams::Id id) { streams.closed(id); },
        .heartbeat =
            [this] {
              feed.heartbeat(clock.now().utc);
              streams.pump();
            },
        .tick =
            [this] {
              pending.expire();
              look_at_certificate();
              if (streams.count() == 0) return;
              if (++ticks % limits::ticks_between_dismissals == 0) streams.dismiss();
              look();
              streams.pump();
            },
        .stopping =
            [this] {
              streams.close_all();
              pending.close();
            },
    };
  }

  /// The transport's thread. A pair that is half written, or wrong, leaves everything as it was.
  void look_at_certificate() {
    const auto news = tls ? tls->look() : std::nullopt;
    if (!news) return;
    if (news->is_taken) return spdlog::info("http: {}", news->what);
    spdlog::error("http: {}; new connections still get the certificate of before", news->what);
  }

  /// The transport's thread. A store that cannot be read any more ends the process elsewhere; the
  /// board then goes without its figures.
  void look() {
    std::optional<store::TrafficCount> count;
    try {
      if (traffic != nullptr) count = traffic->today();
    } catch (const store::StoreError& wrong) {
      spdlog::warn("http: {}", wrong.what());
    }
    feed.look(clock.now().utc, health.health().broker, count);
  }

  /// Staff hear of alerts that were raised before this process.
  void recall_alerts() {
    if (!staff_feed || !reading) return;
    const bool taken = reading->readers.run([this](store::Reader& reader) {
      try {
        staff_feed->remember(reader.alerts.open());
      } catch (const store::StoreError& wrong) {
        spdlog::warn("http: {}", wrong.what());
      }
    });
    require(taken, "nobody else reads before the server has begun");
  }

  /// The transport's thread.
  void arrange_publish() {
    if (std::exchange(publish_is_arranged, true)) return;
    const auto soon =
        std::max(std::chrono::steady_clock::now(), published_at + limits::publish_interval);
    transport.run_at(soon, [this] {
      publish_is_arranged = false;
      published_at = std::chrono::steady_clock::now();
      feed.publish(clock.now().utc);
      if (staff_feed) staff_feed->publish(clock.now().utc);
      streams.pump();
    });
  }

  const HttpSettings settings;
  const engine::Clock& clock;
  const HealthSource& health;
  TrafficSource* const traffic;
  StreamFeed feed;
  const std::unique_ptr<StaffFeed> staff_feed;  // null: nobody signs in
  const Networks trusted_proxies;
  Streams streams;
  Pending pending;
  RateLimits rate_limits;
  const std::unique_ptr<Counter> counter;      // null: nobody signs in
  const std::unique_ptr<ReadingSide> reading;  // null: no store to read from
  const Router router;
  std::unique_ptr<TlsFiles> tls;  // null: plain HTTP; the transport's thread while it runs
  Transport transport;
  // The transport's thread.
  std::chrono::steady_clock::time_point published_at;
  bool publish_is_arranged = false;
  unsigned ticks = 0;
};

Server::Server(HttpSettings settings, const engine::LotView& view, const HealthSource& health,
               const engine::Clock& clock, std::vector<const engine::MetricsSource*> metrics,
               const std::optional<SignedInParts>& signed_in, const BoardParts& board)
    : parts_([&] {
        metrics.push_back(this);
        return std::make_unique<Parts>(std::move(settings), view, health, clock, std::move(metrics),
                                       signed_in, board);
      }()) {}

Server::~Server() { stop(); }

void Server::start() {
  Parts& parts = *parts_;
  const HttpSettings& settings = parts.settings;
  Transport::Listening listening{.at = listen_address("listen", settings.listen),
                                 .connections_max = affordable_connections(),
                                 .per_network_max = limits::connections_per_network_max};
  parts.tls = tls_of(settings);
  if (parts.tls) listening.tls = [&parts] { return parts.tls->current(); };
  if (!parts.tls && !settings.redirect_listen.empty())
    throw std::runtime_error("http.redirect_listen: there is no HTTPS to redirect to");
  if (!settings.redirect_listen.empty())
    listening.redirect = listen_address("redirect_listen", settings.redirect_listen);
  try {
    parts.transport.start(listening);
  } catch (const std::exception& wrong) {
    throw std::runtime_error(fmt::format("http.listen: cannot listen on {}{}{}: {}",
                                         settings.listen, listening.redirect ? " and " : "",
                                         settings.redirect_listen, wrong.what()));
  }
  parts_->recall_alerts();
}

std::uint16_t Server::port() const { return parts_->transport.port(); }
std::uint16_t Server::redirect_port() const { return parts_->transport.redirect_port(); }

void Server::finish(std::chrono::milliseconds patience) { parts_->transport.finish(patience); }

void Server::stop() {
  parts_->transport.stop();
  parts_->pending.close();
  if (parts_->counter) parts_->counter->workers.stop();
  if (parts_->reading) parts_->reading->readers.stop();
}

void Server::act(const store::Committed<engine::Effects>& effects) {
  if (parts_->reading) parts_->reading->gates.note(effects.value());
  const bool staff_hear = parts_->staff_feed && parts_->staff_feed->mark(effects.value());
  if (parts_->feed.mark(effects.value()) || staff_hear) {
    parts_->transport.post([this] { parts_->arrange_publish(); });
  }
}

void Server::collect(std::vector<engine::Sample>& samples) const {
  const auto add = [&](std::string name, std::string help, engine::Sample::Kind kind,
                       std::uint64_t value) {
    samples.push_back({std::move(name), std::move(help), kind, static_cast<double>(value), {}});
  };
  using enum engine::Sample::Kind;
  const Transport::Counts counts = parts_->transport.counts();
  add("gatehouse_http_requests_total", "Requests answered or being answered", counter,
      parts_->router.requests_total());
  add("gatehouse_http_failures_total", "Answers of status 500 and above", counter,
      parts_->router.failures_total());
  add("gatehouse_http_rate_limited_total", "Requests refused because their caller sent too many",
      counter, parts_->rate_limits.refused_total());
  add("gatehouse_http_connections", "Connections open now", gauge, counts.open);
  add("gatehouse_http_connections_refused_total", "Connections over the limit", counter,
      counts.refused);
  add("gatehouse_http_handshakes_failed_total", "TLS handshakes that came to nothing", counter,
      counts.handshakes_failed);
  add("gatehouse_http_waiting", "Requests that wait for the engine or a password's check", gauge,
      parts_->pending.size());
  add("gatehouse_http_streams", "Live streams open now", gauge, parts_->streams.count());
  add("gatehouse_http_stream_overruns_total",
      "Times a stream fell so far behind that it got the whole state anew", counter,
      parts_->feed.overruns());
}

const Router& Server::router() const { return parts_->router; }

}  // namespace gatehouse::api
