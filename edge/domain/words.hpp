// Enumerators and their words, for the tables of names in this folder: the word of enumerator i
// stands at place i. Values; any thread.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace gatehouse {

template <std::size_t count>
using Words = std::array<std::string_view, count>;

/// No word is missing and none stands for two, so that what is written can be read back.
template <std::size_t count>
constexpr bool are_distinct(const Words<count>& words) {
  for (std::size_t i = 0; i < count; ++i) {
    if (words[i].empty()) return false;
    for (std::size_t j = 0; j < i; ++j) {
      if (words[i] == words[j]) return false;
    }
  }
  return true;
}

template <std::size_t count, class Enum>
constexpr std::string_view word_of(const Words<count>& words, Enum value) {
  return words[std::to_underlying(value)];
}

template <class Enum, std::size_t count>
constexpr std::optional<Enum> read_word(const Words<count>& words, std::string_view text) {
  const auto word = std::ranges::find(words, text);
  if (word == words.end()) return std::nullopt;
  return static_cast<Enum>(word - words.begin());
}

}  // namespace gatehouse
