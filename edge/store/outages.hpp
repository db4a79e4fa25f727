// When slots are planned to be out of service, and why. A slot has at most one outage that is not
// over; one that was planned stays as it was, and ends once.
//
//   outages.plan(transaction, {.slot = "A-001", .from = tonight, .to = tomorrow, .reason =
//   "Paint"}); for (const Outage& outage : outages.standing()) …
//
// The thread of the Database; failure is a StoreError.
#pragma once

#include "edge/domain/time.hpp"
#include "edge/store/database.hpp"
#include "edge/store/keys.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::store {

inline constexpr std::size_t outage_reason_characters_max = 200;

struct Outage {
  OutageKey key{};   // given by plan
  std::string slot;  // its id
  Instant from{};
  std::optional<Instant> to;  // none: until somebody ends it
  std::string reason;
  Instant created_at{};
  UserKey created_by{};
  std::optional<Instant> ended_at;
  bool operator==(const Outage&) const = default;
};

class Outages {
 public:
  explicit Outages(Database& database);
  ~Outages();
  Outages(const Outages&) = delete;
  Outages& operator=(const Outages&) = delete;

  /// The one that is not over.
  [[nodiscard]] std::optional<Outage> find(std::string_view slot);
  /// All that are not over, in the order of slots.
  [[nodiscard]] std::vector<Outage> standing();

  /// The slot is there, and has none.
  OutageKey plan(Transaction& transaction, const Outage& outage);
  /// It is not over yet.
  void end(Transaction& transaction, OutageKey outage, Instant at);

 private:
  struct Statements;
  std::unique_ptr<Statements> statements_;
};

}  // namespace gatehouse::store
