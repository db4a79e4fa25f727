#include "edge/store/audit_chain.hpp"

#include "edge/domain/invariant.hpp"
#include "edge/store/columns.hpp"
#include "edge/store/statement.hpp"

#include <utility>

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatehouse::store {
namespace {

void cut(std::string& text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return;
  std::size_t end = bytes_max;
  const auto continues = [&](std::size_t at) {
    return (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
  };
  while (end > 0 && continues(end)) --end;
  text.resize(end);
}

void cut_all(AuditEntry& entry) {
  cut(entry.user_name, audit_word_bytes_max);
  cut(entry.role, audit_word_bytes_max);
  cut(entry.address, audit_word_bytes_max);
  cut(entry.action, audit_action_bytes_max);
  cut(entry.targets, audit_text_bytes_max);
  cut(entry.outcome, audit_word_bytes_max);
  cut(entry.detail, audit_text_bytes_max);
}

}  // namespace

struct AuditChain::Statements {
  explicit Statements(SQLite::Database& raw)
      : last(raw, "SELECT sequence, hash FROM audit_log ORDER BY sequence DESC LIMIT 1"),
        head(raw, "SELECT sequence, hash, key_id, seal, told_day FROM audit_head WHERE key = 1"),
        insert(raw, insert_into("audit_log",
                                "sequence, at, until, times, user, user_name, role, address, "
                                "action, targets, outcome, detail, key_id, previous, hash")),
        save_head(raw,
                  "INSERT INTO audit_head (key, sequence, hash, key_id, seal, told_day) "
                  "VALUES (1, ?, ?, ?, ?, 0) ON CONFLICT (key) DO UPDATE SET "
                  "sequence = excluded.sequence, hash = excluded.hash, key_id = excluded.key_id, "
                  "seal = excluded.seal"),
        note_told(raw, "UPDATE audit_head SET told_day = ? WHERE key = 1") {}
  Statement last;
  Statement head;
  Statement insert;
  Statement save_head;
  Statement note_told;
};

AuditChain::AuditChain(Database& database, AuditKeys keys, const std::optional<AuditHead>& beside)
    : keys_(std::move(keys)) {
  bool has_head = false;
  attempt("cannot open the audit chain", [&] {
    statements_ = std::make_unique<Statements>(database.raw());
    if (Run last(statements_->last); last.next()) {
      last_sequence_ = last.get<std::int64_t>();
      last_hash_ = last.get<std::string>();
    }
    if (Run head(statements_->head); head.next()) {
      has_head = true;
      head_ = {.sequence = head.get<std::int64_t>(),
               .hash = head.get<std::string>(),
               .key_id = head.get<std::uint32_t>(),
               .seal = head.get<std::string>()};
      const auto day = head.get<std::int64_t>();
      if (day != 0) told_on_ = std::chrono::sys_days(std::chrono::days(day));
    }
  });
  // Rows and head share their commits: one that does not fit was put there by somebody.
  const bool names_last_row = head_.sequence != last_sequence_ || head_.hash == last_hash_;
  const bool fits =
      has_head ? is_sealed(keys_, head_) && head_.sequence >= last_sequence_ && names_last_row
               : last_sequence_ == 0;
  go_on_behind(head_);
  if (beside) go_on_behind(*beside);
  if (!fits && missing_ == 0) missing_ = 1;
}

AuditChain::~AuditChain() = default;

void AuditChain::go_on_behind(const AuditHead& head) {
  if (head.sequence <= last_sequence_ || !is_sealed(keys_, head)) return;
  missing_ += head.sequence - last_sequence_;
  last_sequence_ = head.sequence;
  last_hash_ = head.hash;
}

void AuditChain::append(Transaction& /*transaction*/, AuditEntry entry) {
  cut_all(entry);
  AuditRow row{.sequence = last_sequence_ + 1,
               .entry = std::move(entry),
               .key_id = keys_.current.id,
               .previous = last_hash_,
               .hash = {}};
  row.hash = hash_of(keys_.current, row);
  attempt("cannot write to the audit chain", [&] {
    const AuditEntry& told = row.entry;
    Run(statements_->insert, row.sequence, told.at, told.until, told.times, told.user,
        told.user_name, told.role, told.address, told.action, told.targets, told.outcome,
        told.detail, row.key_id, row.previous, row.hash)
        .exec();
  });
  last_sequence_ = row.sequence;
  last_hash_ = std::move(row.hash);
}

void AuditChain::close(Transaction& /*transaction*/) {
  if (head_.sequence == last_sequence_ && head_.hash == last_hash_) return;
  AuditHead head{
      .sequence = last_sequence_, .hash = last_hash_, .key_id = keys_.current.id, .seal = {}};
  head.seal = seal_of(keys_.current, head);
  attempt("cannot write the head of the audit chain", [&] {
    Run(statements_->save_head, head.sequence, head.hash, head.key_id, head.seal).exec();
  });
  head_ = std::move(head);
}

void AuditChain::note_told(Transaction& /*transaction*/, std::chrono::sys_days day) {
  attempt("cannot note that the audit chain's head was told", [&] {
    const int rows = Run(statements_->note_told, day.time_since_epoch()).exec();
    require(rows == 1, "a head that is told is there");
  });
  told_on_ = day;
}

}  // namespace gatehouse::store
