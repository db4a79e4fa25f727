#include "edge/gateway/keys.hpp"

#include "edge/engine/tickets.hpp"
#include "edge/gateway/commands/command_trail.hpp"
#include "edge/gateway/commands/commands.hpp"
#include "edge/gateway/log.hpp"
#include "edge/gateway/outside.hpp"
#include "edge/store/lock.hpp"
#include "edge/store/lot.hpp"
#include "edge/store/migrate.hpp"
#include "edge/store/sessions.hpp"

#include <algorithm>
#include <ostream>

#include <fmt/ostream.h>

namespace gatehouse::gateway {
namespace {

/// Tickets in people's hands that would become forgeries: of the key that is accepted no more.
std::ptrdiff_t tickets_of(const Key& key, store::Database& database) {
  SystemRandom random;
  const engine::Tickets tickets(key.value, {}, random);
  const auto plan = store::load_plan(database);
  const auto open = store::Sessions(database, *plan).open();
  return std::ranges::count_if(
      open, [&](const store::Session& session) { return tickets.is_ours(session.code); });
}

int refuse(const std::string& why) {
  log_error(why);
  return exit_code::not_so;
}

int rotate(const Config& config, store::Database& database, std::ostream& out) {
  const auto keys = load_keys(config.store.keys_path);
  if (!keys) return refuse(keys.error());
  if (keys->ticket.previous) {
    if (const auto open = tickets_of(*keys->ticket.previous, database); open > 0) {
      return refuse(
          fmt::format("{} open sessions have tickets of ticket key {}, which would be accepted no "
                      "more: rotate again when they are closed",
                      open, keys->ticket.previous->id));
    }
  }
  const Keys renewed = rotated(*keys);
  if (const auto replaced = replace_keys(config.store.keys_path, renewed); !replaced)
    return refuse(replaced.error());
  const std::string what =
      fmt::format("ticket key {}, token key {}, audit key {}", renewed.ticket.current.id,
                  renewed.token.current.id, renewed.audit.current.id);
  CommandTrail trail(config, database, renewed);
  store::Transaction transaction = database.begin();
  trail.append(transaction, {.action = "gatehouse keys rotate", .targets = {}, .detail = what});
  fmt::print(out, "{}\n", std::move(transaction).commit("made " + what).value());
  return exit_code::done;
}

}  // namespace

int rotate_keys(const Config& config, std::ostream& out) {
  try {
    const auto lock = store::ProcessLock::take(config.store.path);
    if (!lock)
      return refuse(
          fmt::format("a gateway runs on {}: stop it first, as keys are read when it "
                      "starts",
                      config.store.path.string()));
    auto database = store::Database::open({.path = config.store.path});
    store::migrate(database);
    return rotate(config, database, out);
  } catch (const store::StoreError& error) {
    return refuse(error.what());
  }
}

}  // namespace gatehouse::gateway
