// What commands that change something tell the audit's chain, in the transaction of the change.
//
//   CommandTrail trail(config, database);          // throws StoreError where the keys are missing
//   trail.append(transaction, {"gatehouse user add", "user " + name, "role staff"});
//
// Rows that were cut off the chain are told of first, and raise their alert: nobody after this
// could find that out, as the chain goes on behind the gap. The main thread, under the process
// lock: a gateway that runs tells its own chain.
#pragma once

#include "edge/gateway/config.hpp"
#include "edge/gateway/keys.hpp"
#include "edge/store/audit_chain.hpp"

#include <optional>
#include <string>

namespace gatehouse::gateway {

/// As the store's room knows them.
store::AuditKeys audit_keys_of(const Keys& keys);

struct CommandDone {
  std::string action;
  std::string targets;
  std::string detail = {};
  std::string outcome = "done";
};

class CommandTrail {
 public:
  CommandTrail(const Config& config, store::Database& database);
  CommandTrail(const Config& config, store::Database& database, const Keys& keys);
  /// `beside`: the head that is kept beside this very store; none: there is none.
  CommandTrail(store::Database& database, const Keys& keys,
               const std::optional<store::AuditHead>& beside);

  void append(store::Transaction& transaction, const CommandDone& done);

 private:
  void tell_of_cut(store::Transaction& transaction, Instant now, const std::string& action);

  store::Database& database_;
  store::AuditChain chain_;
  bool is_cut_;  // and not told of
};

}  // namespace gatehouse::gateway
