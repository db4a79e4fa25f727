// Bookings that hold a slot and are not paid: how many a user has, and how many came from one
// network (docs/contract/http.md, "Limits"). What is paid or over counts no more; what costs
// nothing counts until its car comes.
//
// The thread of the Database; failure is a StoreError.
#pragma once

#include "edge/store/database.hpp"
#include "edge/store/keys.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace gatehouse::store {

class UnpaidBookings {
 public:
  explicit UnpaidBookings(Database& database);
  ~UnpaidBookings();
  UnpaidBookings(const UnpaidBookings&) = delete;
  UnpaidBookings& operator=(const UnpaidBookings&) = delete;

  [[nodiscard]] std::uint32_t count_of(UserKey user);
  [[nodiscard]] std::uint32_t count_from(std::string_view source);
  /// "": a user's, or none that is noted.
  [[nodiscard]] std::string source_of(SessionKey session);

  /// A guest's booking, and the network it came from.
  void note(Transaction& transaction, SessionKey session, std::string_view source);
  /// Forgets the networks of what is unpaid no more: they are somebody's data.
  void forget_ended(Transaction& transaction);

 private:
  struct Statements;
  std::unique_ptr<Statements> statements_;
};

}  // namespace gatehouse::store
