#include "simulators/command_line.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

namespace gatehouse::simulators {
namespace {

/// The number that a text begins with, and the unit behind it; nullopt when there is none.
std::optional<std::pair<double, std::string_view>> with_unit(std::string_view text) {
  double value = 0;
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  const auto [rest, error] = std::from_chars(begin, end, value);
  if (error != std::errc{} || !(value >= 0)) return std::nullopt;
  return std::pair{value, std::string_view(rest, static_cast<std::size_t>(end - rest))};
}

}  // namespace

std::optional<std::uint64_t> parse_milliseconds(std::string_view text) {
  constexpr double longest_ms = 365.0 * 24 * 3'600'000;
  const auto parsed = with_unit(text);
  if (!parsed) return std::nullopt;
  const auto [value, unit] = *parsed;
  const double factor = unit == "ms"                  ? 1
                        : unit.empty() || unit == "s" ? 1'000
                        : unit == "m"                 ? 60'000
                        : unit == "h"                 ? 3'600'000
                                                      : -1;
  if (factor < 0 || value * factor > longest_ms) return std::nullopt;
  return static_cast<std::uint64_t>(std::llround(value * factor));
}

std::expected<LotDescription, std::string> load_lot(std::string path, std::string_view advice) {
  if (path.empty())
    path = std::filesystem::exists("lot.toml") ? "lot.toml" : "/etc/gatehouse/lot.toml";
  std::ifstream file(path);
  if (!file) return std::unexpected(fmt::format("{}: cannot be read; {}", path, advice));
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  return read_lot_file(text, path);
}

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < line.size();) {
    const auto begin = line.find_first_not_of(" \t\r", at);
    if (begin == std::string_view::npos) break;
    const auto end = std::min(line.find_first_of(" \t\r", begin), line.size());
    words.emplace_back(line.substr(begin, end - begin));
    at = end;
  }
  return words;
}

std::optional<std::string> StandardInput::next(std::chrono::milliseconds patience) {
  constexpr std::size_t line_max = 4'096;
  for (;;) {
    const auto end = text_.find('\n');
    if (end != std::string::npos || (is_over_ && !text_.empty())) {
      auto line = text_.substr(0, end);
      text_.erase(0, end == std::string::npos ? end : end + 1);
      return line;
    }
    if (is_over_) return std::nullopt;
    pollfd input{.fd = STDIN_FILENO, .events = POLLIN};
    if (poll(&input, 1, static_cast<int>(patience.count())) <= 0) return std::nullopt;
    std::array<char, 1'024> bytes{};
    const auto count = read(STDIN_FILENO, bytes.data(), bytes.size());
    is_over_ = count <= 0 || text_.size() > line_max;
    if (count > 0) text_.append(bytes.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace gatehouse::simulators
