#include "edge/store/audit_row.hpp"

#include "edge/domain/invariant.hpp"
#include "edge/store/time_column.hpp"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace gatehouse::store {
namespace {

/// Each part with its length before it, so that no two lists of parts are the same text.
std::string text_of(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) {
    text += std::to_string(part.size());
    text += ':';
    text += part;
    text += ',';
  }
  return text;
}

std::string hmac(const AuditKey& key, const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  const auto* done = HMAC(EVP_sha256(), key.value.data(), static_cast<int>(key.value.size()), bytes,
                          text.size(), digest.data(), &length);
  require(done != nullptr && length == 32, "an audit row can be sealed");
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  for (unsigned int i = 0; i < length; ++i) {
    hex += digits[digest[i] >> 4U];
    hex += digits[digest[i] & 0x0FU];
  }
  return hex;
}

std::string text_of(Instant instant) { return std::to_string(to_column(instant)); }

}  // namespace

const std::string audit_beginning(64, '0');

const AuditKey* AuditKeys::find(std::uint32_t id) const {
  if (current.id == id) return &current;
  const auto found = std::ranges::find(older, id, &AuditKey::id);
  return found == older.end() ? nullptr : &*found;
}

std::string hash_of(const AuditKey& key, const AuditRow& row) {
  const AuditEntry& entry = row.entry;
  return hmac(key,
              text_of({"gatehouse audit row 1", std::to_string(row.sequence), text_of(entry.at),
                       text_of(entry.until), std::to_string(entry.times),
                       entry.user ? std::to_string(std::to_underlying(*entry.user)) : std::string(),
                       entry.user_name, entry.role, entry.address, entry.action, entry.targets,
                       entry.outcome, entry.detail, std::to_string(row.key_id), row.previous}));
}

std::string seal_of(const AuditKey& key, const AuditHead& head) {
  return hmac(key, text_of({"gatehouse audit head 1", std::to_string(head.sequence), head.hash,
                            std::to_string(head.key_id)}));
}

bool is_sealed(const AuditKeys& keys, const AuditHead& head) {
  const AuditKey* const key = keys.find(head.key_id);
  return key != nullptr && same_hash(seal_of(*key, head), head.seal);
}

bool same_hash(std::string_view one, std::string_view other) {
  return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

}  // namespace gatehouse::store
