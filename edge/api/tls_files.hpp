// The certificate and key of lot.toml (http.tls_cert_file, tls_key_file): read, judged, and read
// anew when they change.
//
//   TlsFiles files(cert_file, key_file);          // throws std::runtime_error: cannot be used
//   if (const auto news = files.look()) log(*news);   // now and then
//   … files.current() … of a new connection
//
// TLS 1.2 or newer, with forward secrecy and authenticated encryption only. The chain stands in the
// certificate's file behind it, as ACME clients write it. One thread at a time.
#pragma once

#include "edge/domain/time.hpp"

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

struct ssl_ctx_st;

namespace gatehouse::api {

/// What connections are made by. Those that stand keep theirs.
using TlsContext = std::shared_ptr<ssl_ctx_st>;

/// The contents of both files → what connections are made by, or what is wrong with them.
std::expected<TlsContext, std::string> make_tls_context(const std::string& certificates_pem,
                                                        const std::string& key_pem);

/// What `gatehouse check` says of both files.
struct TlsFinding {
  bool is_violation = false;  // otherwise worth knowing
  std::string what;
};
std::vector<TlsFinding> inspect_tls_files(const std::string& cert_file, const std::string& key_file,
                                          Instant now);

class TlsFiles {
 public:
  TlsFiles(std::string cert_file, std::string key_file);

  [[nodiscard]] const TlsContext& current() const { return current_; }

  struct News {
    bool is_taken = false;  // otherwise the certificate of before is kept
    std::string what;
  };
  /// Reads both files; nullopt: they are as they were.
  std::optional<News> look();

 private:
  struct Pair {
    std::string certificates;
    std::string key;
    bool operator==(const Pair&) const = default;
  };
  [[nodiscard]] std::expected<Pair, std::string> read() const;

  const std::string cert_file_;
  const std::string key_file_;
  // What was looked at last, taken or not; an error instead where it could not even be read.
  std::expected<Pair, std::string> seen_;
  TlsContext current_;
};

}  // namespace gatehouse::api
