#include "bench/peers/arguments.hpp"

#include <charconv>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace gatehouse::bench {

Arguments::Arguments(int count, char** words, std::map<std::string, std::string> defaults)
    : values_(std::move(defaults)) {
  for (int i = 1; i < count; i += 2) {
    const std::string_view word = words[i];
    const auto known =
        word.starts_with("--") ? values_.find(std::string(word.substr(2))) : values_.end();
    if (known == values_.end())
      throw std::invalid_argument("unknown argument " + std::string(word));
    if (i + 1 == count) throw std::invalid_argument(std::string(word) + " needs a value");
    known->second = words[i + 1];
  }
}

const std::string& Arguments::text(const std::string& name) const { return values_.at(name); }

std::uint64_t Arguments::number(const std::string& name) const {
  const std::string& value = text(name);
  std::uint64_t number = 0;
  const char* const end = value.data() + value.size();
  const auto [parsed_end, error] = std::from_chars(value.data(), end, number);
  if (error != std::errc() || parsed_end != end)
    throw std::invalid_argument("--" + name + ": " + value + " is not a whole number");
  return number;
}

int guarded(int (*run)(int, char**), int count, char** words) {
  try {
    return run(count, words);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "%s: %s\n", words[0], failure.what());
    return 1;
  }
}

}  // namespace gatehouse::bench
