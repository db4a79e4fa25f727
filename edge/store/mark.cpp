#include "edge/store/mark.hpp"

#include "edge/store/columns.hpp"
#include "edge/store/files.hpp"

#include <algorithm>
#include <fstream>
#include <system_error>

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {

namespace fs = std::filesystem;

void insert_epoch(SQLite::Database& raw, std::uint64_t epoch, OutboxPlace from, Instant at) {
  SQLite::Statement begun(raw, "INSERT INTO epochs (epoch, last_sequence) VALUES (?, 0)");
  Run(begun, epoch).exec();
  SQLite::Statement counted(raw, "UPDATE epochs SET last_sequence = 1 WHERE epoch = ?");
  Run(counted, epoch).exec();
  const std::string data = R"({"from_epoch":)" + std::to_string(from.epoch) +
                           R"(,"from_sequence":)" + std::to_string(from.sequence) + "}";
  SQLite::Statement restored(raw,
                             "INSERT INTO outbox (epoch, sequence, type, subject, time, data) "
                             "SELECT ?, 1, 'parking.lot.restored.v1', id, ?, ? FROM lot");
  Run(restored, epoch, at, data).exec();
}

}  // namespace

fs::path mark_path(const fs::path& store) { return real_path(store).string() + ".mark"; }

std::optional<OutboxPlace> read_mark(const fs::path& store) {
  std::ifstream file(mark_path(store));
  OutboxPlace place;
  if (!(file >> place.epoch >> place.sequence) || place.epoch == 0) return std::nullopt;
  return place;
}

void write_mark(const fs::path& store, OutboxPlace place) {
  const auto before = read_mark(store);
  if (before && place <= *before) return;
  write_durably(mark_path(store),
                std::to_string(place.epoch) + " " + std::to_string(place.sequence) + "\n");
}

OutboxPlace newest_place(Database& database) {
  return attempt("cannot read where the outbox stands", [&] {
    SQLite::Statement query(database.raw(),
                            "SELECT epoch, last_sequence FROM epochs ORDER BY epoch DESC LIMIT 1");
    Run run(query);
    if (!run.next()) throw StoreError(StoreError::Kind::unusable, "the store holds no epoch yet");
    OutboxPlace place;
    place.epoch = run.get<std::uint64_t>();
    place.sequence = run.get<std::uint64_t>();
    return place;
  });
}

std::uint64_t begin_epoch(Database& database, std::uint64_t above, Instant at) {
  const OutboxPlace from = newest_place(database);
  const std::uint64_t epoch = std::max(from.epoch, above) + 1;
  return attempt("cannot begin a new epoch", [&] {
    Transaction transaction = database.begin();
    insert_epoch(database.raw(), epoch, from, at);
    return std::move(transaction).commit(epoch).value();
  });
}

std::optional<std::uint64_t> begin_epoch_if_put_back(Database& database, Instant at) {
  const auto mark = read_mark(database.path());
  if (!mark || newest_place(database) >= *mark) return std::nullopt;
  return begin_epoch(database, mark->epoch, at);
}

}  // namespace gatehouse::store
