// SPDX-License-Identifier: Apache-2.0
#include "proto/transport/credentials.h"

#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>

#include "proto/transport/tls_buffers.h"
#include "proto/transport/tls_version.h"

namespace kansoku {
namespace {

std::shared_ptr<grpc::experimental::CertificateProviderInterface> Watch(const v1::TlsConfig& tls,
                                                                        absl::Duration read_again_every) {
  return std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
      tls.key_path(), tls.certificate_path(), tls.authorities_path(),
      static_cast<unsigned>(absl::ToInt64Seconds(read_again_every)));
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> MakeServerCredentials(
    const v1::TlsConfig* tls, absl::Duration read_again_every) {
  if (tls == nullptr) return grpc::InsecureServerCredentials();
  if (absl::Status status = RequireTls13(); !status.ok()) return status;
  ReleaseIdleTlsBuffers();
  grpc::experimental::TlsServerCredentialsOptions options(Watch(*tls, read_again_every));
  options.watch_identity_key_cert_pairs();
  options.watch_root_certs();
  options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  return grpc::experimental::TlsServerCredentials(options);
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> MakeChannelCredentials(
    const v1::TlsConfig* tls, absl::Duration read_again_every) {
  if (tls == nullptr) return grpc::InsecureChannelCredentials();
  if (absl::Status status = RequireTls13(); !status.ok()) return status;
  grpc::experimental::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(Watch(*tls, read_again_every));
  options.watch_identity_key_cert_pairs();
  options.watch_root_certs();
  options.set_certificate_verifier(std::make_shared<grpc::experimental::HostNameCertificateVerifier>());
  return grpc::experimental::TlsCredentials(options);
}

}  // namespace kansoku
