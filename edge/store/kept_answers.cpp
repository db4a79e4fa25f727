#include "edge/store/kept_answers.hpp"

#include "edge/store/columns.hpp"
#include "edge/store/statement.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {

constexpr std::string_view columns =
    "scope, once_key, request_hash, at, status, content_type, body";

KeptAnswer read(Run& row) {
  return {.scope = row.get<std::string>(),
          .key = row.get<std::string>(),
          .request_hash = row.get<std::string>(),
          .at = row.get<Instant>(),
          .status = row.get<int>(),
          .content_type = row.get<std::string>(),
          .body = row.get<std::string>()};
}

}  // namespace

struct KeptAnswers::Statements {
  explicit Statements(SQLite::Database& raw)
      : find(raw, "SELECT " + std::string(columns) +
                      " FROM kept_answers WHERE scope = ? AND once_key = ?"),
        keep(raw, insert_into("kept_answers", columns) +
                      " ON CONFLICT (scope, once_key) DO UPDATE SET at = excluded.at, "
                      "request_hash = excluded.request_hash, status = excluded.status, "
                      "content_type = excluded.content_type, body = excluded.body"),
        prune(raw,
              "DELETE FROM kept_answers WHERE key IN "
              "(SELECT key FROM kept_answers WHERE at < ? ORDER BY at LIMIT ?)") {}
  Statement find;
  Statement keep;
  Statement prune;
};

KeptAnswers::KeptAnswers(Database& database) {
  attempt("cannot open the kept answers",
          [&] { statements_ = std::make_unique<Statements>(database.raw()); });
}

KeptAnswers::~KeptAnswers() = default;

std::optional<KeptAnswer> KeptAnswers::find(std::string_view scope, std::string_view key) {
  return attempt("cannot read a kept answer",
                 [&] { return only(Run(statements_->find, scope, key), read); });
}

void KeptAnswers::keep(Transaction& /*transaction*/, const KeptAnswer& answer) {
  attempt("cannot keep an answer", [&] {
    Run(statements_->keep, answer.scope, answer.key, answer.request_hash, answer.at, answer.status,
        answer.content_type, answer.body)
        .exec();
  });
}

int KeptAnswers::prune(Transaction& /*transaction*/, Instant before, int rows_max) {
  return attempt("cannot prune the kept answers",
                 [&] { return Run(statements_->prune, before, rows_max).exec(); });
}

}  // namespace gatehouse::store
