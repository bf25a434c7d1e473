// SPDX-License-Identifier: Apache-2.0
#include "aggregator/access/access_control.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "aggregator/access/peer_name.h"

namespace kansoku::aggregator {
namespace {

template <typename... Parts>
absl::Status Denied(const PeerName& peer, const Parts&... parts) {
  return absl::PermissionDeniedError(absl::StrCat(ToUri(peer), " ", parts...));
}

// Words of a peer, whatever they hold.
std::string Quoted(const std::string& text) {
  return absl::StrCat("\"", absl::Utf8SafeCHexEscape(text), "\"");
}

}  // namespace

AccessControl AccessControl::By(const v1::RegistryConfig& registry) {
  AccessControl access;
  access.is_open_ = false;
  for (const v1::RegisteredCollector& collector : registry.collectors()) {
    access.collectors_[collector.name()] = {collector.isp(),
                                            {collector.points().begin(), collector.points().end()}};
  }
  for (const v1::RegisteredClient& client : registry.clients()) {
    access.clients_[client.name()] = {client.role(), client.isp()};
  }
  return access;
}

absl::Status AccessControl::MayReport(std::span<const std::string> uris, const v1::Hello& hello) const {
  if (is_open_) return absl::OkStatus();
  const absl::StatusOr<PeerName> peer = PeerNameOf(uris);
  if (!peer.ok()) return peer.status();
  if (peer->kind != PeerName::Kind::kCollector) return Denied(*peer, "may not report: only collectors do");
  const auto known = collectors_.find(peer->name);
  if (known == collectors_.end()) {
    return Denied(*peer, "is not in the aggregator's registry; add it to registry.collectors");
  }
  if (hello.collector() != peer->name) {
    return Denied(*peer, "may not call itself ", Quoted(hello.collector()),
                  "; give it the name of its certificate, or a certificate of that name");
  }
  const Collector& collector = known->second;
  if (hello.isp() != collector.isp) {
    return Denied(*peer, "may not report for ISP ", Quoted(hello.isp()), "; the registry has it under ",
                  Quoted(collector.isp));
  }
  for (const v1::PointDescription& point : hello.points()) {
    if (collector.points.contains(point.point())) continue;
    return Denied(*peer, "may not report point ", Quoted(point.point()),
                  "; the registry does not list it among its points");
  }
  return absl::OkStatus();
}

absl::StatusOr<ReadScope> AccessControl::MayRead(std::span<const std::string> uris) const {
  if (is_open_) return ReadScope{};
  const absl::StatusOr<PeerName> peer = PeerNameOf(uris);
  if (!peer.ok()) return peer.status();
  if (peer->kind != PeerName::Kind::kClient) return Denied(*peer, "may not ask: only clients do");
  const auto known = clients_.find(peer->name);
  if (known == clients_.end()) {
    return Denied(*peer, "is not in the aggregator's registry; add it to registry.clients");
  }
  switch (known->second.role) {
    case v1::ROLE_OPERATOR:
      return ReadScope{peer->name, known->second.isp};
    case v1::ROLE_REGULATOR:
      return ReadScope{peer->name};
    default:
      return Denied(*peer, "is of the public, which may read what is published; nothing is yet");
  }
}

}  // namespace kansoku::aggregator
