// The last line of a backup: what it is, and the SHA-256 of every byte before it.
//
//   GATEHOUSE BACKUP 1 6b1f…(64)\n
//
// For the files of edge/store. Any thread. A broken environment is a StoreError.
#pragma once

#include <expected>
#include <filesystem>
#include <string>

namespace gatehouse::store {

/// Adds the seal to a file that has none.
void append_seal(const std::filesystem::path& path);

/// Writes what is before the seal of `from` into `to`, an empty file; the error says why it is not
/// to be trusted.
std::expected<void, std::string> copy_without_seal(const std::filesystem::path& from,
                                                   const std::filesystem::path& to);

}  // namespace gatehouse::store
