#include "cloud-bridge/payments/http.hpp"

#include <cstddef>
#include <utility>

namespace gatehouse::payments {
namespace {

TroubleKind kind_of(int status) {
  if (status == 401 || status == 403) return TroubleKind::misconfigured;
  if (status >= 300 && status < 400) return TroubleKind::misconfigured;  // never followed
  if (status == 429) return TroubleKind::busy;
  if (status == 408) return TroubleKind::unknown;
  if (status >= 400 && status < 500) return TroubleKind::refused;
  return TroubleKind::unknown;
}

}  // namespace

std::string presentable(const std::string& words) {
  constexpr std::size_t characters_max = 200;
  std::string line;
  for (const char c : words) {
    if (line.size() == characters_max) break;
    line += c >= ' ' && c <= '~' ? c : ' ';
  }
  return line;
}

ProviderTrouble trouble_of(const HttpReply& reply, std::string code, const std::string& words) {
  return {.kind = kind_of(reply.status),
          .status = reply.status,
          .code = presentable(code),
          .words = presentable(words),
          .retry_after = reply.retry_after};
}

ProviderTrouble not_understood(const std::string& words) {
  return {.kind = TroubleKind::unknown, .code = "not_understood", .words = presentable(words)};
}

ProviderTrouble contradiction(const std::string& words) {
  return {.kind = TroubleKind::contradiction, .code = "contradiction", .words = presentable(words)};
}

ProviderTrouble refused_here(const std::string& words) {
  return {.kind = TroubleKind::refused, .code = "refused_here", .words = presentable(words)};
}

std::string percent_encoded(const std::string& text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~';
    if (is_plain) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += digits[byte >> 4U];
    encoded += digits[byte & 0x0fU];
  }
  return encoded;
}

}  // namespace gatehouse::payments
