#include "cloud-bridge/payments/reading.hpp"

#include "cloud-bridge/payments/provider.hpp"

#include <algorithm>
#include <chrono>

namespace gatehouse::payments {
namespace {

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

// 2000 to 2100: what lies outside is another unit or no time.
constexpr std::int64_t earliest_s = 946'684'800;
constexpr std::int64_t latest_s = 4'102'444'800;

}  // namespace

bool is_plain_id(std::string_view text) {
  constexpr std::size_t characters_max = 64;
  return !text.empty() && text.size() <= characters_max && std::ranges::all_of(text, is_plain);
}

bool is_order_id(std::string_view text) {
  return text.size() >= 4 && text.size() <= 36 && is_plain_id(text);
}

bool is_refund_id(std::string_view text) { return text.size() >= 10 && is_order_id(text); }

std::string text_of(const Json& json, std::string_view name) {
  return json[name].text().value_or("");
}

std::string id_of(const Json& json, std::string_view name) {
  auto text = text_of(json, name);
  return is_plain_id(text) ? text : "";
}

std::optional<Paise> paise_of(const Json& json, std::string_view name) {
  const auto count = json[name].whole();
  if (!count || *count < 0) return std::nullopt;
  return Paise(*count);
}

Paise paise_or_nothing(const Json& json, std::string_view name) {
  return paise_of(json, name).value_or(Paise(0));
}

std::optional<Instant> seconds_of(const Json& json, std::string_view name) {
  const auto count = json[name].whole();
  if (!count || *count < earliest_s || *count > latest_s) return std::nullopt;
  return Instant(std::chrono::seconds(*count));
}

std::optional<Instant> milliseconds_of(const Json& json, std::string_view name) {
  const auto count = json[name].whole();
  if (!count || *count < earliest_s * 1'000 || *count > latest_s * 1'000) return std::nullopt;
  return Instant(std::chrono::milliseconds(*count));
}

std::int64_t to_unix_seconds(Instant instant) {
  return std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count();
}

std::string small_letters(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return text;
}

}  // namespace gatehouse::payments
