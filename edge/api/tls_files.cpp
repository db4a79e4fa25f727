#include "edge/api/tls_files.hpp"

#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <new>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace gatehouse::api {
namespace {

template <auto Free>
struct Freeing {
  template <class Thing>
  void operator()(Thing* thing) const {
    Free(thing);
  }
};
using Bio = std::unique_ptr<BIO, Freeing<BIO_free>>;
using Certificate = std::unique_ptr<X509, Freeing<X509_free>>;
using PrivateKey = std::unique_ptr<EVP_PKEY, Freeing<EVP_PKEY_free>>;

// Two certificates and a key have a few kilobytes.
constexpr std::uintmax_t file_bytes_max = 256 * 1024;
constexpr std::size_t chain_length_max = 16;

std::expected<std::string, std::string> content_of(const std::string& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (error) return std::unexpected(fmt::format("{}: {}", file, error.message()));
  if (size > file_bytes_max)
    return std::unexpected(fmt::format("{}: is too large to be PEM of a certificate or key", file));
  std::ifstream stream(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (!stream) return std::unexpected(fmt::format("{}: cannot be read", file));
  return text;
}

Bio bio_of(const std::string& text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

/// The first is the server's own.
std::vector<Certificate> certificates_in(const std::string& pem) {
  std::vector<Certificate> certificates;
  const Bio bio = bio_of(pem);
  while (certificates.size() < chain_length_max) {
    Certificate next(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    if (!next) break;
    certificates.push_back(std::move(next));
  }
  ERR_clear_error();  // the end of the file is one
  return certificates;
}

/// Nobody is there to type a password.
int no_password(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*of*/) { return -1; }

PrivateKey key_in(const std::string& pem) {
  const Bio bio = bio_of(pem);
  PrivateKey key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr));
  ERR_clear_error();
  return key;
}

/// `2026-11-20`, of a certificate's time; "": it cannot be read.
std::string day_of(const ASN1_TIME* time) {
  std::tm when{};
  if (ASN1_TIME_to_tm(time, &when) != 1) return "";
  return fmt::format("{:04}-{:02}-{:02}", when.tm_year + 1900, when.tm_mon + 1, when.tm_mday);
}

std::time_t seconds_of(Instant instant) {
  return std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count();
}

void judge_times(const X509& certificate, const std::string& file, Instant now,
                 std::vector<TlsFinding>& findings) {
  constexpr std::chrono::days soon{30};
  const ASN1_TIME* const begins = X509_get0_notBefore(&certificate);
  const ASN1_TIME* const ends = X509_get0_notAfter(&certificate);
  std::time_t at = seconds_of(now);
  std::time_t later = seconds_of(now + soon);
  if (X509_cmp_time(begins, &at) > 0) {
    findings.push_back(
        {true, fmt::format("{}: the certificate is valid from {} on only", file, day_of(begins))});
  } else if (X509_cmp_time(ends, &at) < 0) {
    findings.push_back(
        {true, fmt::format("{}: the certificate has expired on {}", file, day_of(ends))});
  } else if (X509_cmp_time(ends, &later) < 0) {
    findings.push_back(
        {false, fmt::format("{}: the certificate expires on {}", file, day_of(ends))});
  }
}

void judge_mode(const std::string& key_file, std::vector<TlsFinding>& findings) {
  namespace fs = std::filesystem;
  std::error_code error;
  const auto status = fs::status(key_file, error);
  if (error ||
      (status.permissions() & (fs::perms::group_all | fs::perms::others_all)) == fs::perms::none)
    return;
  findings.push_back(
      {false, fmt::format("{} can be used by others; expected mode 0600", key_file)});
}

}  // namespace

std::expected<TlsContext, std::string> make_tls_context(const std::string& certificates_pem,
                                                        const std::string& key_pem) {
  const auto certificates = certificates_in(certificates_pem);
  if (certificates.empty()) return std::unexpected("holds no certificate in PEM");
  const PrivateKey key = key_in(key_pem);
  if (!key) return std::unexpected("the key's file holds no key in PEM, or an encrypted one");
  if (X509_check_private_key(certificates.front().get(), key.get()) != 1) {
    ERR_clear_error();
    return std::unexpected("the key does not belong to the certificate");
  }
  TlsContext context(SSL_CTX_new(TLS_server_method()), Freeing<SSL_CTX_free>());
  if (!context) throw std::bad_alloc();
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                         SSL_OP_CIPHER_SERVER_PREFERENCE |
                                         SSL_OP_PRIORITIZE_CHACHA | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE |
                                      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                      SSL_MODE_RELEASE_BUFFERS);
  // Sessions are resumed by tickets, which cost the server nothing to keep.
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  bool is_good = SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) == 1 &&
                 SSL_CTX_set_cipher_list(context.get(), "ECDHE+AESGCM:ECDHE+CHACHA20") == 1 &&
                 SSL_CTX_use_certificate(context.get(), certificates.front().get()) == 1 &&
                 SSL_CTX_use_PrivateKey(context.get(), key.get()) == 1;
  for (std::size_t i = 1; i < certificates.size(); ++i)
    is_good = is_good && SSL_CTX_add1_chain_cert(context.get(), certificates[i].get()) == 1;
  if (is_good) return context;
  const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return std::unexpected(fmt::format("cannot be used: {}", reason == nullptr ? "" : reason));
}

std::vector<TlsFinding> inspect_tls_files(const std::string& cert_file, const std::string& key_file,
                                          Instant now) {
  std::vector<TlsFinding> findings;
  const auto certificates_pem = content_of(cert_file);
  const auto key_pem = content_of(key_file);
  if (!certificates_pem) findings.push_back({true, certificates_pem.error()});
  if (!key_pem) findings.push_back({true, key_pem.error()});
  judge_mode(key_file, findings);
  if (!certificates_pem || !key_pem) return findings;
  if (const auto made = make_tls_context(*certificates_pem, *key_pem); !made)
    findings.push_back({true, fmt::format("{}: {}", cert_file, made.error())});
  const auto certificates = certificates_in(*certificates_pem);
  if (!certificates.empty()) judge_times(*certificates.front(), cert_file, now, findings);
  return findings;
}

TlsFiles::TlsFiles(std::string cert_file, std::string key_file)
    : cert_file_(std::move(cert_file)), key_file_(std::move(key_file)), seen_(read()) {
  if (!seen_) throw std::runtime_error(seen_.error());
  auto made = make_tls_context(seen_->certificates, seen_->key);
  if (!made) throw std::runtime_error(fmt::format("{}: {}", cert_file_, made.error()));
  current_ = std::move(*made);
}

std::optional<TlsFiles::News> TlsFiles::look() {
  auto now = read();
  if (now == seen_) return std::nullopt;
  seen_ = std::move(now);
  if (!seen_) return News{false, seen_.error()};
  auto made = make_tls_context(seen_->certificates, seen_->key);
  if (!made) return News{false, fmt::format("{}: {}", cert_file_, made.error())};
  current_ = std::move(*made);
  return News{true, fmt::format("{}: has changed, and new connections get it", cert_file_)};
}

std::expected<TlsFiles::Pair, std::string> TlsFiles::read() const {
  auto certificates = content_of(cert_file_);
  if (!certificates) return std::unexpected(std::move(certificates.error()));
  auto key = content_of(key_file_);
  if (!key) return std::unexpected(std::move(key.error()));
  return Pair{std::move(*certificates), std::move(*key)};
}

}  // namespace gatehouse::api
