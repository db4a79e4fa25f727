// What commands that change something tell the audit's chain, in the transaction of the change.
//
//   CommandTrail trail(config, database);          // throws StoreError where the keys are missing
//   trail.append(transaction, {"gatehouse user add", "user " + name, "role staff"});
//
// The main thread, under the process lock: a gateway that runs tells its own chain.
#pragma once

#include "edge/gateway/config.hpp"
#include "edge/gateway/keys.hpp"
#include "edge/store/audit_chain.hpp"

#include <string>

namespace gatehouse::gateway {

/// As the store's room knows them.
store::AuditKeys audit_keys_of(const Keys& keys);

struct CommandDone {
  std::string action;
  std::string targets;
  std::string detail = {};
};

class CommandTrail {
 public:
  CommandTrail(const Config& config, store::Database& database);
  CommandTrail(const Config& config, store::Database& database, const Keys& keys);

  void append(store::Transaction& transaction, const CommandDone& done);

 private:
  store::AuditChain chain_;
};

}  // namespace gatehouse::gateway
