#include "edge/store/seal.hpp"

#include "edge/domain/invariant.hpp"
#include "edge/store/database.hpp"

#include <array>
#include <cstdint>
#include <fstream>
#include <memory>
#include <string_view>
#include <vector>

#include <openssl/evp.h>

namespace gatehouse::store {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view begin = "GATEHOUSE BACKUP 1 ";
constexpr std::size_t digest_bytes = 32;
constexpr std::size_t seal_bytes = begin.size() + 2 * digest_bytes + 1;
constexpr std::size_t chunk_bytes = 1 << 20;

class Digest {
 public:
  Digest() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    require(context_ && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1,
            "SHA-256 is there");
  }
  void add(const char* bytes, std::size_t count) {
    require(EVP_DigestUpdate(context_.get(), bytes, count) == 1, "SHA-256 goes on");
  }
  /// The whole last line of what was added. Once.
  std::string seal() {
    std::array<unsigned char, digest_bytes> digest{};
    require(EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr) == 1, "SHA-256 ends");
    constexpr std::string_view digits = "0123456789abcdef";
    std::string line(begin);
    for (const unsigned char byte : digest) {
      line += digits[byte >> 4U];
      line += digits[byte & 15U];
    }
    return line + '\n';
  }

 private:
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context_;
};

[[noreturn]] void fail(const std::string& doing, const fs::path& path) {
  throw StoreError(StoreError::Kind::unusable, doing + " " + path.string());
}

/// The first `count` bytes of a file, a chunk at a time.
template <class Take>
void read_through(std::ifstream& file, std::uint64_t count, const fs::path& path, Take&& take) {
  std::vector<char> chunk(chunk_bytes);
  while (count > 0) {
    const auto wanted = static_cast<std::streamsize>(std::min<std::uint64_t>(count, chunk_bytes));
    if (!file.read(chunk.data(), wanted)) fail("cannot read", path);
    take(chunk.data(), static_cast<std::size_t>(wanted));
    count -= static_cast<std::uint64_t>(wanted);
  }
}

}  // namespace

void append_seal(const fs::path& path) {
  Digest digest;
  {
    std::ifstream file(path, std::ios::binary);
    read_through(file, fs::file_size(path), path,
                 [&](const char* bytes, std::size_t count) { digest.add(bytes, count); });
  }
  std::ofstream file(path, std::ios::binary | std::ios::app);
  file << digest.seal();
  file.close();
  if (!file) fail("cannot write", path);
}

std::expected<void, std::string> copy_without_seal(const fs::path& from, const fs::path& to) {
  std::error_code error;
  const std::uint64_t bytes = fs::file_size(from, error);
  if (error) return std::unexpected("cannot read " + from.string() + ": " + error.message());
  const auto no_backup = [&] {
    return std::unexpected(
        from.string() + " is no backup of Gatehouse, or was cut short: its last line is missing");
  };
  if (bytes < seal_bytes) return no_backup();
  std::ifstream source(from, std::ios::binary);
  std::ofstream target(to, std::ios::binary);
  Digest digest;
  read_through(source, bytes - seal_bytes, from, [&](const char* chunk, std::size_t count) {
    digest.add(chunk, count);
    target.write(chunk, static_cast<std::streamsize>(count));
  });
  target.close();
  if (!target) fail("cannot write", to);
  std::string found(seal_bytes, '\0');
  if (!source.read(found.data(), seal_bytes)) fail("cannot read", from);
  if (!found.starts_with(begin)) return no_backup();
  if (found == digest.seal()) return {};
  return std::unexpected(from.string() + " is damaged: it is not what was written");
}

}  // namespace gatehouse::store
