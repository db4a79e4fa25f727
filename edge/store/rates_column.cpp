#include "edge/store/rates_column.hpp"

#include <charconv>
#include <cstdint>

namespace gatehouse::store {
namespace {

constexpr std::int64_t minutes_of_day = 24 * 60;

/// Takes a whole number off the front of `text`.
std::optional<std::int64_t> take_number(std::string_view& text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number < 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

bool take(std::string_view& text, char expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<RateBand> take_band(std::string_view& text) {
  const auto from = take_number(text);
  if (!from || *from > minutes_of_day || !take(text, '-')) return std::nullopt;
  const auto to = take_number(text);
  if (!to || *to > minutes_of_day || !take(text, '=')) return std::nullopt;
  const auto rate = take_number(text);
  if (!rate) return std::nullopt;
  return RateBand{std::chrono::minutes(*from), std::chrono::minutes(*to), Paise(*rate)};
}

}  // namespace

std::string encode_rates(const Rates& rates) {
  std::string text = std::to_string(rates.hourly_rate.count());
  for (const RateBand& band : rates.bands) {
    text += ' ';
    text += std::to_string(band.from.count());
    text += '-';
    text += std::to_string(band.to.count());
    text += '=';
    text += std::to_string(band.hourly_rate.count());
  }
  return text;
}

std::optional<Rates> decode_rates(std::string_view text) {
  const auto hourly_rate = take_number(text);
  if (!hourly_rate) return std::nullopt;
  Rates rates{Paise(*hourly_rate), {}};
  while (!text.empty()) {
    if (!take(text, ' ')) return std::nullopt;
    const auto band = take_band(text);
    if (!band) return std::nullopt;
    rates.bands.push_back(*band);
  }
  return rates;
}

}  // namespace gatehouse::store
