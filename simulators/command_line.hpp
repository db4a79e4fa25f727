// What the sub-commands of gatehouse-sim have in common: durations, lot.toml, lines from a
// keyboard. Values; one thread.
#pragma once

#include "simulators/lot_description.hpp"

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::simulators {

/// `60`, `60s`, `5m`, `2h`, `500ms`: at most a year.
std::optional<std::uint64_t> parse_milliseconds(std::string_view text);

/// The lot of a file; of ./lot.toml, then /etc/gatehouse/lot.toml, where none is named.
std::expected<LotDescription, std::string> load_lot(std::string path, std::string_view advice);

/// The words of a line, without the blanks between them.
std::vector<std::string> words_of(std::string_view line);

/// Lines from standard input, without waiting for ever. A line too long to be one ends it.
class StandardInput {
 public:
  /// The next line, or nullopt when none comes within `patience`, or none any more.
  std::optional<std::string> next(std::chrono::milliseconds patience);
  [[nodiscard]] bool is_over() const { return is_over_ && text_.empty(); }

 private:
  std::string text_;
  bool is_over_ = false;
};

}  // namespace gatehouse::simulators
