// Where the audit's chain ends, kept beside the store in `{store}.audit`: whoever puts an older
// store in its place does not put back this file with it, and is found out
// (docs/contract/audit.md).
//
// One line: sequence, hash, key id and seal. It is replaced as a whole. A file that cannot be read
// is as if there were none: what it adds to the sealed head within the store is gone, and nothing
// else. Any thread.
#pragma once

#include "edge/store/audit_row.hpp"

#include <filesystem>
#include <optional>

namespace gatehouse::store {

/// Beside the store's own file, wherever links lead.
std::filesystem::path audit_head_path(const std::filesystem::path& store);

std::optional<AuditHead> read_audit_head(const std::filesystem::path& store);
/// Mode 0600, on disk when it returns. Throws StoreError.
void write_audit_head(const std::filesystem::path& store, const AuditHead& head);

}  // namespace gatehouse::store
