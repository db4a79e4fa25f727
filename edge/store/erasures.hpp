// A person's data, erased on request: who it was goes, what it cost stays (docs/decisions.md,
// "Accounts").
//
//   const auto whose = ErasedPerson{.vehicle = vehicle};
//   if (erasures.is_too_early(whose, now - 1h)) … somebody of them is inside …
//   erasures.erase(transaction, whose, {.id = …, .at = now, .by = admin, .reason = reason});
//
// Names, telephone numbers and vehicle numbers of closed sessions are overwritten, their scans and
// the answers to them deleted, vehicles taken out of incidents, kept vehicles and tokens deleted,
// an account renamed, emptied and disabled. A row says that it happened, and the store refuses to
// write any of it into these sessions again. SQLite overwrites what is freed (secure_delete); the
// log is emptied by whoever looks after it, who is told by wants_empty_log(). The thread of the
// Database; failure is a StoreError.
#pragma once

#include "edge/domain/plate.hpp"
#include "edge/domain/time.hpp"
#include "edge/store/database.hpp"
#include "edge/store/keys.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse::store {

/// Whose data it was, without saying who. The column holds its name.
enum class ErasureSubject : std::uint8_t { user, vehicle, session };
std::string_view name(ErasureSubject subject);
std::optional<ErasureSubject> parse_erasure_subject(std::string_view text);

// As the table bounds it.
inline constexpr std::size_t erasure_reason_characters_max = 200;

/// A person as the request names them: exactly one.
struct ErasedPerson {
  std::optional<UserKey> user = {};
  bool with_sessions = false;  // of a user: those they made, which for staff are other people's
  std::optional<VehicleNumber> vehicle = {};
  std::optional<SessionKey> session = {};
};

struct Erasure {
  ErasureKey key{};  // given by erase
  std::string id;    // a UUID
  Instant at{};
  UserKey by{};
  std::string by_name;                            // read only
  ErasureSubject subject = ErasureSubject::user;  // given by erase, as all below but the reason
  std::optional<UserKey> user;
  std::string reason;
  std::int64_t sessions = 0;
  std::int64_t incidents = 0;
  std::int64_t scans = 0;
  bool operator==(const Erasure&) const = default;
};

class Erasures {
 public:
  explicit Erasures(Database& database);
  ~Erasures();
  Erasures(const Erasures&) = delete;
  Erasures& operator=(const Erasures&) = delete;

  /// A session of theirs is open or was closed after `since`.
  [[nodiscard]] bool is_too_early(const ErasedPerson& person, Instant since);
  /// It is not too early. What was erased before is not counted again.
  Erasure erase(Transaction& transaction, const ErasedPerson& person, Erasure erasure);

  /// The newest first.
  [[nodiscard]] std::vector<Erasure> page(int rows, std::int64_t skipped);
  [[nodiscard]] std::int64_t count();

  /// Once after each erase() and once after the start: what is overwritten still stands in the log.
  [[nodiscard]] bool wants_empty_log() { return std::exchange(wants_empty_log_, false); }

 private:
  struct Statements;
  void erase_session(SessionKey session, Erasure& erasure);
  void erase_account(UserKey user);
  std::unique_ptr<Statements> statements_;
  bool wants_empty_log_ = true;
};

}  // namespace gatehouse::store
