// SPDX-License-Identifier: Apache-2.0
#include "proto/transport/tls_version.h"

#include <openssl/bio.h>
#include <openssl/conf.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <memory>

namespace kansoku {
namespace {

// In the place of the machine's own section, which Debian gives the same security level.
constexpr char kConfiguration[] =
    "kansoku = modules\n"
    "[modules]\n"
    "ssl_conf = sections\n"
    "[sections]\n"
    "system_default = every_connection\n"
    "[every_connection]\n"
    "Protocol = -ALL,TLSv1.3\n"
    "CipherString = DEFAULT@SECLEVEL=2\n";

bool Configure() {
  // The machine's file first: OpenSSL reads it once, at its first use, which must not come after ours.
  if (OPENSSL_init_ssl(OPENSSL_INIT_LOAD_CONFIG, nullptr) != 1) return false;
  OPENSSL_load_builtin_modules();
  const std::unique_ptr<BIO, decltype(&BIO_free)> text(BIO_new_mem_buf(kConfiguration, -1), BIO_free);
  const std::unique_ptr<CONF, decltype(&NCONF_free)> configuration(NCONF_new(nullptr), NCONF_free);
  return NCONF_load_bio(configuration.get(), text.get(), nullptr) == 1 &&
         CONF_modules_load(configuration.get(), "kansoku", 0) == 1;
}

// Whether a connection made with no wish of its own is forbidden what is older.
bool IsRequired() {
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_method()), SSL_CTX_free);
  constexpr uint64_t kOlder = SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1 | SSL_OP_NO_TLSv1_2;
  return context != nullptr && (SSL_CTX_get_options(context.get()) & kOlder) == kOlder;
}

}  // namespace

absl::Status RequireTls13() {
  static const bool required = [] {
    const bool done = Configure() && IsRequired();
    ERR_clear_error();
    return done;
  }();
  if (required) return absl::OkStatus();
  return absl::InternalError(
      "this OpenSSL cannot be told to speak TLS 1.3 only; install Debian's libssl3, or leave out tls and put "
      "a "
      "tunnel between the machines");
}

}  // namespace kansoku
