// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/security/auth_context.h>

#include <string>
#include <vector>

namespace kansoku {

// The URIs among the subject alternative names of the peer's certificate, which the handshake has verified;
// none over plain text. AuthContext::GetPeerIdentity would mix them with DNS names and addresses. Any thread.
std::vector<std::string> PeerUris(const grpc::AuthContext& peer);

}  // namespace kansoku
