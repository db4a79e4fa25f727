// Alerts, raised and cleared. At most one of a kind and subject is open: raising it again is no new
// one. The thread of the Database; failure is a StoreError.
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

/// The word on the wire is its name.
enum class Severity : std::uint8_t { info, warning, critical };
std::string_view name(Severity severity);
std::optional<Severity> parse_severity(std::string_view text);

struct Alert {
  AlertKey key{};  // given by raise
  std::string id;  // a UUID
  std::string kind;
  Severity severity = Severity::warning;
  std::string subject;
  std::string message;
  Instant raised_at{};
  std::optional<Instant> cleared_at;
  std::optional<Instant> acknowledged_at = {};  // somebody has seen it
  std::optional<UserKey> acknowledged_by = {};
  bool operator==(const Alert&) const = default;
};

class Alerts {
 public:
  explicit Alerts(Database& database);
  ~Alerts();
  Alerts(const Alerts&) = delete;
  Alerts& operator=(const Alerts&) = delete;

  /// nullopt: one of this kind and subject is open already and stays as it is.
  std::optional<AlertKey> raise(Transaction& transaction, const Alert& alert);
  /// The alert as it was raised, with `cleared_at`; nullopt: none was open.
  std::optional<Alert> clear(Transaction& transaction, std::string_view kind,
                             std::string_view subject, Instant at);

  /// Somebody has seen it, who did not yet say so.
  void acknowledge(Transaction& transaction, AlertKey alert, Instant at, UserKey by);

  [[nodiscard]] std::optional<Alert> find(AlertKey alert);
  [[nodiscard]] std::optional<Alert> find_by_id(std::string_view id);
  [[nodiscard]] std::optional<Alert> find_open(std::string_view kind, std::string_view subject);
  /// The oldest first.
  [[nodiscard]] std::vector<Alert> open();

 private:
  struct Statements;
  std::unique_ptr<Statements> statements_;
};

}  // namespace gatehouse::store
