// A TOML document as plain values that remember their lines.
//
//   auto root = parse_toml(text);   // the whole tree, or the first syntax error
//
// What the rest of the configuration reads, so that one file only knows the TOML library.
// Values; any thread.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace gatehouse::gateway {

struct TomlNode;
struct TomlMember;
using TomlList = std::vector<TomlNode>;

struct TomlTable {
  std::vector<TomlMember> members;  // in the order of their lines

  /// nullptr: there is no such key.
  [[nodiscard]] const TomlMember* find(std::string_view key) const;
};

/// A date, a time or both: no key of lot.toml takes one.
struct TomlTime {};

struct TomlNode {
  int line = 1;
  std::variant<bool, std::int64_t, double, std::string, TomlTime, TomlList, TomlTable> value;
};

struct TomlMember {
  std::string key;
  int line = 1;  // of the key
  TomlNode node;
};

struct TomlSyntaxError {
  int line = 1;
  std::string what;
};

std::expected<TomlTable, TomlSyntaxError> parse_toml(std::string_view text);

}  // namespace gatehouse::gateway
