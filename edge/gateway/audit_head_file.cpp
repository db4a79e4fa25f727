#include "edge/gateway/audit_head_file.hpp"

#include "edge/gateway/log.hpp"

#include <charconv>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::gateway {

std::filesystem::path audit_head_path(const std::filesystem::path& store_path) {
  return store_path.string() + ".audit";
}

std::optional<store::AuditHead> read_audit_head(const std::filesystem::path& store_path) {
  std::ifstream file(audit_head_path(store_path));
  store::AuditHead head;
  if (!(file >> head.sequence >> head.hash >> head.key_id >> head.seal)) return std::nullopt;
  return head;
}

bool write_audit_head(const std::filesystem::path& store_path, const store::AuditHead& head) {
  const std::filesystem::path path = audit_head_path(store_path);
  const std::filesystem::path unfinished = path.string() + ".new";
  const std::string text =
      fmt::format("{} {} {} {}\n", head.sequence, head.hash, head.key_id, head.seal);
  const int file =
      ::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) return false;
  const bool is_whole =
      ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (::close(file) != 0 || !is_whole) return false;
  return ::rename(unfinished.c_str(), path.c_str()) == 0;
}

void AuditHeadFile::act(const store::Committed<engine::Effects>& effects) {
  if (!effects->audit_head) return;
  if (!write_audit_head(store_path_, *effects->audit_head))
    log_error(fmt::format("cannot write {}", audit_head_path(store_path_).string()));
}

}  // namespace gatehouse::gateway
