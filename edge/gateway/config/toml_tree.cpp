#include "edge/gateway/config/toml_tree.hpp"

#include <algorithm>

#include <toml++/toml.h>

namespace gatehouse::gateway {
namespace {

int line_of(const toml::source_region& source) { return static_cast<int>(source.begin.line); }

TomlNode copy_node(const toml::node& node);

TomlTable copy_table(const toml::table& table) {
  TomlTable copy;
  copy.members.reserve(table.size());
  for (const auto& [key, node] : table) {
    copy.members.push_back({std::string(key.str()), line_of(key.source()), copy_node(node)});
  }
  std::ranges::stable_sort(copy.members, {}, &TomlMember::line);
  return copy;
}

TomlList copy_list(const toml::array& array) {
  TomlList copy;
  copy.reserve(array.size());
  for (const toml::node& node : array) copy.push_back(copy_node(node));
  return copy;
}

TomlNode copy_node(const toml::node& node) {
  TomlNode copy{.line = line_of(node.source()), .value = TomlTime{}};
  if (const auto* table = node.as_table()) copy.value = copy_table(*table);
  if (const auto* array = node.as_array()) copy.value = copy_list(*array);
  if (const auto* text = node.as_string()) copy.value = text->get();
  if (const auto* number = node.as_integer()) copy.value = number->get();
  if (const auto* number = node.as_floating_point()) copy.value = number->get();
  if (const auto* truth = node.as_boolean()) copy.value = truth->get();
  return copy;
}

}  // namespace

const TomlMember* TomlTable::find(std::string_view key) const {
  const auto found = std::ranges::find(members, key, &TomlMember::key);
  return found == members.end() ? nullptr : &*found;
}

std::expected<TomlTable, TomlSyntaxError> parse_toml(std::string_view text) {
  try {
    return copy_table(toml::parse(text));
  } catch (const toml::parse_error& error) {
    return std::unexpected(
        TomlSyntaxError{line_of(error.source()), std::string(error.description())});
  }
}

}  // namespace gatehouse::gateway
