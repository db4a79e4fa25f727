// `--name value` pairs of the peers' command lines, with defaults.
//
//   const Arguments arguments(argc, argv, {{"port", "1883"}, {"qos", "1"}});
//   const auto port = arguments.number("port");
//
// An unknown name, a missing value or a number that is none throws std::invalid_argument.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace gatehouse::bench {

class Arguments {
 public:
  Arguments(int count, char** words, std::map<std::string, std::string> defaults);

  [[nodiscard]] const std::string& text(const std::string& name) const;
  [[nodiscard]] std::uint64_t number(const std::string& name) const;

 private:
  std::map<std::string, std::string> values_;
};

/// Runs a peer's main; what it throws is printed to standard error and ends in 1.
int guarded(int (*run)(int, char**), int count, char** words);

}  // namespace gatehouse::bench
