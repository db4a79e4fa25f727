// Every scan, frame, press and call at a gate, accepted or not, and every answer to it
// (docs/contract/mqtt.md, "Scans and presses", "Later answers").
//
//   if (const auto before = scans.find(gate, scan_id)) …          // a repetition: before->answer
//   const ScanKey scan = scans.insert(transaction, {…});
//   scans.answer(transaction, scan, {.decision = …, .payload = json});
//
// The thread of the Database; failure is a StoreError. An answer that cannot follow the one before
// (another `open`, anything after `deny`) is refused by the store itself.
#pragma once

#include "edge/domain/decision.hpp"
#include "edge/domain/payment_method.hpp"
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

/// The column holds its name. `api`: a call that counts as a scan of its gate.
enum class ScanSource : std::uint8_t { scan, frame, press, api };
std::string_view name(ScanSource source);

struct ScanAnswer {
  std::uint32_t update = 0;  // given by the store: one above the last
  Instant at{};
  DecisionKind decision = DecisionKind::deny;
  Reason reason = Reason::invalid_code;
  std::string payload;  // the decision as JSON, as it was published
  bool operator==(const ScanAnswer&) const = default;
};

struct Scan {
  ScanKey key{};  // given by insert
  std::string gate;
  std::string scan_id;
  ScanSource source = ScanSource::scan;
  std::string code;  // as it was read; cut to 100 characters when it is stored
  std::optional<SessionKey> session;
  Instant received_at{};
  std::optional<Instant> device_ts;
  std::optional<PaymentMethod> payment_method;
  std::optional<ScanAnswer> answer;  // the newest; not written by insert
  bool operator==(const Scan&) const = default;
};

class Scans {
 public:
  explicit Scans(Database& database);
  ~Scans();
  Scans(const Scans&) = delete;
  Scans& operator=(const Scans&) = delete;

  [[nodiscard]] std::optional<Scan> find(ScanKey scan);
  [[nodiscard]] std::optional<Scan> find(std::string_view gate, std::string_view scan_id);
  /// The newest scan of a code at a gate, if it was received at `since` or later. For the debounce.
  [[nodiscard]] std::optional<Scan> find_newest_of_code(std::string_view gate,
                                                        std::string_view code, Instant since);
  /// Whoever stands at the gate now: money opens by itself for nobody else.
  [[nodiscard]] std::optional<Scan> find_newest_at(std::string_view gate);
  /// Every answer to a scan, the oldest first.
  [[nodiscard]] std::vector<ScanAnswer> answers(ScanKey scan);

  /// The pair of gate and scan_id must be new.
  ScanKey insert(Transaction& transaction, const Scan& scan);
  /// When it became clear later whose ticket it was.
  void set_session(Transaction& transaction, ScanKey scan, SessionKey session);
  /// Returns the answer's update number: 0 for the first, then one more each time.
  std::uint32_t answer(Transaction& transaction, ScanKey scan, const ScanAnswer& answer);

  /// Deletes up to `rows_max` scans and their answers from the oldest on, as far as all were
  /// received before `before`; returns how many scans.
  int prune(Transaction& transaction, Instant before, int rows_max);

 private:
  struct Statements;
  Database& database_;
  std::unique_ptr<Statements> statements_;
};

}  // namespace gatehouse::store
