#include "edge/store/audit.hpp"

#include "edge/engine/outbox_house.hpp"
#include "edge/gateway/clock.hpp"
#include "edge/gateway/commands/command_trail.hpp"
#include "edge/gateway/commands/commands.hpp"
#include "edge/gateway/log.hpp"
#include "edge/store/audit_head.hpp"
#include "edge/store/audit_proof.hpp"
#include "edge/store/explain.hpp"
#include "edge/store/migrate.hpp"
#include "edge/store/outbox_keeping.hpp"

#include <ostream>

#include <fmt/ostream.h>
#include <fmt/ranges.h>

namespace gatehouse::gateway {
namespace {

/// Opens the store as it is; one of another schema is not looked at. A gateway may be running.
store::Database open_readable(const Config& config) {
  auto database = store::Database::open({.path = config.store.path});
  const int version = store::schema_version(database);
  const auto newest = static_cast<int>(store::migrations().size());
  if (version != newest) {
    throw store::StoreError(store::StoreError::Kind::unusable,
                            fmt::format("{}: schema {}, and this Gatehouse reads schema {}",
                                        config.store.path.string(), version, newest));
  }
  return database;
}

/// How long there is room for what waits for the cloud, if it grows as it did.
void print_outbox(const Config& config, store::Database& database, std::ostream& out) {
  const store::OutboxSize size = store::OutboxKeeping(database).size();
  if (!size.oldest) return;
  const auto age = SystemClock().now().utc - *size.oldest;
  fmt::print(out, "outbox oldest: {}\n", format_rfc3339(*size.oldest));
  const auto left = engine::autonomy_left(size.bytes, config.cloud.outbox_max_mb << 20U, age);
  if (left) fmt::print(out, "outbox hours of autonomy left: {}\n", left->count());
}

/// Without the key nothing of it can be proved.
void prove_chain(const Config& config, store::Database& database, store::AuditReport& report) {
  const auto keys = load_keys(config.store.keys_path);
  if (!keys) {
    report.violations.push_back("the audit log cannot be proved: " + keys.error());
    return;
  }
  const auto proof = store::prove_audit_chain(database, audit_keys_of(*keys),
                                              store::read_audit_head(config.store.path));
  report.violations.insert(report.violations.end(), proof.violations.begin(),
                           proof.violations.end());
  report.figures.push_back({"audit rows", std::to_string(proof.rows)});
}

}  // namespace

int audit(const Config& config, std::ostream& out) {
  try {
    auto database = open_readable(config);
    store::AuditReport report = store::audit(database);
    prove_chain(config, database, report);
    for (const std::string& violation : report.violations)
      fmt::print(out, "violation: {}\n", violation);
    for (const store::AuditFigure& figure : report.figures)
      fmt::print(out, "{}: {}\n", figure.name, figure.value);
    print_outbox(config, database, out);
    fmt::print(out, "{}\n",
               report.violations.empty() ? "everything holds" : "the store does not hold together");
    return report.violations.empty() ? exit_code::done : exit_code::not_so;
  } catch (const store::StoreError& error) {
    log_error(error.what());
    return exit_code::not_so;
  }
}

int explain(const Config& config, const std::string& id, std::ostream& out) {
  try {
    auto database = open_readable(config);
    const auto steps = store::explain(database, id);
    for (const store::ExplainedStep& step : steps) {
      fmt::print(out, "{}  {}{}\n", format_rfc3339(step.at), step.what,
                 step.ids.empty() ? "" : fmt::format("  ({})", fmt::join(step.ids, ", ")));
    }
    if (!steps.empty()) return exit_code::done;
    log_error(fmt::format("the store knows nothing of {}", id));
    return exit_code::not_so;
  } catch (const store::StoreError& error) {
    log_error(error.what());
    return exit_code::not_so;
  }
}

}  // namespace gatehouse::gateway
