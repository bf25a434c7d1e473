// SPDX-License-Identifier: Apache-2.0
#include "proto/transport/peer_uris.h"

#include <grpc/grpc_security_constants.h>

namespace kansoku {

std::vector<std::string> PeerUris(const grpc::AuthContext& peer) {
  std::vector<std::string> uris;
  for (const grpc::string_ref& uri : peer.FindPropertyValues(GRPC_PEER_URI_PROPERTY_NAME)) {
    uris.emplace_back(uri.data(), uri.size());
  }
  return uris;
}

}  // namespace kansoku
