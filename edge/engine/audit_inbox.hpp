// What the audit's chain is told of although nothing was asked of the engine: refused permissions,
// logins. The API brings it, the engine takes it once a second.
//
//   inbox.saw({.address = "203.0.113.9", .action = "POST /api/staff/exit/", .outcome =
//   "bad_token"}); for (const AuditEntry& entry : inbox.take(now, Taking::what_is_due))
//   chain.append(…);
//
// However many there are, they neither press on the engine nor fill the disk: of the same one, from
// the same place, only the first is told at once and the rest as one counted row a minute; rows are
// rationed over all; and beyond places_max different ones, those of one outcome are counted
// together. None is left out of the count. saw() on any thread; take() on the engine's.
#pragma once

#include "edge/engine/ports.hpp"
#include "edge/store/audit_row.hpp"

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace gatehouse::engine {

struct Sighting {
  std::optional<store::UserKey> user = {};
  std::string user_name = {};
  std::string role = {};
  std::string address = {};
  std::string action = {};
  std::string target = {};
  std::string outcome = {};
  std::string detail = {};
};

class AuditInbox {
 public:
  static constexpr std::size_t places_max = 1'000;
  static constexpr std::int64_t rows_at_once = 60;
  // 8,640 rows a day at most, some 4 MB.
  static constexpr std::chrono::seconds row_every{10};
  static constexpr std::chrono::seconds counted_for{60};

  /// The clock outlives it.
  explicit AuditInbox(const Clock& clock);

  void saw(const Sighting& sighting);

  enum class Taking : std::uint8_t { what_is_due, everything };
  [[nodiscard]] std::vector<store::AuditEntry> take(Steady now, Taking taking);

 private:
  inline static const store::AuditEntry nothing_seen{.times = 0};
  struct Place {
    store::AuditEntry entry = nothing_seen;  // or what was seen and is not told yet
    Steady told_at{};
    bool was_told = false;
  };
  [[nodiscard]] bool is_due(const Place& place, Steady now) const;
  void refill(Steady now);

  const Clock& clock_;
  std::mutex mutex_;
  // Protected by mutex_.
  std::unordered_map<std::string, Place> places_;
  std::int64_t rows_left_ = rows_at_once;
  Steady refilled_at_;
};

}  // namespace gatehouse::engine
