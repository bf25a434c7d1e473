// SPDX-License-Identifier: Apache-2.0
#include "aggregator/access/peer_name.h"

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "proto/contract/name.h"

namespace kansoku::aggregator {
namespace {

constexpr std::string_view kScheme = "kansoku:";
constexpr std::string_view kCollector = "kansoku:collector/";
constexpr std::string_view kClient = "kansoku:client/";

constexpr absl::string_view kExpected =
    "it needs exactly one URI kansoku:collector/NAME or kansoku:client/NAME among its subject alternative "
    "names "
    "(deploy/certificates makes such)";

absl::Status Unauthenticated(absl::string_view found) {
  return absl::UnauthenticatedError(absl::StrCat("the certificate ", found, "; ", kExpected));
}

}  // namespace

absl::StatusOr<PeerName> PeerNameOf(std::span<const std::string> uris) {
  std::vector<std::string> ours;
  for (const std::string& uri : uris) {
    if (uri.starts_with(kScheme)) ours.push_back(uri);
  }
  if (ours.empty()) return Unauthenticated("does not say whose it is");
  if (ours.size() > 1) {
    return Unauthenticated(
        absl::StrCat("names several: ", absl::Utf8SafeCHexEscape(absl::StrJoin(ours, ", "))));
  }
  const std::string& uri = ours.front();
  const bool is_collector = uri.starts_with(kCollector);
  const std::string_view kind = is_collector ? kCollector : kClient;
  if (uri.starts_with(kind) && IsName(std::string_view(uri).substr(kind.size()))) {
    return PeerName{is_collector ? PeerName::Kind::kCollector : PeerName::Kind::kClient,
                    uri.substr(kind.size())};
  }
  return Unauthenticated(absl::StrCat("says \"", absl::Utf8SafeCHexEscape(uri), "\""));
}

std::string ToUri(const PeerName& peer) {
  return std::string(peer.kind == PeerName::Kind::kCollector ? kCollector : kClient) + peer.name;
}

}  // namespace kansoku::aggregator
