// SPDX-License-Identifier: Apache-2.0
#include "aggregator/access/access_control.h"

#include <algorithm>

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

AccessControl::Rules::Rules(const v1::RegistryConfig& registry) {
  for (const v1::RegisteredCollector& collector : registry.collectors()) {
    collectors[collector.name()] = {collector.isp(), {collector.points().begin(), collector.points().end()}};
  }
  for (const v1::RegisteredClient& client : registry.clients()) {
    clients[client.name()] = {client.role(), client.isp()};
  }
  fewest_isps = registry.fewest_isps();
}

AccessControl AccessControl::By(const v1::RegistryConfig& registry) {
  return AccessControl(std::make_shared<const Rules>(registry));
}

void AccessControl::Replace(const v1::RegistryConfig& registry) {
  auto rules = std::make_shared<const Rules>(registry);
  const std::lock_guard lock(mutex_);
  rules_ = std::move(rules);
}

std::shared_ptr<const AccessControl::Rules> AccessControl::rules() const {
  const std::lock_guard lock(mutex_);
  return rules_;
}

uint32_t AccessControl::FewestIspsOfRegulators() const {
  const std::shared_ptr<const Rules> rules = this->rules();
  if (rules == nullptr) return 1;
  const bool has_regulator =
      std::any_of(rules->clients.begin(), rules->clients.end(),
                  [](const auto& client) { return client.second.role == v1::ROLE_REGULATOR; });
  return has_regulator ? rules->fewest_isps : 1;
}

std::optional<std::string> AccessControl::HolderOf(std::span<const std::string> uris) const {
  if (rules() == nullptr) return std::nullopt;
  const absl::StatusOr<PeerName> peer = PeerNameOf(uris);
  return peer.ok() ? ToUri(*peer) : "";
}

absl::Status AccessControl::MayReport(std::span<const std::string> uris, const v1::Hello& hello) const {
  const std::shared_ptr<const Rules> rules = this->rules();
  if (rules == nullptr) return absl::OkStatus();
  const absl::StatusOr<PeerName> peer = PeerNameOf(uris);
  if (!peer.ok()) return peer.status();
  if (peer->kind != PeerName::Kind::kCollector) return Denied(*peer, "may not report: only collectors do");
  const auto known = rules->collectors.find(peer->name);
  if (known == rules->collectors.end()) {
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
  absl::StatusOr<ReadScope> scope = MayReadPublished(uris);
  if (!scope.ok() || !scope->published_only) return scope;
  return Denied({PeerName::Kind::kClient, scope->client},
                "is of the public, which may read what is published: figures of months, their kinds and "
                "their vintages");
}

absl::StatusOr<ReadScope> AccessControl::MayReadPublished(std::span<const std::string> uris) const {
  const std::shared_ptr<const Rules> rules = this->rules();
  if (rules == nullptr) return ReadScope{};
  const absl::StatusOr<PeerName> peer = PeerNameOf(uris);
  if (!peer.ok()) return peer.status();
  if (peer->kind != PeerName::Kind::kClient) return Denied(*peer, "may not ask: only clients do");
  const auto known = rules->clients.find(peer->name);
  if (known == rules->clients.end()) {
    return Denied(*peer, "is not in the aggregator's registry; add it to registry.clients");
  }
  ReadScope scope{.client = peer->name, .fewest_isps_of_public = rules->fewest_isps};
  switch (known->second.role) {
    case v1::ROLE_OPERATOR:
      scope.isp = known->second.isp;
      return scope;
    // No ISP's number is the regulator's own, so small ones are not for it either (small_parts.h).
    case v1::ROLE_REGULATOR:
      scope.fewest_isps = rules->fewest_isps;
      return scope;
    case v1::ROLE_PUBLIC:
      scope.published_only = true;
      return scope;
    default:
      return Denied(*peer, "has no role in the aggregator's registry; see registry.clients");
  }
}

}  // namespace kansoku::aggregator
