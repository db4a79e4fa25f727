// Sessions, payments and refunds as docs/contract/http.md shows them in "Rows" and "Life cycles".
//
//   const SessionSeen seen = look_at(reader, premises, *reader.sessions.find(key), now);
//   session_fields(premises.plan, seen, Viewer::staff).json()
//
// What a stay has cost so far is the same sum that a gate bills by (edge/engine/stay_bill.hpp). A
// connection's thread; failure is a StoreError.
#pragma once

#include "edge/api/fields.hpp"
#include "edge/domain/settlement.hpp"
#include "edge/engine/premises.hpp"
#include "edge/store/reader.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::api {

/// Staff also see a session's short number, and whose it is.
enum class Viewer : std::uint8_t { holder, staff };

/// A session, its money, and what it comes to now.
struct SessionSeen {
  store::Session session;
  std::vector<store::Payment> payments;
  std::vector<store::Refund> refunds;
  std::chrono::minutes stayed{0};
  Paise charge;  // so far; nothing before entry
  Paise paid;    // credits
  Paise due;
  SessionPaymentStatus status = SessionPaymentStatus::pending;
  std::optional<Suspicion> suspicion;
  [[nodiscard]] bool is_paid() const { return status == SessionPaymentStatus::success; }
};

SessionSeen look_at(store::Reader& reader, const engine::Premises& premises, store::Session session,
                    Instant now);

/// With payments and refunds nested in it.
Fields session_fields(const LotPlan& plan, const SessionSeen& seen, Viewer viewer);

Fields payment_fields(const store::Payment& payment, const std::string& session_id);
Fields refund_fields(const store::Refund& refund, const store::Payment& payment,
                     const std::string& session_id);

/// The newest payment that is not given up, as orders show it; nullopt: there is none.
std::optional<Fields> order_fields(const SessionSeen& seen);

}  // namespace gatehouse::api
