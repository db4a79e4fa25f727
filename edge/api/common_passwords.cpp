#include "edge/api/common_passwords.hpp"

#include "edge/api/message.hpp"

#include <algorithm>
#include <string>
#include <unordered_set>

namespace gatehouse::api {
namespace {

std::unordered_set<std::string_view> lines_of(std::string_view text) {
  std::unordered_set<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    if (!line.empty() && !line.starts_with('#')) lines.insert(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace

bool is_common_password(std::string_view password) {
  static const std::unordered_set<std::string_view> all = lines_of(common_passwords());
  return all.contains(in_small_letters(password));
}

}  // namespace gatehouse::api
