// What an account did: shifts, decisions about sessions, barriers by hand, incidents, bookings,
// money taken and given back (docs/contract/http.md, "Admin"). Reads only; nothing is kept twice.
//
// The thread of the Database; failure is a StoreError.
#pragma once

#include "edge/domain/money.hpp"
#include "edge/domain/time.hpp"
#include "edge/store/database.hpp"
#include "edge/store/keys.hpp"
#include "edge/store/lists.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::store {

/// One thing that was done. What does not belong to its kind is empty.
struct Deed {
  Instant at{};
  std::string kind;        // `shift_opened`, `payment_taken`, … as in the contract
  std::string session_id;  // the UUID of the session it was about
  std::string subject;     // the id of what else it was about: payment, refund, gate, shift …
  std::optional<Paise> amount;
  std::string detail;  // a reason, a kind, in words
  bool operator==(const Deed&) const = default;
};

struct ActivityFilter {
  Period period;
  std::string kind;  // "": all
};

struct Deeds {
  std::vector<Deed> deeds;  // of the page
  std::uint64_t total = 0;  // of all pages
};

class Activity {
 public:
  explicit Activity(Database& database) : database_(database) {}
  /// The newest first.
  [[nodiscard]] Deeds of(UserKey user, const ActivityFilter& filter, const Page& page);

 private:
  Database& database_;
};

/// Every kind there is.
const std::vector<std::string>& activity_kinds();

}  // namespace gatehouse::store
