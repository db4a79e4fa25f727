// Which reports were made: of each day, week and month one, whatever the clock does meanwhile.
//
// Days are local dates. The thread of the Database; failure is a StoreError.
#pragma once

#include "edge/domain/time.hpp"
#include "edge/store/database.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace gatehouse::store {

/// The column holds its name.
enum class ReportPeriod : std::uint8_t { daily, weekly, monthly };
std::string_view name(ReportPeriod period);
std::optional<ReportPeriod> parse_report_period(std::string_view text);

class ReportsMade {
 public:
  explicit ReportsMade(Database& database);
  ~ReportsMade();
  ReportsMade(const ReportsMade&) = delete;
  ReportsMade& operator=(const ReportsMade&) = delete;

  /// The newest one made that begins before `date`. One that says it was made after `now` counts as
  /// not made: a clock that ran ahead made it, perhaps before its days had ended.
  [[nodiscard]] std::optional<std::chrono::sys_days> newest_before(ReportPeriod period,
                                                                   std::chrono::sys_days date,
                                                                   Instant now);
  /// Notes one, in the place of what a clock that ran ahead noted of it.
  void add(Transaction& transaction, ReportPeriod period, std::chrono::sys_days begins, Instant at);
  /// When the lot's store was made: there is nothing to report of before.
  [[nodiscard]] Instant lot_began();

 private:
  struct Statements;
  std::unique_ptr<Statements> statements_;
};

}  // namespace gatehouse::store
