// Keeps the head of the audit's chain beside the store (edge/store/audit_head.hpp).
#pragma once

#include "edge/engine/ports.hpp"

#include <filesystem>
#include <utility>

namespace gatehouse::gateway {

/// Writes what the engine tells of the chain's end. The engine's thread, once a minute at most: it
/// waits for the disk as for a commit. What cannot be written is a line in the log.
class AuditHeadFile final : public engine::Outside {
 public:
  explicit AuditHeadFile(std::filesystem::path store_path) : store_path_(std::move(store_path)) {}
  void act(const store::Committed<engine::Effects>& effects) override;

 private:
  const std::filesystem::path store_path_;
};

}  // namespace gatehouse::gateway
