// The gateway put together: every room's objects, in the order they need each other, for as long
// as the process runs. The only place that knows all of them.
//
//   hold_signals();                    // signals.hpp: before any thread is made
//   Gateway gateway(config, calendar); // opens the store; throws StoreError, std::runtime_error
//   gateway.start();                   // store → view, pages, broker: in this order
//   const auto ended = gateway.run(…); // until SIGTERM or SIGINT, or the lot was changed
//
// The main thread.
#pragma once

#include "broker/event_publisher.hpp"
#include "broker/gate_publisher.hpp"
#include "broker/link.hpp"
#include "broker/lot_publisher.hpp"
#include "broker/topics.hpp"
#include "devices/barriers/barriers.hpp"
#include "edge/api/account_source.hpp"
#include "edge/api/server.hpp"
#include "edge/api/traffic_source.hpp"
#include "edge/engine/audit_inbox.hpp"
#include "edge/engine/calls.hpp"
#include "edge/engine/engine.hpp"
#include "edge/engine/inbox.hpp"
#include "edge/engine/lot_view.hpp"
#include "edge/gateway/audit_head_file.hpp"
#include "edge/gateway/backup_rota.hpp"
#include "edge/gateway/clock.hpp"
#include "edge/gateway/config.hpp"
#include "edge/gateway/intake.hpp"
#include "edge/gateway/keys.hpp"
#include "edge/gateway/lot_rules.hpp"
#include "edge/gateway/outside.hpp"
#include "edge/gateway/payment_log.hpp"
#include "edge/gateway/premises.hpp"
#include "edge/gateway/upkeep.hpp"
#include "edge/gateway/user_socket.hpp"
#include "edge/gateway/vital_signs.hpp"
#include "edge/store/ballast.hpp"
#include "edge/store/checkpointer.hpp"
#include "edge/store/database.hpp"
#include "edge/store/lock.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace gatehouse::gateway {

enum class Ended : std::uint8_t {
  told_to,      // an orderly stop
  store_broke,  // the next start reads what is true
  lot_changed,  // an orderly stop too: a new Gateway is to read what the lot is now
};

class Gateway {
 public:
  Gateway(const Config& config, ZonedCalendar calendar);
  ~Gateway();
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  void start();
  /// `on_hangup`: called at each SIGHUP.
  Ended run(const std::function<void()>& on_hangup);
  /// Where HTTP is served, after start().
  [[nodiscard]] std::uint16_t port() const { return server_.port(); }
  /// Other sensor profiles from now on. False: they are as they were, and so is everything else.
  bool reload(const Config& config);

 private:
  const SystemClock clock_;
  const ZonedCalendar calendar_;
  store::ProcessLock lock_;
  store::Ballast ballast_;
  store::Database database_;
  const FileRules rules_;
  const Config config_;  // lot.toml, and what the store says otherwise
  const std::shared_ptr<const LotPlan> plan_;
  const engine::Premises premises_;
  const Keys keys_;
  const broker::Topics topics_;
  const broker::Identity identity_;
  engine::Inbox inbox_;
  engine::LotView view_;
  devices::ModbusBarriers barriers_;
  devices::FramePool frames_;
  BarrierOrders orders_;
  engine::Calls calls_;
  engine::AuditInbox audit_inbox_;
  AuditHeadFile audit_head_file_;
  broker::GatePublisher gate_publisher_;
  broker::LotPublisher publisher_;
  broker::EventPublisher event_publisher_;
  broker::Pump pump_;
  Intake intake_;
  broker::Link link_;
  VitalSigns vital_signs_;
  engine::Alarms alarms_;
  BackupRota backups_;
  PaymentLog payment_log_;
  Upkeep upkeep_;
  api::StoredAccounts accounts_;
  api::StoredTraffic traffic_;
  UserSocket user_socket_;
  api::Server server_;
  SystemRandom random_;
  const QrPictures qr_;
  RebuildSignal rebuild_signal_;
  engine::Fanout outside_;
  engine::Engine engine_;
  store::Checkpointer checkpointer_;
  std::vector<devices::SensorProfile> profiles_;
};

}  // namespace gatehouse::gateway
