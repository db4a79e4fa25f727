#include "edge/gateway/payment_log.hpp"

#include "edge/gateway/log.hpp"
#include "edge/store/mark.hpp"

#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace gatehouse::gateway {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> outcomes = {
    {{".created.", "PENDING"},
     {".requested.", "PENDING"},
     {".succeeded.", "SUCCESS"},
     {".failed.", "FAILED"}}};

std::string_view outcome_of(std::string_view type) {
  for (const auto& [word, outcome] : outcomes) {
    if (type.find(word) != std::string_view::npos) return outcome;
  }
  return "-";
}

/// Without its `parking.` and `.v1`.
std::string_view short_type(std::string_view type) {
  constexpr std::string_view begin = "parking.";
  constexpr std::string_view end = ".v1";
  if (type.starts_with(begin)) type.remove_prefix(begin.size());
  if (type.ends_with(end)) type.remove_suffix(end.size());
  return type;
}

/// A mark of its own, in the logs' directory.
std::filesystem::path place_file(const PaymentLog::Parts& parts) {
  return parts.directory / "payments";
}

}  // namespace

std::string payment_line(const store::PaymentLine& payment, const std::string& currency) {
  std::string line = fmt::format("{} outcome={} amount={} {} method={}", short_type(payment.type),
                                 outcome_of(payment.type), payment.amount.rupees(), currency,
                                 name(payment.method));
  const auto add = [&line](const char* key, const std::string& value) {
    if (!value.empty()) line += fmt::format(" {}={}", key, value);
  };
  add("provider", payment.provider);
  add("vehicle", payment.vehicle_number);
  add("session", payment.session_id);
  add("id", payment.id);
  add("by", payment.by);
  add("at", format_rfc3339(payment.at));
  // Last: it is a sentence.
  add("because", payment.detail);
  return line;
}

PaymentLog::PaymentLog(Parts parts)
    : parts_(std::move(parts)),
      database_(store::Database::open({.path = parts_.store, .read_only = true})),
      place_(store::newest_place(database_)) {
  if (parts_.directory.empty()) return;
  if (const auto kept = store::read_mark(place_file(parts_))) kept_ = *kept;
  // A place beyond the newest is of a store that was replaced.
  if (kept_.epoch != 0 && kept_ < place_) place_ = kept_;
}

void PaymentLog::follow() {
  const store::OutboxPlace newest = store::newest_place(database_);
  if (newest <= place_) return;
  for (const store::PaymentLine& line : store::payment_lines(database_, place_, newest))
    log_payment(payment_line(line, parts_.currency));
  place_ = newest;
}

void PaymentLog::keep_place() {
  if (parts_.directory.empty() || place_ <= kept_) return;
  store::write_mark(place_file(parts_), place_);
  kept_ = place_;
}

}  // namespace gatehouse::gateway
