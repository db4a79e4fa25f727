// The half of mosquitto.hpp that makes passwords and touches the disk.
#include "broker/accounts.hpp"
#include "broker/mosquitto.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>
#include <system_error>
#include <unordered_set>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::broker {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(int error, const fs::path& path) {
  throw std::system_error(error, std::generic_category(), path.string());
}

/// A file descriptor that closes itself.
class Descriptor {
 public:
  Descriptor(const fs::path& path, int flags, mode_t mode = 0)
      : number_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {
    if (number_ < 0) fail(errno, path);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { ::close(number_); }
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

enum class Secrecy : std::uint8_t {
  none,    // 0644
  owner,   // 0600, of whoever runs us
  broker,  // 0600, of the user the broker runs as
};

/// The user that Mosquitto becomes when root starts it; nullopt when we are not root, or there is
/// none.
std::optional<std::pair<uid_t, gid_t>> broker_user() {
  if (::geteuid() != 0) return std::nullopt;
  constexpr std::size_t names_bytes_max = 16 * 1024;
  std::array<char, names_bytes_max> names{};
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwnam_r("mosquitto", &entry, names.data(), names.size(), &found) != 0 || !found)
    return std::nullopt;
  return std::pair(entry.pw_uid, entry.pw_gid);
}

void write_all(int descriptor, std::string_view text, const fs::path& path) {
  while (!text.empty()) {
    const ssize_t count = ::write(descriptor, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(errno, path);
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

/// Whoever reads `path` sees the old text or the new one, also after a power cut.
void replace_file(const fs::path& path, std::string_view text, Secrecy secrecy) {
  const fs::path fresh = path.string() + ".new";
  // A leftover of a call that was cut short may have other rights than ours.
  fs::remove(fresh);
  {
    constexpr mode_t owner_only = 0600;
    constexpr mode_t readable = 0644;
    const Descriptor file(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, owner_only);
    write_all(file.number(), text, fresh);
    if (secrecy == Secrecy::none && ::fchmod(file.number(), readable) != 0) fail(errno, fresh);
    if (const auto user = broker_user(); user && secrecy == Secrecy::broker) {
      if (::fchown(file.number(), user->first, user->second) != 0) fail(errno, fresh);
    }
    if (::fsync(file.number()) != 0) fail(errno, fresh);
  }
  fs::rename(fresh, path);
  const Descriptor directory(path.parent_path(), O_RDONLY | O_DIRECTORY);
  if (::fsync(directory.number()) != 0) fail(errno, path.parent_path());
}

/// Empty when there is no such file.
std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    if (!fs::exists(path)) return {};
    fail(EACCES, path);
  }
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (file.bad()) fail(EIO, path);
  return text;
}

struct NewAccounts {
  std::string password_file;
  std::string credentials;
  WrittenServer report;
};

/// `names`: the gateway's first.
NewAccounts make_accounts(const std::vector<std::string>& names, const HashesByName& existing,
                          const ServerPasswords& passwords) {
  NewAccounts accounts;
  accounts.credentials = "name,password\n";
  for (const std::string& name : names) {
    const auto known = existing.find(name);
    std::string hash = known == existing.end() ? std::string() : known->second;
    if (name == names.front()) {
      if (!password_matches(passwords.gateway, hash)) hash = hash_password(passwords.gateway);
    } else if (hash.empty() || name == passwords.renew) {
      const std::string password = generate_password();
      hash = hash_password(password);
      accounts.credentials += fmt::format("{},{}\n", name, password);
      accounts.report.made.push_back(name);
    }
    accounts.password_file += fmt::format("{}:{}\n", name, hash);
  }
  const std::unordered_set<std::string_view> wanted(names.begin(), names.end());
  for (const auto& [name, hash] : existing)
    if (!wanted.contains(name)) accounts.report.removed.push_back(name);
  std::ranges::sort(accounts.report.removed);
  return accounts;
}

std::expected<void, std::string> check_passwords(const ServerPasswords& passwords,
                                                 const std::vector<std::string>& names) {
  if (passwords.gateway.empty())
    return std::unexpected("the gateway's password is empty: set GATEHOUSE_MQTT_PASSWORD");
  if (passwords.renew == names.front())
    return std::unexpected("the gateway's password is that of GATEHOUSE_MQTT_PASSWORD");
  if (!passwords.renew.empty() && std::ranges::find(names, passwords.renew) == names.end())
    return std::unexpected(fmt::format("the lot has no account \"{}\"", passwords.renew));
  return {};
}

}  // namespace

std::expected<WrittenServer, std::string> write_server(const ServerSettings& settings,
                                                       const ServerLot& lot,
                                                       const ServerPasswords& passwords,
                                                       const std::filesystem::path& directory) {
  const fs::path place = fs::absolute(directory).lexically_normal();
  const auto texts = server_texts(settings, lot, place);
  if (!texts) return std::unexpected(texts.error());

  if (settings.development && !passwords.renew.empty())
    return std::unexpected("a development broker has no accounts");
  NewAccounts accounts;
  if (!settings.development) {
    const auto names = account_names(settings, lot);
    if (!names) return std::unexpected(names.error());
    if (auto checked = check_passwords(passwords, *names); !checked)
      return std::unexpected(checked.error());
    const auto existing = read_password_file(read_file(place / "passwd"));
    if (!existing) return std::unexpected((place / "passwd").string() + ": " + existing.error());
    accounts = make_accounts(*names, *existing, passwords);
  }

  fs::create_directories(place);
  if (!settings.development) {
    // First the words, then their hashes: a call cut short in between leaves no account whose
    // password nobody knows.
    replace_file(place / "credentials.csv", accounts.credentials, Secrecy::owner);
    replace_file(place / "passwd", accounts.password_file, Secrecy::broker);
    replace_file(place / "acl", texts->access_list, Secrecy::broker);
  }
  replace_file(place / "mosquitto.service.conf", texts->service, Secrecy::none);
  replace_file(place / "mosquitto.conf", texts->configuration, Secrecy::none);
  return accounts.report;
}

}  // namespace gatehouse::broker
