// The gateway's HTTP server: pages, JSON and live streams on one thread of its own;
// passwords are checked on two more.
//
//   api::Server server(settings, view, health, clock, {&inbox, &link},
//                      SignedInParts{calls, gates, accounts, {token_key}});
//   server.start();                      // bound and answering when it returns
//   Fanout fanout({&view, &link, &server});
//   …
//   server.stop();
//
// start(), stop(), port() on the owner's thread; act() on the engine's, at any time between
// construction and destruction; collect() on any. A broken environment (the port is taken, the
// address is not ours, a setting this server cannot honour) is a std::runtime_error out of start().
// What a client does wrong is answered or ends its connection.
//
// RESTinio 0.6 on standalone Asio; docs/contract/http.md is what it speaks.
#pragma once

#include "edge/api/account_source.hpp"
#include "edge/api/health.hpp"
#include "edge/api/reading_parts.hpp"
#include "edge/api/router.hpp"
#include "edge/api/settings.hpp"
#include "edge/api/tokens.hpp"
#include "edge/api/traffic_source.hpp"
#include "edge/domain/gates.hpp"
#include "edge/engine/audit_inbox.hpp"
#include "edge/engine/calls.hpp"
#include "edge/engine/lot_view.hpp"
#include "edge/engine/metrics.hpp"
#include "edge/engine/ports.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace gatehouse::api {

/// What the endpoints of people who sign in need. All that is referred to outlives the server.
struct SignedInParts {
  engine::Calls& calls;
  const GatePlan& gates;
  AccountSource& accounts;
  TokenKeys token_keys;
  std::optional<ReadingParts> reading = std::nullopt;  // none: no lists and no reports
  engine::AuditInbox* audit = nullptr;                 // null: nobody listens
};

/// What the board shows of a lot beside its availability.
struct BoardParts {
  std::chrono::seconds minute{60};   // how long a minute of a stay takes here
  TrafficSource* traffic = nullptr;  // null: a lot whose cars nobody counts; outlives the server
};

class Server final : public engine::Outside, public engine::MetricsSource {
 public:
  /// All that is referred to outlives the server. `metrics` need not name the server itself.
  /// Without `signed_in` the addresses that ask for an account do not exist.
  Server(HttpSettings settings, const engine::LotView& view, const HealthSource& health,
         const engine::Clock& clock, std::vector<const engine::MetricsSource*> metrics,
         const std::optional<SignedInParts>& signed_in = std::nullopt,
         const BoardParts& board = {});
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  /// Stops.
  ~Server() override;

  /// Binds and begins to answer; raises the process's soft limit of open files where it must.
  void start();
  /// The bound port, after start().
  [[nodiscard]] std::uint16_t port() const;
  /// Of http.redirect_listen; 0: there is none.
  [[nodiscard]] std::uint16_t redirect_port() const;
  /// Before stop(), while the engine still answers: who asks now is told to come again (503 busy);
  /// returns when whoever asked before has an answer, or the time is over.
  void finish(std::chrono::milliseconds patience);
  /// Ends every connection, streams too, well within a second. Once stopped it stays stopped.
  void stop();

  /// Notes what changed for the streams. The view must have been told before.
  void act(const store::Committed<engine::Effects>& effects) override;
  void collect(std::vector<engine::Sample>& samples) const override;

  /// For those who carry requests another way.
  [[nodiscard]] const Router& router() const;

 private:
  struct Counter;
  struct Parts;
  const std::unique_ptr<Parts> parts_;
};

}  // namespace gatehouse::api
