// The log of incidents: what happened on the lot, in staff's words. Never changed, never deleted.
//
// The thread of the Database; failure is a StoreError.
#pragma once

#include "edge/domain/plan.hpp"
#include "edge/domain/plate.hpp"
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

/// The column holds its name.
enum class IncidentKind : std::uint8_t {
  accident,
  damage,
  theft,
  dispute,
  equipment,
  unauthorised_parking,
  safety,
  other,
};
std::string_view name(IncidentKind kind);
std::optional<IncidentKind> parse_incident_kind(std::string_view text);

// As the table bounds it.
inline constexpr std::size_t incident_description_characters_max = 1000;

struct Incident {
  IncidentKey key{};  // given by append
  std::string id;     // a UUID
  Instant at{};
  UserKey user{};
  std::string username;  // of the user; read only
  IncidentKind kind = IncidentKind::other;
  std::string description;
  std::string gate;  // "": at none
  std::string slot;  // its id; "": in none
  std::optional<SessionKey> session;
  std::string session_id;  // of the session; read only
  std::optional<VehicleNumber> vehicle;
  bool operator==(const Incident&) const = default;
};

class Incidents {
 public:
  explicit Incidents(Database& database);
  ~Incidents();
  Incidents(const Incidents&) = delete;
  Incidents& operator=(const Incidents&) = delete;

  IncidentKey append(Transaction& transaction, const Incident& incident);
  [[nodiscard]] std::optional<Incident> find(IncidentKey incident);
  /// The newest first.
  [[nodiscard]] std::vector<Incident> page(int incidents_max, std::int64_t skipped);
  [[nodiscard]] std::int64_t count();

 private:
  struct Statements;
  std::unique_ptr<Statements> statements_;
};

}  // namespace gatehouse::store
