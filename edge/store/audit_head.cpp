#include "edge/store/audit_head.hpp"

#include "edge/store/files.hpp"

#include <fstream>
#include <string>

namespace gatehouse::store {

std::filesystem::path audit_head_path(const std::filesystem::path& store) {
  return real_path(store).string() + ".audit";
}

std::optional<AuditHead> read_audit_head(const std::filesystem::path& store) {
  std::ifstream file(audit_head_path(store));
  AuditHead head;
  if (!(file >> head.sequence >> head.hash >> head.key_id >> head.seal)) return std::nullopt;
  return head;
}

void write_audit_head(const std::filesystem::path& store, const AuditHead& head) {
  write_durably(audit_head_path(store), std::to_string(head.sequence) + " " + head.hash + " " +
                                            std::to_string(head.key_id) + " " + head.seal + "\n");
}

}  // namespace gatehouse::store
