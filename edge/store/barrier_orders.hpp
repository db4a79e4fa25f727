// What people ordered barriers to do, other than to open: kept, and what stands of it stands over
// restarts.
//
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

namespace gatehouse::store {

/// The column holds its name.
enum class HandOrder : std::uint8_t { close, hold, lock, release };
std::string_view name(HandOrder order);
std::optional<HandOrder> parse_hand_order(std::string_view text);

struct BarrierOrderRow {
  Instant at{};
  std::string gate;
  std::string barrier;
  HandOrder kind = HandOrder::release;
  bool is_emergency = false;  // of a hold: only an administrator ends it
  UserKey by_user{};
  std::string reason;
  bool operator==(const BarrierOrderRow&) const = default;
};

class BarrierOrders {
 public:
  explicit BarrierOrders(Database& database);
  ~BarrierOrders();
  BarrierOrders(const BarrierOrders&) = delete;
  BarrierOrders& operator=(const BarrierOrders&) = delete;

  void append(Transaction& transaction, const BarrierOrderRow& order);
  /// The hold or lock that nobody has ended since; nullopt: it works by itself.
  [[nodiscard]] std::optional<BarrierOrderRow> find_standing(std::string_view barrier);

 private:
  struct Statements;
  std::unique_ptr<Statements> statements_;
};

}  // namespace gatehouse::store
