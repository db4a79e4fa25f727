#include "edge/store/outages.hpp"

#include "edge/domain/invariant.hpp"
#include "edge/store/columns.hpp"
#include "edge/store/statement.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {

constexpr const char* select =
    "SELECT o.key, s.id, o.from_at, o.to_at, o.reason, o.created_at, o.created_by, o.ended_at "
    "FROM slot_outages AS o INDEXED BY slot_outages_one JOIN slots AS s ON s.key = o.slot "
    "WHERE o.ended_at IS NULL ";

Outage read(Run& row) {
  return {.key = row.get<OutageKey>(),
          .slot = row.get<std::string>(),
          .from = row.get<Instant>(),
          .to = row.maybe<Instant>(),
          .reason = row.get<std::string>(),
          .created_at = row.get<Instant>(),
          .created_by = row.get<UserKey>(),
          .ended_at = row.maybe<Instant>()};
}

}  // namespace

struct Outages::Statements {
  explicit Statements(SQLite::Database& database)
      : raw(database),
        of_slot(raw, std::string(select) + "AND o.slot = (SELECT key FROM slots WHERE id = ?)"),
        standing(raw, std::string(select) + "ORDER BY o.slot"),
        plan(raw,
             "INSERT INTO slot_outages (slot, from_at, to_at, reason, created_at, created_by) "
             "VALUES ((SELECT key FROM slots WHERE id = ?), ?, ?, ?, ?, ?)"),
        end(raw, "UPDATE slot_outages SET ended_at = ? WHERE key = ? AND ended_at IS NULL") {}
  SQLite::Database& raw;
  Statement of_slot;
  Statement standing;
  Statement plan;
  Statement end;
};

Outages::Outages(Database& database) {
  attempt("cannot open the outages",
          [&] { statements_ = std::make_unique<Statements>(database.raw()); });
}

Outages::~Outages() = default;

std::optional<Outage> Outages::find(std::string_view slot) {
  return attempt("cannot read an outage",
                 [&] { return only(Run(statements_->of_slot, slot), read); });
}

std::vector<Outage> Outages::standing() {
  return attempt("cannot read the outages", [&] { return all(Run(statements_->standing), read); });
}

OutageKey Outages::plan(Transaction& /*transaction*/, const Outage& outage) {
  return attempt("cannot write an outage", [&] {
    Run(statements_->plan, outage.slot, outage.from, outage.to, outage.reason, outage.created_at,
        outage.created_by)
        .exec();
    return inserted<OutageKey>(statements_->raw);
  });
}

void Outages::end(Transaction& /*transaction*/, OutageKey outage, Instant at) {
  attempt("cannot write an outage", [&] {
    const int rows = Run(statements_->end, at, outage).exec();
    require(rows == 1, "an outage that ends was not over");
  });
}

}  // namespace gatehouse::store
