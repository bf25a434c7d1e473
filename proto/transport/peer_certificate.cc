// SPDX-License-Identifier: Apache-2.0
#include "proto/transport/peer_certificate.h"

#include <grpc/grpc_security_constants.h>

#include <algorithm>
#include <string>

#include "proto/transport/certificate_files.h"

namespace kansoku {

std::optional<absl::Time> PeerCertificateExpiry(const grpc::AuthContext& peer) {
  std::optional<absl::Time> first;
  // To a server the chain comes without the peer's own.
  for (const char* property : {GRPC_X509_PEM_CERT_PROPERTY_NAME, GRPC_X509_PEM_CERT_CHAIN_PROPERTY_NAME}) {
    for (const grpc::string_ref& text : peer.FindPropertyValues(property)) {
      const std::optional<absl::Time> end = PemExpiry(std::string(text.data(), text.size()));
      if (end.has_value()) first = std::min(first.value_or(absl::InfiniteFuture()), *end);
    }
  }
  return first;
}

}  // namespace kansoku
