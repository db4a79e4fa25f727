// The lot's secrets: store.keys_path, made by `gatehouse init`, readable by its owner alone
// (docs/contract/config-and-cli.md).
//
//   ticket 1 6b1f…   the key that proves tickets
//   token  1 90aa…   the secret of access tokens
//   audit  1 c3d2…   the key of the audit log's chain
//
// A line for each key: what it is for, its id, 256 bits in hex; `#` begins a comment. While keys
// are rotated there are two of a kind: the one with the higher id makes, both are accepted. Of
// audit keys every one stays: the rows that it sealed are proved with it. Values are never logged.
// The main thread.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::gateway {

using KeyValue = std::array<std::uint8_t, 32>;

struct Key {
  std::uint32_t id = 0;
  KeyValue value{};
  bool operator==(const Key&) const = default;
};

/// The key that is used, and one of before that is still accepted.
struct KeyPair {
  Key current;
  std::optional<Key> previous;
  bool operator==(const KeyPair&) const = default;
};

/// The key that seals, and all of before, the newest first.
struct KeyRing {
  Key current;
  std::vector<Key> older = {};
  bool operator==(const KeyRing&) const = default;
};

struct Keys {
  KeyPair ticket;
  KeyPair token;
  KeyRing audit;
  bool operator==(const Keys&) const = default;
};

/// The text of a keys' file. The error is a sentence that shows none of it.
std::expected<Keys, std::string> parse_keys(std::string_view text);
std::string keys_text(const Keys& keys);

/// Refuses a file that others than its owner can read.
std::expected<Keys, std::string> load_keys(const std::filesystem::path& path);

/// Keys under another name, mode 0600; what is there is replaced. The error is a sentence.
std::expected<void, std::string> copy_keys(const std::filesystem::path& from,
                                           const std::filesystem::path& to);

/// Makes a file of new keys, mode 0600. A file that is there stays: its keys are in use. The error
/// is a sentence.
std::expected<void, std::string> make_keys(const std::filesystem::path& path);

/// New ones of each kind. What was used until now is still accepted, what was accepted beside it no
/// more.
Keys rotated(const Keys& keys);
/// Puts these in the file's place, whole or not at all. The error is a sentence.
std::expected<void, std::string> replace_keys(const std::filesystem::path& path, const Keys& keys);

}  // namespace gatehouse::gateway
