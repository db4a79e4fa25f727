// The audit's chain: every row sealed with the hash of the one before, never changed and never
// deleted, and a head that says where it ends.
//
//   AuditChain chain(database, keys);
//   chain.append(transaction, {.at = now, .until = now, .action = "POST /api/staff/exit/", …});
//   chain.close(transaction);                 // once before the commit: the head
//
// What was appended in a transaction that was rolled back must be forgotten with the object:
// whoever writes ends with a commit that failed (database.hpp). The thread of the Database; failure
// is a StoreError.
#pragma once

#include "edge/store/audit_row.hpp"
#include "edge/store/database.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

namespace gatehouse::store {

class AuditChain {
 public:
  /// Goes on where the chain in the store ends; where a head that is sealed (its own, or the one
  /// kept `beside` the store) knows of rows beyond that, behind those: the gap stays for all to
  /// see.
  AuditChain(Database& database, AuditKeys keys, const std::optional<AuditHead>& beside = {});
  ~AuditChain();
  AuditChain(const AuditChain&) = delete;
  AuditChain& operator=(const AuditChain&) = delete;

  /// Texts that are too long are cut, between characters.
  void append(Transaction& transaction, AuditEntry entry);
  /// Writes the head, where anything was appended since it was written last.
  void close(Transaction& transaction);

  /// As of the last close().
  [[nodiscard]] const AuditHead& head() const { return head_; }
  /// Rows cut off the end before this object was made; a head that was tampered with counts as 1.
  [[nodiscard]] std::int64_t missing() const { return missing_; }
  /// The lot's day, counted from 1970, on which the outbox last heard of the head.
  [[nodiscard]] std::optional<std::chrono::sys_days> told_on() const { return told_on_; }
  /// Of a head that there is.
  void note_told(Transaction& transaction, std::chrono::sys_days day);

 private:
  struct Statements;
  void go_on_behind(const AuditHead& head);

  std::unique_ptr<Statements> statements_;
  const AuditKeys keys_;
  AuditHead head_;
  std::optional<std::chrono::sys_days> told_on_;
  std::int64_t missing_ = 0;
  // The newest row, which the head follows with close().
  std::int64_t last_sequence_ = 0;
  std::string last_hash_ = audit_beginning;
};

}  // namespace gatehouse::store
