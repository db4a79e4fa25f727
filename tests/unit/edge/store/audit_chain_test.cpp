// The audit's chain: what nobody without the key can do to it unseen.
#include "edge/store/audit_chain.hpp"

#include "edge/store/audit_proof.hpp"
#include "edge/store/audit_rows.hpp"
#include "edge/store/outbox.hpp"
#include "tests/unit/edge/store/stores.hpp"
#include "tests/unit/edge/store/tampering.hpp"

#include <catch2/catch.hpp>
#include <sqlite3.h>

using namespace gatehouse;
using namespace gatehouse::store;
using namespace gatehouse::store::tests;

namespace {

AuditKeys keys_of(std::uint8_t secret, std::uint32_t id = 1) {
  return {.current = {id, {secret, 2, 3}}};
}

AuditEntry entry(int n) {
  return {.at = noon + std::chrono::seconds(n),
          .until = noon + std::chrono::seconds(n + 1),
          .times = n,
          .user = UserKey{n},
          .user_name = "staff1",
          .role = "STAFF",
          .address = "203.0.113.9",
          .action = "POST /api/staff/exit/",
          .targets = "session " + std::to_string(n),
          .outcome = "done",
          .detail = "CASH"};
}

struct Log {
  TestStore store;
  AuditKeys keys = keys_of(1);

  /// As a process does that writes so many rows and ends.
  void write(int rows, const std::optional<AuditHead>& beside = {}) {
    AuditChain chain(*store, keys, beside);
    for (int i = 1; i <= rows; ++i) {
      Transaction transaction = store->begin();
      chain.append(transaction, entry(i));
      chain.close(transaction);
      static_cast<void>(std::move(transaction).commit(0));
    }
  }
  AuditHead head() { return AuditChain(*store, keys).head(); }
  Sentences proof(const std::optional<AuditHead>& beside = {}) {
    return prove_audit_chain(*store, keys, beside).violations;
  }
  std::string first(const std::optional<AuditHead>& beside = {}) {
    const auto found = proof(beside);
    return found.empty() ? "" : found.front();
  }
  void tamper(const std::string& sql) { tamper_with(store, sql); }
  void tell_outbox() {
    Outbox outbox(*store);
    const AuditHead told = head();
    Transaction transaction = store->begin();
    outbox.append(transaction, {.type = "parking.audit.head.v1",
                                .subject = "audit",
                                .time = noon,
                                .data = "{\"sequence\":" + std::to_string(told.sequence) +
                                        ",\"hash\":\"" + told.hash + "\"}"});
    static_cast<void>(std::move(transaction).commit(0));
  }
};

}  // namespace

TEST_CASE("rows follow one another over processes, and are read back", "[store][audit_chain]") {
  Log log;
  log.write(3);
  log.write(2);
  CHECK(log.proof() == Sentences{});
  CHECK(prove_audit_chain(*log.store, log.keys, log.head()).rows == 5);
  const auto page = AuditRows(*log.store).page({}, {.rows = 2, .skipped = 0});
  CHECK(page.total == 5);
  REQUIRE(page.rows.size() == 2);
  CHECK(page.rows[0].sequence == 5);
  CHECK(page.rows[0].entry == entry(2));
}

TEST_CASE("the hash of a row is the one that is documented", "[store][audit_chain]") {
  const AuditKey key{1, {1, 2, 3}};
  AuditRow row{
      .sequence = 1, .entry = entry(1), .key_id = 1, .previous = audit_beginning, .hash = {}};
  // docs/contract/audit.md has the same row; made with Python's hmac.
  CHECK(hash_of(key, row) == "2b1f7802c12b75f336b64b30ff7740b45820011cd34df127d65f3f1301234a9f");
}

TEST_CASE("the table refuses to change or forget a row", "[store][audit_chain]") {
  Log log;
  log.write(3);
  CHECK(log.store.refuses("UPDATE audit_log SET detail = 'x' WHERE sequence = 2"));
  CHECK(log.store.refuses("DELETE FROM audit_log WHERE sequence = 3"));
  CHECK(log.store.refuses("DELETE FROM audit_head"));
  CHECK(log.store.refuses(
      "INSERT INTO audit_log SELECT 4, at, until, times, user, user_name, role, address, action, "
      "targets, outcome, detail, key_id, previous, hash FROM audit_log WHERE sequence = 3"));
}

TEST_CASE("whatever is altered in a row, the row is named", "[store][audit_chain]") {
  const auto change = GENERATE(
      as<std::string>(), "at = at + 1", "until = until - 1", "times = times + 1", "user = 77",
      "user = NULL", "user_name = 'staff2'", "role = 'ADMIN'", "address = '127.0.0.1'",
      "action = 'POST /api/staff/entry/'", "targets = 'session 9'", "outcome = 'forbidden'",
      "detail = ''", "previous = printf('%064d', 7)", "hash = printf('%064d', 7)",
      // A letter goes from one text into the next.
      "user_name = 'staff1S', role = 'TAFF'");
  const int row = GENERATE(1, 3, 5);
  Log log;
  log.write(5);
  log.tamper("UPDATE audit_log SET " + change + " WHERE sequence = " + std::to_string(row));
  CAPTURE(change, row);
  CHECK(log.first() ==
        "audit row " + std::to_string(row) + " was altered (" +
            (change.starts_with("action") ? "POST /api/staff/entry/" : "POST /api/staff/exit/") +
            ")");
}

TEST_CASE("what is removed, cut off, forged or exchanged is named", "[store][audit_chain]") {
  const auto [sql, told] = GENERATE(table<std::string, std::string>({
      {"DELETE FROM audit_log WHERE sequence = 1", "audit row 1 is missing"},
      {"DELETE FROM audit_log WHERE sequence BETWEEN 2 AND 4", "audit rows 2 to 4 are missing"},
      {"DELETE FROM audit_log WHERE sequence >= 4",
       "audit rows 4 to 6 are cut off: the head of the audit chain ends at 6"},
      {"DELETE FROM audit_log",
       "audit rows 1 to 6 are cut off: the head of the audit chain ends at 6"},
      {"DELETE FROM audit_log; DELETE FROM audit_head",
       "the audit chain has no rows: they were taken away"},
      {"DELETE FROM audit_head", "the head of the audit chain was taken away"},
      {"DELETE FROM audit_log WHERE sequence = 6; UPDATE audit_head SET sequence = 5, hash = "
       "(SELECT hash FROM audit_log WHERE sequence = 5)",
       "the head of the audit chain was altered"},
      {"DELETE FROM audit_log WHERE sequence = 3; UPDATE audit_log SET sequence = sequence - 1 "
       "WHERE sequence > 3",
       "audit row 3 was altered (POST /api/staff/exit/)"},
      {"UPDATE audit_log SET key_id = 9 WHERE sequence = 2",
       "audit row 2 is sealed with audit key 9, which is not in the keys' file"},
  }));
  Log log;
  log.write(6);
  log.tamper(sql);
  CAPTURE(sql);
  CHECK(log.first() == told);
}

TEST_CASE("the outbox's head proves what was cut, also when the store's own is put back",
          "[store][audit_chain]") {
  Log log;
  log.write(3);
  const AuditHead early = log.head();
  log.write(3);
  log.tell_outbox();
  REQUIRE(log.proof() == Sentences{});
  log.tamper(
      "DELETE FROM audit_log WHERE sequence > 3; UPDATE audit_head SET sequence = 3, hash = '" +
      early.hash + "', seal = '" + early.seal + "'");
  CHECK(log.first() == "audit rows 4 to 6 are cut off: row 1 of the outbox ends at 6");
}

TEST_CASE("a whole store put back is found out by the head beside it", "[store][audit_chain]") {
  Log log;
  log.write(3);
  const AuditHead early = log.head();
  log.write(3);
  const AuditHead beside = log.head();
  log.tamper(
      "DELETE FROM audit_log WHERE sequence > 3; UPDATE audit_head SET sequence = 3, hash = '" +
      early.hash + "', seal = '" + early.seal + "'");
  REQUIRE(log.first() == "");
  CHECK(log.first(beside) ==
        "audit rows 4 to 6 are cut off: the head kept beside the store ends at 6");
  // The next process goes on behind them: the gap is never filled.
  log.write(1, beside);
  CHECK(log.head().sequence == 7);
  CHECK(log.first(beside) == "audit rows 4 to 6 are missing");
}

TEST_CASE("a head that nobody sealed leads nobody astray", "[store][audit_chain]") {
  Log log;
  log.write(2);
  AuditHead forged = log.head();
  forged.sequence = 9'000'000'000;
  CHECK(log.first(forged) == "the head kept beside the store was altered");
  log.write(1, forged);
  CHECK(log.head().sequence == 3);
  CHECK(log.proof() == Sentences{});
}

TEST_CASE("rows cut off between two lives leave a gap and are counted", "[store][audit_chain]") {
  Log log;
  log.write(5);
  log.tamper("DELETE FROM audit_log WHERE sequence > 3");
  CHECK(AuditChain(*log.store, log.keys).missing() == 2);
  log.write(1);
  CHECK(log.first() == "audit rows 4 to 5 are missing");
}

TEST_CASE("a head that does not fit its rows is found out by the next process",
          "[store][audit_chain]") {
  const auto [sql, told] = GENERATE(table<std::string, std::string>({
      {"DELETE FROM audit_head", "the head of the audit chain was taken away"},
      {"UPDATE audit_head SET seal = printf('%064d', 7)",
       "the head of the audit chain was altered"},
      {"UPDATE audit_head SET sequence = 9", "the head of the audit chain was altered"},
  }));
  Log log;
  log.write(4);
  log.tamper(sql);
  CAPTURE(sql);
  CHECK(log.first() == told);
  CHECK(AuditChain(*log.store, log.keys).missing() == 1);
  // It goes on behind the last row, and the next one finds nothing more.
  log.write(1);
  CHECK(log.head().sequence == 5);
  CHECK(AuditChain(*log.store, log.keys).missing() == 0);
}

TEST_CASE("a head that was sealed earlier is found out by the next process",
          "[store][audit_chain]") {
  Log log;
  log.write(2);
  const AuditHead early = log.head();
  log.write(2);
  CHECK(AuditChain(*log.store, log.keys).missing() == 0);
  log.tamper("UPDATE audit_head SET sequence = 2, hash = '" + early.hash + "', seal = '" +
             early.seal + "'");
  CHECK(log.first() == "the head of the audit chain stands before its end");
  CHECK(AuditChain(*log.store, log.keys).missing() == 1);
}

TEST_CASE("a store that nothing was written to yet is no cut", "[store][audit_chain]") {
  Log log;
  CHECK(AuditChain(*log.store, log.keys).missing() == 0);
}

TEST_CASE("a gap hides nothing behind it, neither in the rows nor at the end",
          "[store][audit_chain]") {
  Log log;
  log.write(5);
  log.tamper("DELETE FROM audit_log WHERE sequence > 3");
  log.write(4);
  REQUIRE(log.proof() == Sentences{"audit rows 4 to 5 are missing"});
  log.tamper("UPDATE audit_log SET detail = 'x' WHERE sequence IN (2, 8)");
  log.tamper("DELETE FROM audit_log WHERE sequence = 9");
  const ChainProof proof = prove_audit_chain(*log.store, log.keys, {});
  CHECK(proof.rows == 6);
  CHECK(proof.violations ==
        Sentences{"audit row 2 was altered (POST /api/staff/exit/)",
                  "audit rows 4 to 5 are missing",
                  "audit row 8 was altered (POST /api/staff/exit/)",
                  "audit row 9 is cut off: the head of the audit chain ends at 9"});
}

TEST_CASE("of many rows that are wrong the first are named and the rest counted",
          "[store][audit_chain]") {
  Log log;
  log.write(30);
  log.keys = keys_of(7);
  const Sentences proof = log.proof();
  REQUIRE(proof.size() == 22);
  CHECK(proof[19] == "audit row 20 was altered (POST /api/staff/exit/)");
  CHECK(proof[20] == "and 10 more in the audit log");
  CHECK(proof[21] == "the head of the audit chain was altered");
}

TEST_CASE("each row is proved with the key that sealed it", "[store][audit_chain]") {
  Log log;
  log.write(2);
  log.keys = {.current = {2, {9, 9, 9}}, .older = {log.keys.current}};
  CHECK(AuditChain(*log.store, log.keys).missing() == 0);
  log.write(2);
  CHECK(log.proof() == Sentences{});
  log.keys.older.clear();
  CHECK(log.first() == "audit row 1 is sealed with audit key 1, which is not in the keys' file");
  log.keys = keys_of(7);
  CHECK(log.first() == "audit row 1 was altered (POST /api/staff/exit/)");
}

TEST_CASE("whose keys sealed the chain is seen at its end", "[store][audit_chain]") {
  Log log;
  CHECK(is_sealed_with(*log.store, keys_of(2)));  // nothing yet that anybody sealed
  log.write(2);
  CHECK(is_sealed_with(*log.store, keys_of(1)));
  CHECK_FALSE(is_sealed_with(*log.store, keys_of(2)));
  CHECK_FALSE(is_sealed_with(*log.store, keys_of(1, 2)));
  log.tamper("DELETE FROM audit_head");
  CHECK(is_sealed_with(*log.store, keys_of(1)));
  CHECK_FALSE(is_sealed_with(*log.store, keys_of(2)));
}

TEST_CASE("texts that are too long are cut between characters", "[store][audit_chain]") {
  Log log;
  AuditChain chain(*log.store, log.keys);
  AuditEntry told = entry(1);
  told.detail.clear();
  while (told.detail.size() <= 2 * audit_text_bytes_max) told.detail += "€";
  Transaction transaction = log.store->begin();
  chain.append(transaction, told);
  chain.close(transaction);
  static_cast<void>(std::move(transaction).commit(0));
  const auto row = AuditRows(*log.store).page({}, {}).rows.front();
  CHECK(row.entry.detail.size() <= audit_text_bytes_max);
  CHECK(row.entry.detail.size() % 3 == 0);
  CHECK(log.proof() == Sentences{});
}

TEST_CASE("the log is filtered by time, user, action, outcome and text", "[store][audit_chain]") {
  Log log;
  log.write(6);
  const auto total = [&](const AuditFilter& filter) {
    return AuditRows(*log.store).page(filter, {}).total;
  };
  CHECK(total({}) == 6);
  CHECK(total({.at = {noon + 2s, noon + 4s}}) == 2);
  CHECK(total({.user = UserKey{3}}) == 1);
  CHECK(total({.action = "POST /api/staff/"}) == 6);
  CHECK(total({.action = "POST /api/staff/exit/%"}) == 0);
  CHECK(total({.outcome = "forbidden"}) == 0);
  CHECK(total({.search = "session 4"}) == 1);
  CHECK(total({.search = "203.0.113"}) == 6);
}

TEST_CASE("a page of the log costs the same however long the log is", "[store][audit_chain]") {
  Log log;
  const auto cost_of = [&](const AuditFilter& filter) {
    struct Count {
      std::int64_t hundreds = 0;
    } count;
    sqlite3* const raw = log.store->raw().getHandle();
    const auto step = [](void* counted) {
      ++static_cast<Count*>(counted)->hundreds;
      return 0;
    };
    sqlite3_progress_handler(raw, 100, step, &count);
    const auto found = AuditRows(*log.store).page(filter, {.rows = 5, .skipped = 0});
    sqlite3_progress_handler(raw, 0, nullptr, nullptr);
    CHECK(found.rows.size() == 5);
    return count.hundreds;
  };
  log.write(20);
  const auto of_a_short_one = cost_of({});
  log.write(600);
  CHECK(cost_of({}) <= of_a_short_one + 1);
  CHECK(AuditRows(*log.store).page({}, {}).total == 620);
}
