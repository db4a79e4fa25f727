// A row of the audit's chain: who did what to what, when and from where, and how it ended; sealed
// with the lot's audit key so that nobody without it can make, change or leave out a row unseen.
//
// The seal is HMAC-SHA-256 over a text that can be read in one way only (docs/contract/audit.md).
// Values and pure functions; any thread.
#pragma once

#include "edge/domain/time.hpp"
#include "edge/store/keys.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::store {

/// Of the keys' file; rows name it by its id.
struct AuditKey {
  std::uint32_t id = 1;
  std::array<std::uint8_t, 32> value{};
};

// How long a text of a row may be; what is longer is cut (AuditChain::append).
inline constexpr std::size_t audit_word_bytes_max = 100;
inline constexpr std::size_t audit_action_bytes_max = 200;
inline constexpr std::size_t audit_text_bytes_max = 600;

/// The one that seals, and those of before, whose rows are still to be proved.
struct AuditKeys {
  AuditKey current;
  std::vector<AuditKey> older = {};
  /// nullptr: there is none of this id.
  [[nodiscard]] const AuditKey* find(std::uint32_t id) const;
};

/// What a row tells, before it has its place in the chain. Never a secret, a password or a token.
struct AuditEntry {
  Instant at{};
  Instant until{};         // of several that are told together: the last one's
  std::int64_t times = 1;  // how many it stands for
  std::optional<UserKey> user = {};
  std::string user_name = {};  // of those who work here; a customer's is not written down
  std::string role = {};       // `ADMIN`, `STAFF`, `USER`, `DEVICE`; "": nobody was signed in
  std::string address = {};    // "": the box itself
  std::string action = {};     // `POST /api/staff/exit/`, `gatehouse user add`
  std::string targets = {};    // ids of what it was about, with blanks between them
  std::string outcome = {};    // `done`, or the word of refusal
  std::string detail = {};     // for people
  bool operator==(const AuditEntry&) const = default;
};

struct AuditRow {
  std::int64_t sequence = 0;  // from 1, without a gap
  AuditEntry entry;
  std::uint32_t key_id = 0;
  std::string previous;  // the hash of the row before; of the first one: zeros
  std::string hash;      // 64 hex digits
  bool operator==(const AuditRow&) const = default;
};

/// What `previous` of the first row is.
extern const std::string audit_beginning;

/// Where a chain ends, and the proof that it does: sealed like a row.
struct AuditHead {
  std::int64_t sequence = 0;  // 0: there is no row yet
  std::string hash = audit_beginning;
  std::uint32_t key_id = 0;
  std::string seal;
  bool operator==(const AuditHead&) const = default;
};

/// The row's `hash`, from everything else in it.
std::string hash_of(const AuditKey& key, const AuditRow& row);
/// The head's `seal`, from everything else in it.
std::string seal_of(const AuditKey& key, const AuditHead& head);
/// Whether one of the keys sealed it.
bool is_sealed(const AuditKeys& keys, const AuditHead& head);
/// In a time that tells nothing of where they differ.
bool same_hash(std::string_view one, std::string_view other);

}  // namespace gatehouse::store
