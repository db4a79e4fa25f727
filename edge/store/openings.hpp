// Authorisations to pass a gate, and the openings of barriers made for them
// (docs/contract/modbus.md, "What the gateway does").
//
// Both are recorded in the commit that decides; a barrier is told only afterwards. An authorisation
// stays open until its passage is confirmed, so that a driver whose opening was lost gets another.
// At most one opening for each scan: the store itself refuses a second.
// The thread of the Database; failure is a StoreError.
#pragma once

#include "edge/domain/time.hpp"
#include "edge/store/database.hpp"
#include "edge/store/keys.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::store {

/// The columns hold the names.
enum class Passage : std::uint8_t { entry, exit };
enum class OpeningCause : std::uint8_t { scan, button, staff, emergency };
enum class OpeningStatus : std::uint8_t {
  pending,    // committed; whether the barrier was told is not known
  seen_open,  // the arm is up
  passed,
  closed_unpassed,
  failed,
  too_old,
  refused,
};
std::string_view name(Passage passage);
std::string_view name(OpeningCause cause);
std::string_view name(OpeningStatus status);
constexpr bool has_ended(OpeningStatus status) {
  return status != OpeningStatus::pending && status != OpeningStatus::seen_open;
}

struct Authorisation {
  AuthorisationKey key{};  // given by insert
  SessionKey session{};
  std::string gate;
  Passage direction = Passage::entry;
  Instant at{};
  std::optional<Instant> seen_open_at;
  std::optional<Instant> confirmed_at;
  std::uint32_t openings_after_seen = 0;
  bool other_passed = false;  // another vehicle passed there since
  bool closed = false;        // opens nothing any more
  bool operator==(const Authorisation&) const = default;
};

struct Opening {
  OpeningKey key{};                               // given by insert
  std::optional<AuthorisationKey> authorisation;  // none: by staff, with a reason
  OpeningCause cause = OpeningCause::scan;
  std::optional<ScanKey> scan;
  std::string gate;
  std::string barrier;
  std::optional<SessionKey> session;
  std::optional<UserKey> by_user;
  std::string reason;
  Instant at{};
  OpeningStatus status = OpeningStatus::pending;
  std::optional<Instant> ended_at;
  bool operator==(const Opening&) const = default;
};

class Openings {
 public:
  explicit Openings(Database& database);
  ~Openings();
  Openings(const Openings&) = delete;
  Openings& operator=(const Openings&) = delete;

  [[nodiscard]] std::optional<Authorisation> find(AuthorisationKey authorisation);
  [[nodiscard]] std::optional<Opening> find(OpeningKey opening);
  [[nodiscard]] std::optional<Opening> find_of_scan(ScanKey scan);
  /// The one that is not closed; at most one for each direction.
  [[nodiscard]] std::optional<Authorisation> find_open(SessionKey session, Passage direction);
  /// The newest of a session, closed or not.
  [[nodiscard]] std::optional<Authorisation> find_newest(SessionKey session, Passage direction);
  /// Those of a gate that are not closed, the oldest first.
  [[nodiscard]] std::vector<Authorisation> open_at(std::string_view gate);
  /// All that are not closed, the oldest first. For the start.
  [[nodiscard]] std::vector<Authorisation> open_authorisations();
  /// Openings of an authorisation, the oldest first.
  [[nodiscard]] std::vector<Opening> of_authorisation(AuthorisationKey authorisation);
  /// Those that have not ended, the oldest first. At the start: what the barriers were perhaps
  /// told.
  [[nodiscard]] std::vector<Opening> going_on();

  AuthorisationKey insert(Transaction& transaction, const Authorisation& authorisation);
  /// Writes the whole row.
  void update(Transaction& transaction, const Authorisation& authorisation);
  OpeningKey insert(Transaction& transaction, const Opening& opening);
  /// How an opening goes on. One that has ended is refused.
  void set_status(Transaction& transaction, OpeningKey opening, OpeningStatus status, Instant at);

 private:
  struct Statements;
  std::unique_ptr<Statements> statements_;
};

}  // namespace gatehouse::store
