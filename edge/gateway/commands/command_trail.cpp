#include "edge/gateway/commands/command_trail.hpp"

#include "edge/gateway/clock.hpp"
#include "edge/store/audit_head.hpp"

namespace gatehouse::gateway {
namespace {

Keys keys_in(const Config& config) {
  auto keys = load_keys(config.store.keys_path);
  if (!keys) throw store::StoreError(store::StoreError::Kind::unusable, keys.error());
  return *std::move(keys);
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
    : chain_(database, audit_keys_of(keys), store::read_audit_head(config.store.path)) {}

void CommandTrail::append(store::Transaction& transaction, const CommandDone& done) {
  const Instant now = SystemClock().now().utc;
  chain_.append(transaction, {.at = now,
                              .until = now,
                              .action = done.action,
                              .targets = done.targets,
                              .outcome = "done",
                              .detail = done.detail});
  chain_.close(transaction);
}

}  // namespace gatehouse::gateway
