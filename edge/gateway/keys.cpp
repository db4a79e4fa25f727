#include "edge/gateway/keys.hpp"

#include "edge/domain/invariant.hpp"
#include "edge/store/database.hpp"
#include "edge/store/files.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <sstream>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <openssl/rand.h>
#include <sys/stat.h>

namespace gatehouse::gateway {
namespace {

constexpr std::size_t hex_digits = 2 * std::tuple_size_v<KeyValue>;
constexpr std::uintmax_t file_bytes_max = 64 * 1024;

std::optional<KeyValue> read_hex(std::string_view text) {
  if (text.size() != hex_digits) return std::nullopt;
  KeyValue value{};
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char* const digits = text.data() + 2 * i;
    const auto [stopped, error] = std::from_chars(digits, digits + 2, value[i], 16);
    if (error != std::errc() || stopped != digits + 2) return std::nullopt;
  }
  return value;
}

std::string write_hex(const KeyValue& value) {
  std::string text;
  for (const std::uint8_t byte : value) text += fmt::format("{:02x}", byte);
  return text;
}

/// One of a kind, or two: the higher id is the newer one.
std::expected<KeyPair, std::string> pair_of(std::vector<Key> keys, std::string_view kind) {
  if (keys.empty()) return std::unexpected(fmt::format("there is no {} key", kind));
  if (keys.size() > 2) return std::unexpected(fmt::format("there are more than two {} keys", kind));
  if (keys.size() == 1) return KeyPair{keys.front(), std::nullopt};
  if (keys[0].id == keys[1].id)
    return std::unexpected(fmt::format("two {} keys have the same id", kind));
  if (keys[0].id < keys[1].id) std::swap(keys[0], keys[1]);
  return KeyPair{keys[0], keys[1]};
}

/// Any number but none; the highest id is the newest one.
std::expected<KeyRing, std::string> ring_of(std::vector<Key> keys, std::string_view kind) {
  if (keys.empty()) return std::unexpected(fmt::format("there is no {} key", kind));
  std::ranges::sort(keys, std::ranges::greater(), &Key::id);
  if (std::ranges::adjacent_find(keys, {}, &Key::id) != keys.end())
    return std::unexpected(fmt::format("two {} keys have the same id", kind));
  return KeyRing{keys.front(), {std::next(keys.begin()), keys.end()}};
}

void add_line(std::string& text, std::string_view kind, const Key& key) {
  text += fmt::format("{} {} {}\n", kind, key.id, write_hex(key.value));
}

void add_lines(std::string& text, std::string_view kind, const KeyPair& pair) {
  add_line(text, kind, pair.current);
  if (pair.previous) add_line(text, kind, *pair.previous);
}

Key new_key(std::uint32_t id = 1) {
  Key key{.id = id};
  const int done = RAND_bytes(key.value.data(), static_cast<int>(key.value.size()));
  require(done == 1, "the system gives random bytes");
  return key;
}

std::optional<std::uint32_t> read_id(std::string_view text) {
  std::uint32_t id = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, id);
  if (error != std::errc() || stopped != end || id == 0) return std::nullopt;
  return id;
}

std::string why() { return std::error_code(errno, std::generic_category()).message(); }

/// Whole or not at all: a torn file would stand in the way of whole ones for ever.
std::expected<void, std::string> put_keys(const std::filesystem::path& path, const Keys& keys) {
  try {
    store::write_durably(path, keys_text(keys));
  } catch (const store::StoreError& error) {
    return std::unexpected(std::string(error.what()));
  }
  return {};
}

}  // namespace

std::expected<Keys, std::string> parse_keys(std::string_view text) {
  std::map<std::string, std::vector<Key>, std::less<>> by_kind;
  std::istringstream lines{std::string(text)};
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream words(line);
    std::string kind;
    std::string id_text;
    std::string hex;
    std::string more;
    const bool is_read = static_cast<bool>(words >> kind >> id_text >> hex) && !(words >> more);
    const auto id = read_id(id_text);
    const auto value = read_hex(hex);
    const bool is_known = kind == "ticket" || kind == "token" || kind == "audit";
    if (!is_read || !id || !value || !is_known)
      return std::unexpected(fmt::format("line {} is not a kind, an id and 64 hex digits", number));
    by_kind[kind].push_back({*id, *value});
  }
  auto ticket = pair_of(by_kind["ticket"], "ticket");
  if (!ticket) return std::unexpected(ticket.error());
  auto token = pair_of(by_kind["token"], "token");
  if (!token) return std::unexpected(token.error());
  auto audit = ring_of(by_kind["audit"], "audit");
  if (!audit) return std::unexpected(audit.error());
  return Keys{*ticket, *token, *audit};
}

std::string keys_text(const Keys& keys) {
  std::string text = "# Whoever has this file can make tickets and tokens of this lot.\n";
  add_lines(text, "ticket", keys.ticket);
  add_lines(text, "token", keys.token);
  add_line(text, "audit", keys.audit.current);
  for (const Key& key : keys.audit.older) add_line(text, "audit", key);
  return text;
}

std::expected<Keys, std::string> load_keys(const std::filesystem::path& path) {
  const auto refuse = [&](std::string_view reason) {
    return std::unexpected(fmt::format("{}: {}", path.string(), reason));
  };
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0)
    return refuse(why() + "; \"gatehouse init\" makes the lot's keys");
  if (!S_ISREG(status.st_mode)) return refuse("it is not a file");
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return refuse("others can read it; expected mode 0600");
  if (static_cast<std::uintmax_t>(status.st_size) > file_bytes_max)
    return refuse("it is too large");
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  if (!file) return refuse("it cannot be read");
  auto keys = parse_keys(text.str());
  if (!keys) return refuse(keys.error());
  return keys;
}

std::expected<void, std::string> copy_keys(const std::filesystem::path& from,
                                           const std::filesystem::path& to) {
  const auto keys = load_keys(from);
  if (!keys) return std::unexpected(keys.error());
  return put_keys(to, *keys);
}

std::expected<void, std::string> make_keys(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::exists(path, ignored)) return {};
  return put_keys(path, {{new_key(), {}}, {new_key(), {}}, {new_key(), {}}});
}

Keys rotated(const Keys& keys) {
  const auto next = [](const KeyPair& pair) {
    return KeyPair{new_key(pair.current.id + 1), pair.current};
  };
  KeyRing audit{new_key(keys.audit.current.id + 1), {keys.audit.current}};
  audit.older.insert(audit.older.end(), keys.audit.older.begin(), keys.audit.older.end());
  return {next(keys.ticket), next(keys.token), std::move(audit)};
}

std::expected<void, std::string> replace_keys(const std::filesystem::path& path, const Keys& keys) {
  return put_keys(path, keys);
}

}  // namespace gatehouse::gateway
