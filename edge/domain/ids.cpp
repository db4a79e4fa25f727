#include "edge/domain/ids.hpp"

#include "edge/domain/limits.hpp"

namespace gatehouse {

std::string_view describe(IdError error) {
  switch (error) {
    case IdError::empty:
      return "is empty";
    case IdError::too_long:
      return "is longer than 64 characters";
    case IdError::bad_character:
      return "may hold letters, digits, '_' and '-' only";
    case IdError::reserved:
      return "is a name the broker keeps for another account";
  }
  return "";
}

std::expected<void, IdError> check_id(std::string_view text) {
  if (text.empty()) return std::unexpected(IdError::empty);
  if (text.size() > limits::id_characters_max) return std::unexpected(IdError::too_long);
  for (const char c : text) {
    const bool allowed = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                         (c >= '0' && c <= '9') || c == '_' || c == '-';
    if (!allowed) return std::unexpected(IdError::bad_character);
  }
  return {};
}

std::expected<void, IdError> check_device_id(std::string_view text) {
  if (auto checked = check_id(text); !checked) return checked;
  const bool reserved = text == "gateway" || text == "bridge" || text.starts_with("dashboard-") ||
                        text.starts_with("integration-");
  if (reserved) return std::unexpected(IdError::reserved);
  return {};
}

}  // namespace gatehouse
