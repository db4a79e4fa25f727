#include "edge/gateway/commands/command_trail.hpp"

#include "edge/engine/audit_trail.hpp"
#include "edge/engine/gate_payloads.hpp"
#include "edge/gateway/clock.hpp"
#include "edge/gateway/outside.hpp"
#include "edge/store/alerts.hpp"
#include "edge/store/audit_head.hpp"
#include "edge/store/outbox.hpp"

#include <utility>

namespace gatehouse::gateway {
namespace {

Keys keys_in(const Config& config) {
  auto keys = load_keys(config.store.keys_path);
  if (!keys) throw store::StoreError(store::StoreError::Kind::unusable, keys.error());
  return *std::move(keys);
}

/// As the engine raises it, for the gateway that runs next.
void raise_alert(store::Database& database, store::Transaction& transaction,
                 const std::string& message, Instant now) {
  SystemRandom random;
  const store::Alert alert{.id = engine::Tickets({}, {}, random).make_id(),
                           .kind = engine::audit_cut_off,
                           .severity = store::Severity::critical,
                           .subject = "audit",
                           .message = message,
                           .raised_at = now,
                           .cleared_at = {}};
  if (!store::Alerts(database).raise(transaction, alert)) return;
  store::Outbox(database).append(transaction, {.type = "parking.alert.raised.v1",
                                               .subject = alert.subject,
                                               .time = now,
                                               .data = engine::alert_json(alert)});
}

}  // namespace

store::AuditKeys audit_keys_of(const Keys& keys) {
  store::AuditKeys found{.current = {keys.audit.current.id, keys.audit.current.value}};
  for (const Key& key : keys.audit.older) found.older.push_back({key.id, key.value});
  return found;
}

CommandTrail::CommandTrail(const Config& config, store::Database& database)
    : CommandTrail(config, database, keys_in(config)) {}

CommandTrail::CommandTrail(const Config& config, store::Database& database, const Keys& keys)
    : CommandTrail(database, keys, store::read_audit_head(config.store.path)) {}

CommandTrail::CommandTrail(store::Database& database, const Keys& keys,
                           const std::optional<store::AuditHead>& beside)
    : database_(database),
      chain_(database, audit_keys_of(keys), beside),
      is_cut_(chain_.missing() > 0) {}

void CommandTrail::append(store::Transaction& transaction, const CommandDone& done) {
  const Instant now = SystemClock().now().utc;
  if (std::exchange(is_cut_, false)) tell_of_cut(transaction, now, done.action);
  chain_.append(transaction, {.at = now,
                              .until = now,
                              .action = done.action,
                              .targets = done.targets,
                              .outcome = done.outcome,
                              .detail = done.detail});
  chain_.close(transaction);
}

void CommandTrail::tell_of_cut(store::Transaction& transaction, Instant now,
                               const std::string& action) {
  const std::string what = engine::cut_off_sentence(chain_.missing());
  chain_.append(transaction,
                {.at = now, .until = now, .action = action, .outcome = "cut_off", .detail = what});
  raise_alert(database_, transaction, what, now);
}

}  // namespace gatehouse::gateway
