// SPDX-License-Identifier: Apache-2.0
#include "proto/exposition/metrics_protection.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "proto/transport/certificate_files.h"
#include "proto/transport/tls_version.h"

namespace kansoku {
namespace {

// The group may read it, nobody else may do anything.
constexpr mode_t kForbiddenSecretMode = 0037;

// Whom the scraper's certificate may be of.
bool UseAuthorities(SSL& connection, const char* path) {
  const std::unique_ptr<X509_STORE, decltype(&X509_STORE_free)> known(X509_STORE_new(), X509_STORE_free);
  if (known == nullptr || X509_STORE_load_file(known.get(), path) != 1) return false;
  STACK_OF(X509_NAME)* const names = SSL_load_client_CA_file(path);
  if (names == nullptr) return false;
  SSL_set_client_CA_list(&connection, names);  // which frees them
  return SSL_set1_verify_cert_store(&connection, known.get()) == 1;
}

// Called by OpenSSL in each handshake, so that new files need no restart.
int UseFiles(SSL* connection, void* argument) {
  const auto& config = *static_cast<const v1::MetricsConfig*>(argument);
  return SSL_use_PrivateKey_file(connection, config.key_path().c_str(), SSL_FILETYPE_PEM) == 1 &&
         SSL_use_certificate_chain_file(connection, config.certificate_path().c_str()) == 1 &&
         (config.client_authorities_path().empty() ||
          UseAuthorities(*connection, config.client_authorities_path().c_str()));
}

bool SetUp(SSL_CTX& context, const v1::MetricsConfig& config) {
  if (SSL_CTX_set_min_proto_version(&context, TLS1_3_VERSION) != 1) return false;
  SSL_CTX_set_cert_cb(&context, UseFiles, const_cast<v1::MetricsConfig*>(&config));
  if (!config.client_authorities_path().empty()) {
    SSL_CTX_set_verify(&context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
  // A resumed connection would show no certificate anew, and OpenSSL refuses it where it asks for one.
  return SSL_CTX_set_num_tickets(&context, 0) == 1;
}

// Keeps what UseFiles reads for as long as connections are made.
class TlsServer final : public httplib::SSLServer {
 public:
  explicit TlsServer(const std::shared_ptr<const v1::MetricsConfig>& config)
      : SSLServer([config](SSL_CTX& context) { return SetUp(context, *config); }), config_(config) {}

 private:
  const std::shared_ptr<const v1::MetricsConfig> config_;
};

std::array<unsigned char, SHA256_DIGEST_LENGTH> DigestOf(const std::string& text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return digest;
}

}  // namespace

absl::StatusOr<std::unique_ptr<httplib::Server>> MakeMetricsHttpServer(const v1::MetricsConfig& config,
                                                                       absl::Time now) {
  if (config.certificate_path().empty()) return std::make_unique<httplib::Server>();
  if (absl::Status status = RequireTls13(); !status.ok()) return status;
  v1::TlsConfig files;
  files.set_certificate_path(config.certificate_path());
  files.set_key_path(config.key_path());
  // That a server asks nobody for a certificate is no reason to refuse its own.
  files.set_authorities_path(config.client_authorities_path().empty() ? config.certificate_path()
                                                                      : config.client_authorities_path());
  if (absl::Status status = CheckCertificateFiles(files, now); !status.ok()) {
    return absl::Status(status.code(), absl::StrCat("for /metrics: ", status.message()));
  }
  auto server = std::make_unique<TlsServer>(std::make_shared<const v1::MetricsConfig>(config));
  if (server->is_valid()) return std::unique_ptr<httplib::Server>(std::move(server));
  return absl::InternalError("for /metrics: OpenSSL sets up no server for TLS 1.3");
}

absl::StatusOr<std::string> ExpectedAuthorization(const v1::MetricsConfig& config) {
  if (config.user().empty()) return "";
  const std::string& path = config.password_path();
  const auto wrong = [&](absl::string_view what) {
    return absl::FailedPreconditionError(absl::StrCat("metrics.password_path: ", path, ": ", what));
  };
  struct stat status;
  if (stat(path.c_str(), &status) != 0) return wrong(std::strerror(errno));
  if ((status.st_mode & kForbiddenSecretMode) != 0) {
    return wrong(absl::StrCat("other users can reach this password; run: chmod 600 ", path));
  }
  std::string password;
  std::getline(std::ifstream(path), password);
  if (password.empty()) return wrong("its first line is empty; write the password there");
  return absl::StrCat("Basic ", absl::Base64Escape(absl::StrCat(config.user(), ":", password)));
}

bool IsAuthorized(const httplib::Request& request, const std::string& expected) {
  if (expected.empty()) return true;
  const auto given = DigestOf(request.get_header_value("Authorization")), wanted = DigestOf(expected);
  return CRYPTO_memcmp(given.data(), wanted.data(), wanted.size()) == 0;
}

}  // namespace kansoku
