// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "absl/status/statusor.h"

namespace kansoku::aggregator {

// Whose certificate it is.
struct PeerName {
  enum class Kind { kCollector, kClient };
  Kind kind = Kind::kClient;
  std::string name;
};

// From the URIs among the subject alternative names of a verified certificate, of which exactly one is ours:
// kansoku:collector/NAME or kansoku:client/NAME. Others may stand beside it. UNAUTHENTICATED says what was
// found instead. Pure; any thread.
absl::StatusOr<PeerName> PeerNameOf(std::span<const std::string> uris);

// As in the certificate.
std::string ToUri(const PeerName& peer);

}  // namespace kansoku::aggregator
