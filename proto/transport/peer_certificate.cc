// SPDX-License-Identifier: Apache-2.0
#include "proto/transport/peer_certificate.h"

#include <grpc/grpc_security_constants.h>

#include <string>
#include <vector>

#include "proto/transport/certificate_files.h"

namespace kansoku {

std::optional<absl::Time> PeerCertificateExpiry(const grpc::AuthContext& peer) {
  const std::vector<grpc::string_ref> texts = peer.FindPropertyValues(GRPC_X509_PEM_CERT_PROPERTY_NAME);
  if (texts.empty()) return std::nullopt;
  return PemExpiry(std::string(texts.front().data(), texts.front().size()));
}

}  // namespace kansoku
