// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/security/auth_context.h>

#include <optional>

#include "absl/time/time.h"

namespace kansoku {

// When the certificate that a peer showed ends, or the first to do so of those it showed with it; none over
// plain text. Any thread.
std::optional<absl::Time> PeerCertificateExpiry(const grpc::AuthContext& peer);

}  // namespace kansoku
