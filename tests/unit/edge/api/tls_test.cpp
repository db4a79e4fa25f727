// Certificates and keys, and one connection's TLS over a pair of sockets.
#include "edge/api/tls_files.hpp"
#include "edge/api/tls_session.hpp"
#include "tests/support/temp_dir.hpp"

#include <array>
#include <chrono>
#include <csignal>
#include <fstream>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::api {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::Contains;

const Instant now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 20);

struct Made {
  std::string certificate;
  std::string key;
};

std::string pem_of(const std::function<void(BIO*)>& write) {
  BIO* const bio = BIO_new(BIO_s_mem());
  write(bio);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(bio);
  return text;
}

/// Self-signed, valid from `from` to `to`.
Made make_certificate(Instant from = now - 24h, Instant to = now + 24h * 365) {
  EVP_PKEY* const key = EVP_EC_gen("P-256");
  X509* const certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  const auto seconds = [](Instant at) {
    return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
  };
  ASN1_TIME_set(X509_getm_notBefore(certificate), seconds(from));
  ASN1_TIME_set(X509_getm_notAfter(certificate), seconds(to));
  X509_set_pubkey(certificate, key);
  X509_NAME* const name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("lot.example"), -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  X509_sign(certificate, key, EVP_sha256());
  Made made{pem_of([&](BIO* bio) { PEM_write_bio_X509(bio, certificate); }), pem_of([&](BIO* bio) {
              PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
            })};
  X509_free(certificate);
  EVP_PKEY_free(key);
  return made;
}

class Files {
 public:
  explicit Files(const Made& made) { write(made); }
  void write(const Made& made) {
    write_cert(made.certificate);
    write_key(made.key);
  }
  void write_cert(const std::string& text) { std::ofstream(cert) << text; }
  void write_key(const std::string& text) {
    std::ofstream(key) << text;
    ::chmod(key.c_str(), 0600);
  }
  [[nodiscard]] std::string said() const {
    std::string text;
    for (const TlsFinding& each : inspect_tls_files(cert, key, now))
      text += (each.is_violation ? "violation: " : "notice: ") + each.what + "\n";
    return text;
  }
  tests::TempDir dir;
  const std::string cert = (dir / "lot.crt").string();
  const std::string key = (dir / "lot.key").string();
};

TEST_CASE("a good pair has nothing to be said about it", "[api][tls]") {
  CHECK(Files(make_certificate()).said().empty());
}

TEST_CASE("what is wrong with the files is said", "[api][tls]") {
  Files files(make_certificate());
  SECTION("no certificate") {
    ::unlink(files.cert.c_str());
    CHECK_THAT(files.said(), Contains("violation: " + files.cert + ": No such file"));
  }
  SECTION("no key") {
    ::unlink(files.key.c_str());
    CHECK_THAT(files.said(), Contains("violation: " + files.key + ": No such file"));
  }
  SECTION("no PEM") {
    files.write_cert("nonsense");
    CHECK_THAT(files.said(), Contains("violation: " + files.cert + ": holds no certificate"));
  }
  SECTION("empty") {
    files.write_key("");
    CHECK_THAT(files.said(), Contains("holds no key"));
  }
  SECTION("another's key") {
    files.write_key(make_certificate().key);
    CHECK_THAT(files.said(), Contains("the key does not belong to the certificate"));
  }
  SECTION("readable by others") {
    ::chmod(files.key.c_str(), 0644);
    CHECK_THAT(files.said(), Contains("notice: " + files.key + " can be used by others"));
  }
  SECTION("expired") {
    files.write(make_certificate(now - 48h, now - 24h));
    CHECK_THAT(files.said(), Contains("the certificate has expired on 2026-11-19"));
  }
  SECTION("not valid yet") {
    files.write(make_certificate(now + 24h, now + 48h));
    CHECK_THAT(files.said(), Contains("is valid from 2026-11-21 on only"));
  }
  SECTION("soon expired") {
    files.write(make_certificate(now - 24h, now + 24h * 29));
    CHECK_THAT(files.said(), Contains("notice: " + files.cert + ": the certificate expires on"));
  }
}

TEST_CASE("a changed pair is taken, and a half-written one leaves the old one", "[api][tls]") {
  Files files(make_certificate());
  TlsFiles tls(files.cert, files.key);
  const TlsContext first = tls.current();
  REQUIRE(first != nullptr);
  CHECK_FALSE(tls.look());

  const Made next = make_certificate();
  files.write_cert(next.certificate);
  auto news = tls.look();
  REQUIRE(news);
  CHECK_FALSE(news->is_taken);
  CHECK_THAT(news->what, Contains("does not belong"));
  CHECK(tls.current() == first);
  CHECK_FALSE(tls.look());  // said once

  files.write_key(next.key);
  news = tls.look();
  REQUIRE(news);
  CHECK(news->is_taken);
  CHECK(tls.current() != first);

  const TlsContext second = tls.current();
  ::unlink(files.cert.c_str());
  news = tls.look();
  REQUIRE(news);
  CHECK_FALSE(news->is_taken);
  CHECK_FALSE(tls.look());
  CHECK(tls.current() == second);
}

TEST_CASE("without a pair that can be used there is no server", "[api][tls]") {
  Files files(make_certificate());
  files.write_key(make_certificate().key);
  CHECK_THROWS_WITH(TlsFiles(files.cert, files.key), Contains("does not belong"));
  CHECK_THROWS_WITH(TlsFiles("/nowhere/lot.crt", files.key), Contains("/nowhere/lot.crt"));
}

/// Both ends of a connection, in this thread.
class Ends {
 public:
  explicit Ends(int client_max_version = 0) {
    std::array<int, 2> pair{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair.data()) == 0);
    ours = pair[0];
    theirs = pair[1];
    const Made made = make_certificate();
    auto context = make_tls_context(made.certificate, made.key);
    REQUIRE(context);
    session = std::make_unique<TlsSession>(*context, ours);
    client_context = SSL_CTX_new(TLS_client_method());
    if (client_max_version != 0) {
      SSL_CTX_set_min_proto_version(client_context, 0);
      SSL_CTX_set_max_proto_version(client_context, client_max_version);
      SSL_CTX_set_cipher_list(client_context, "ALL:@SECLEVEL=0");
    }
    client = SSL_new(client_context);
    SSL_set_fd(client, theirs);
    SSL_set_connect_state(client);
  }
  Ends(const Ends&) = delete;
  Ends& operator=(const Ends&) = delete;
  ~Ends() {
    SSL_free(client);
    SSL_CTX_free(client_context);
    session.reset();
    ::close(ours);
    ::close(theirs);
  }
  TlsSession::Outcome shake_hands() {
    auto outcome = TlsSession::Outcome::wants_to_read;
    for (int i = 0; i < 20 && outcome == TlsSession::Outcome::wants_to_read; ++i) {
      SSL_do_handshake(client);
      outcome = session->shake_hands().outcome;
    }
    SSL_do_handshake(client);
    return outcome;
  }
  std::string heard() {
    std::array<char, 1024> buffer{};
    const int got = SSL_read(client, buffer.data(), static_cast<int>(buffer.size()));
    return got > 0 ? std::string(buffer.data(), static_cast<std::size_t>(got)) : "";
  }
  int ours = -1;
  int theirs = -1;
  std::unique_ptr<TlsSession> session;
  SSL_CTX* client_context = nullptr;
  SSL* client = nullptr;
};

TEST_CASE("both ends understand each other, without anybody waiting", "[api][tls]") {
  Ends ends;
  CHECK(ends.session->shake_hands().outcome == TlsSession::Outcome::wants_to_read);
  REQUIRE(ends.shake_hands() == TlsSession::Outcome::done);
  std::array<char, 100> buffer{};
  CHECK(ends.session->read(buffer).outcome == TlsSession::Outcome::wants_to_read);
  SSL_write(ends.client, "hello", 5);
  auto step = ends.session->read(buffer);
  CHECK(step.outcome == TlsSession::Outcome::done);
  CHECK(std::string_view(buffer.data(), step.bytes) == "hello");
  step = ends.session->write(std::string_view("good day"));
  CHECK(step.outcome == TlsSession::Outcome::done);
  CHECK(ends.heard() == "good day");

  SSL_shutdown(ends.client);
  CHECK(ends.session->read(buffer).outcome == TlsSession::Outcome::ended);
}

TEST_CASE("the last words are heard, and that they were the last", "[api][tls]") {
  Ends ends;
  REQUIRE(ends.shake_hands() == TlsSession::Outcome::done);
  ends.session->end("HTTP/1.1 400 Bad Request");
  CHECK(ends.heard() == "HTTP/1.1 400 Bad Request");
  CHECK(ends.heard().empty());
  CHECK((SSL_get_shutdown(ends.client) & SSL_RECEIVED_SHUTDOWN) != 0);
  // The descriptor may be another's by now.
  std::array<char, 10> buffer{};
  CHECK(ends.session->read(buffer).outcome == TlsSession::Outcome::failed);
  CHECK(ends.session->write(std::string_view("x")).outcome == TlsSession::Outcome::failed);
}

TEST_CASE("a peer that has gone is an error and no signal", "[api][tls]") {
  Ends ends;
  REQUIRE(ends.shake_hands() == TlsSession::Outcome::done);
  ::shutdown(ends.theirs, SHUT_RDWR);
  const std::string much(16'000, 'x');
  auto outcome = TlsSession::Outcome::done;
  for (int i = 0; i < 100 && outcome == TlsSession::Outcome::done; ++i)
    outcome = ends.session->write(much).outcome;
  CHECK(outcome == TlsSession::Outcome::failed);
}

TEST_CASE("a full socket asks to be waited for, and the same bytes go on", "[api][tls]") {
  Ends ends;
  REQUIRE(ends.shake_hands() == TlsSession::Outcome::done);
  const std::string much(16'000, 'x');
  TlsSession::Step step{TlsSession::Outcome::done};
  for (int i = 0; i < 1000 && step.outcome == TlsSession::Outcome::done; ++i)
    step = ends.session->write(much);
  REQUIRE(step.outcome == TlsSession::Outcome::wants_to_write);
  while (!ends.heard().empty()) {
  }
  CHECK(ends.session->write(std::string(much)).outcome == TlsSession::Outcome::done);
}

TEST_CASE("nonsense and TLS of before 1.2 are refused", "[api][tls]") {
  SECTION("nonsense") {
    Ends ends;
    REQUIRE(::write(ends.theirs, "GET / HTTP/1.1\r\n\r\n", 18) == 18);
    CHECK(ends.session->shake_hands().outcome == TlsSession::Outcome::failed);
  }
  SECTION("TLS 1.1, of a client that can") {
    Ends ends(TLS1_1_VERSION);
    CHECK(ends.shake_hands() == TlsSession::Outcome::failed);
  }
  SECTION("TLS 1.2") {
    Ends ends(TLS1_2_VERSION);
    CHECK(ends.shake_hands() == TlsSession::Outcome::done);
  }
}

}  // namespace
}  // namespace gatehouse::api
