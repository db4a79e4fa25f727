// Where the audit's chain ends, kept beside the store in `{store}.audit`: whoever puts an older
// store in its place does not put back this file with it, and is found out
// (docs/contract/audit.md).
//
// One line: sequence, hash, key id and seal. It is replaced as a whole. A file that cannot be read
// is as if there were none: what it adds to the sealed head within the store is gone, and nothing
// else.
#pragma once

#include "edge/engine/ports.hpp"
#include "edge/store/audit_row.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace gatehouse::gateway {

/// Its name, of a store's.
std::filesystem::path audit_head_path(const std::filesystem::path& store_path);

std::optional<store::AuditHead> read_audit_head(const std::filesystem::path& store_path);
/// Mode 0600. False: it could not be written.
bool write_audit_head(const std::filesystem::path& store_path, const store::AuditHead& head);

/// Writes what the engine tells of the chain's end. The engine's thread: it does not wait for the
/// disk, as a file that is a minute old proves nearly as much.
class AuditHeadFile final : public engine::Outside {
 public:
  explicit AuditHeadFile(std::filesystem::path store_path) : store_path_(std::move(store_path)) {}
  void act(const store::Committed<engine::Effects>& effects) override;

 private:
  const std::filesystem::path store_path_;
};

}  // namespace gatehouse::gateway
