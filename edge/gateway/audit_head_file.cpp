#include "edge/gateway/audit_head_file.hpp"

#include "edge/gateway/log.hpp"
#include "edge/store/audit_head.hpp"
#include "edge/store/database.hpp"

namespace gatehouse::gateway {

void AuditHeadFile::act(const store::Committed<engine::Effects>& effects) {
  if (!effects->audit_head) return;
  try {
    store::write_audit_head(store_path_, *effects->audit_head);
  } catch (const store::StoreError& error) {
    log_error(error.what());
  }
}

}  // namespace gatehouse::gateway
