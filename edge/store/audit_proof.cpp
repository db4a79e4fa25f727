#include "edge/store/audit_proof.hpp"

#include "edge/store/audit_rows.hpp"
#include "edge/store/columns.hpp"
#include "edge/store/snapshot.hpp"

#include <map>
#include <utility>

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {

/// What somebody outside the chain says of one of its rows.
struct Saying {
  std::string who;  // the head in the store, the outbox …
  std::int64_t sequence = 0;
  std::string hash;
};

std::string row_name(std::int64_t sequence) { return "audit row " + std::to_string(sequence); }

std::string rows_name(std::int64_t first, std::int64_t last) {
  if (first == last) return row_name(first) + " is";
  return "audit rows " + std::to_string(first) + " to " + std::to_string(last) + " are";
}

/// Sentences: the first ones in full, the rest as a count. A key that is gone, or a table that was
/// rewritten, breaks every row.
class Problems {
 public:
  void add(std::string sentence) {
    if (++count_ <= sentences_max) sentences_.push_back(std::move(sentence));
  }
  [[nodiscard]] std::vector<std::string> all() const {
    std::vector<std::string> all = sentences_;
    if (count_ > sentences_max)
      all.push_back("and " + std::to_string(count_ - sentences_max) + " more in the audit log");
    return all;
  }

 private:
  static constexpr std::size_t sentences_max = 20;
  std::vector<std::string> sentences_;
  std::size_t count_ = 0;
};

/// Walks through all rows, whatever is wrong with some: each is proved by its own seal. Knows the
/// last one, and the hashes that somebody speaks of.
class Walk {
 public:
  Walk(const AuditKeys& keys, const std::vector<Saying>& sayings) : keys_(keys) {
    for (const Saying& each : sayings) spoken_of_.emplace(each.sequence, std::string());
  }

  void go(Database& database, Problems& problems) {
    AuditRows(database).each([&](const AuditRow& row) {
      look_at(row, problems);
      if (const auto spoken = spoken_of_.find(row.sequence); spoken != spoken_of_.end())
        spoken->second = row.hash;
      return true;
    });
  }

  /// What is wrong with it, as a sentence; empty: nothing that was not told of the rows.
  [[nodiscard]] std::string problem_with(const Saying& saying) const {
    if (saying.sequence > last_)
      return rows_name(last_ + 1, saying.sequence) + " cut off: " + saying.who + " ends at " +
             std::to_string(saying.sequence);
    const std::string& hash = spoken_of_.at(saying.sequence);
    // A row that is missing was told of as such.
    if (!hash.empty() && !same_hash(hash, saying.hash))
      return row_name(saying.sequence) + " is not the one that " + saying.who + " names";
    return {};
  }

  [[nodiscard]] std::int64_t rows() const { return rows_; }
  [[nodiscard]] std::int64_t last() const { return last_; }

 private:
  void look_at(const AuditRow& row, Problems& problems) {
    const bool follows = row.sequence == last_ + 1;
    if (!follows) problems.add(rows_name(last_ + 1, row.sequence - 1) + " missing");
    std::string wrong = problem_of_itself(row);
    // Of one behind a gap or a wrong row there is nothing to be said but of itself.
    if (wrong.empty() && follows && last_is_good_ && row.previous != last_hash_)
      wrong = row_name(row.sequence) + " does not follow the row before it";
    last_is_good_ = wrong.empty();
    if (!wrong.empty()) problems.add(std::move(wrong));
    ++rows_;
    last_ = row.sequence;
    last_hash_ = row.hash;
  }

  [[nodiscard]] std::string problem_of_itself(const AuditRow& row) const {
    const AuditKey* const key = keys_.find(row.key_id);
    if (key == nullptr)
      return row_name(row.sequence) + " is sealed with audit key " + std::to_string(row.key_id) +
             ", which is not in the keys' file";
    if (!same_hash(hash_of(*key, row), row.hash))
      return row_name(row.sequence) + " was altered (" + row.entry.action + ")";
    return {};
  }

  const AuditKeys& keys_;
  std::map<std::int64_t, std::string> spoken_of_;
  std::int64_t rows_ = 0;
  std::int64_t last_ = 0;
  bool last_is_good_ = true;
  std::string last_hash_ = audit_beginning;
};

std::optional<AuditHead> head_in(Database& database) {
  SQLite::Statement query(database.raw(), "SELECT sequence, hash, key_id, seal FROM audit_head");
  Run run(query);
  if (!run.next()) return std::nullopt;
  return AuditHead{.sequence = run.get<std::int64_t>(),
                   .hash = run.get<std::string>(),
                   .key_id = run.get<std::uint32_t>(),
                   .seal = run.get<std::string>()};
}

/// Of this epoch, and of those before: what was restored goes on from where it stood then.
void add_outbox_heads(Database& database, std::vector<Saying>& sayings) {
  SQLite::Statement query(
      database.raw(),
      "SELECT sequence, json_extract(data, '$.sequence'), "
      "  json_extract(data, '$.hash') FROM outbox "
      "WHERE type = 'parking.audit.head.v1' AND iif(json_valid(data), "
      "  json_type(data, '$.sequence'), '') = 'integer' ORDER BY epoch, sequence");
  Run run(query);
  while (run.next()) {
    const auto place = run.get<std::int64_t>();
    const auto sequence = run.get<std::int64_t>();
    sayings.push_back({"row " + std::to_string(place) + " of the outbox", sequence,
                       run.maybe<std::string>().value_or("")});
  }
}

std::string problem_with_end(std::int64_t last, const std::optional<AuditHead>& head) {
  if (last == 0) return "the audit chain has no rows: they were taken away";
  if (!head) return "the head of the audit chain was taken away";
  if (head->sequence < last) return "the head of the audit chain stands before its end";
  return {};
}

bool is_row_sealed(const AuditKeys& keys, const AuditRow& row) {
  const AuditKey* const key = keys.find(row.key_id);
  return key != nullptr && same_hash(hash_of(*key, row), row.hash);
}

}  // namespace

bool is_sealed_with(Database& database, const AuditKeys& keys) {
  return attempt("cannot look at the audit chain", [&] {
    if (const auto head = head_in(database)) return is_sealed(keys, *head);
    const auto newest = AuditRows(database).page({}, {.rows = 1, .skipped = 0}).rows;
    return newest.empty() || is_row_sealed(keys, newest.front());
  });
}

ChainProof prove_audit_chain(Database& database, const AuditKeys& keys,
                             const std::optional<AuditHead>& beside) {
  return attempt("cannot prove the audit chain", [&] {
    const Snapshot snapshot(database.raw());
    Problems of_rows;
    Problems of_heads;
    std::vector<Saying> sayings;
    const auto listen_to = [&](const char* who, const std::optional<AuditHead>& head) {
      if (!head) return;
      if (is_sealed(keys, *head)) {
        sayings.push_back({who, head->sequence, head->hash});
      } else {
        of_heads.add(std::string(who) + " was altered");
      }
    };
    const auto head = head_in(database);
    listen_to("the head of the audit chain", head);
    listen_to("the head kept beside the store", beside);
    add_outbox_heads(database, sayings);
    Walk walk(keys, sayings);
    walk.go(database, of_rows);
    for (const Saying& each : sayings) {
      if (std::string wrong = walk.problem_with(each); !wrong.empty())
        of_heads.add(std::move(wrong));
    }
    if (std::string wrong = problem_with_end(walk.last(), head); !wrong.empty())
      of_heads.add(std::move(wrong));
    ChainProof proof{.violations = of_rows.all(), .rows = walk.rows()};
    for (std::string& each : of_heads.all()) proof.violations.push_back(std::move(each));
    return proof;
  });
}

}  // namespace gatehouse::store
