#include "edge/api/tls_session.hpp"

#include <cerrno>
#include <climits>
#include <new>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

namespace gatehouse::api {
namespace {

// OpenSSL's own socket BIO writes with write(), which a connection that is gone answers with
// SIGPIPE; ours never waits and never signals.

int descriptor_of(BIO* bio) { return *static_cast<const int*>(BIO_get_data(bio)); }

bool is_for_now(ssize_t result) { return result < 0 && (errno == EAGAIN || errno == EINTR); }

int write_bytes(BIO* bio, const char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t sent = ::send(descriptor_of(bio), bytes, static_cast<std::size_t>(size),
                              MSG_NOSIGNAL | MSG_DONTWAIT);
  if (is_for_now(sent)) BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

int read_bytes(BIO* bio, char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t got =
      ::recv(descriptor_of(bio), bytes, static_cast<std::size_t>(size), MSG_DONTWAIT);
  if (is_for_now(got)) BIO_set_retry_read(bio);
  if (got == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  return static_cast<int>(got);
}

long control(BIO* bio, int command, long /*number*/, void* /*what*/) {
  if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

/// Made once and kept: every session refers to it.
const BIO_METHOD* socket_method() {
  static const BIO_METHOD* const method = [] {
    BIO_METHOD* const made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
    if (made == nullptr) throw std::bad_alloc();
    BIO_meth_set_write(made, write_bytes);
    BIO_meth_set_read(made, read_bytes);
    BIO_meth_set_ctrl(made, control);
    return made;
  }();
  return method;
}

int size_of(std::size_t bytes) { return bytes > INT_MAX ? INT_MAX : static_cast<int>(bytes); }

}  // namespace

void TlsSession::FreeSsl::operator()(ssl_st* ssl) const { SSL_free(ssl); }

TlsSession::TlsSession(const TlsContext& context, int descriptor)
    : descriptor_(descriptor), ssl_(SSL_new(context.get())) {
  BIO* const bio = BIO_new(socket_method());
  if (!ssl_ || bio == nullptr) {
    BIO_free(bio);
    throw std::bad_alloc();
  }
  BIO_set_data(bio, &descriptor_);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_.get(), bio, bio);  // owns it
  SSL_set_accept_state(ssl_.get());
}

TlsSession::~TlsSession() = default;

TlsSession::Step TlsSession::step_after(int result) const {
  const int error = SSL_get_error(ssl_.get(), result);
  ERR_clear_error();
  switch (error) {
    case SSL_ERROR_NONE:
      return {Outcome::done, static_cast<std::size_t>(result)};
    case SSL_ERROR_WANT_READ:
      return {Outcome::wants_to_read};
    case SSL_ERROR_WANT_WRITE:
      return {Outcome::wants_to_write};
    case SSL_ERROR_ZERO_RETURN:
      return {Outcome::ended};
    default:
      return {Outcome::failed};
  }
}

TlsSession::Step TlsSession::shake_hands() {
  ERR_clear_error();
  return step_after(SSL_do_handshake(ssl_.get()));
}

TlsSession::Step TlsSession::read(std::span<char> into) {
  if (into.empty()) return {Outcome::done};
  ERR_clear_error();
  return step_after(SSL_read(ssl_.get(), into.data(), size_of(into.size())));
}

TlsSession::Step TlsSession::write(std::span<const char> from) {
  if (from.empty()) return {Outcome::done};
  ERR_clear_error();
  return step_after(SSL_write(ssl_.get(), from.data(), size_of(from.size())));
}

void TlsSession::end(std::string_view last_words) {
  if (descriptor_ < 0) return;
  if (SSL_is_init_finished(ssl_.get()) == 1) {
    if (!last_words.empty()) SSL_write(ssl_.get(), last_words.data(), size_of(last_words.size()));
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
  }
  let_go();
}

}  // namespace gatehouse::api
