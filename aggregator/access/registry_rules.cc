// SPDX-License-Identifier: Apache-2.0
#include "aggregator/access/registry_rules.h"

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"

namespace kansoku::aggregator {
namespace {

absl::Status CheckCollectors(const v1::RegistryConfig& registry, const ConfigPlaces& places) {
  std::set<std::string_view> names;
  std::map<absl::string_view, absl::string_view> owners;
  for (int i = 0; i < registry.collectors_size(); ++i) {
    const v1::RegisteredCollector& collector = registry.collectors(i);
    const std::string path = absl::StrCat("registry.collectors[", i, "]");
    if (!names.insert(collector.name()).second) {
      return places.At(absl::StrCat(path, ".name"),
                       absl::StrCat("\"", collector.name(), "\" is listed twice"));
    }
    for (int j = 0; j < collector.points_size(); ++j) {
      const auto [owner, is_new] = owners.emplace(collector.points(j), collector.name());
      if (is_new) continue;
      return places.At(absl::StrCat(path, ".points[", j, "]"),
                       absl::StrCat("\"", collector.points(j), "\" is a point of collector \"", owner->second,
                                    "\" already; each belongs to one"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckClients(const v1::RegistryConfig& registry, const ConfigPlaces& places) {
  std::set<std::string_view> names;
  for (int i = 0; i < registry.clients_size(); ++i) {
    const v1::RegisteredClient& client = registry.clients(i);
    const std::string path = absl::StrCat("registry.clients[", i, "]");
    if (!names.insert(client.name()).second) {
      return places.At(absl::StrCat(path, ".name"), absl::StrCat("\"", client.name(), "\" is listed twice"));
    }
    const bool is_operator = client.role() == v1::ROLE_OPERATOR;
    if (is_operator && client.isp().empty()) {
      return places.At(path, "an operator reads the points of one ISP: say which, with isp");
    }
    if (!is_operator && !client.isp().empty()) {
      return places.At(absl::StrCat(path, ".isp"), "only an operator is of an ISP; leave it out");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckRegistry(const v1::AggregatorConfig& config, const ConfigPlaces& places) {
  const v1::RegistryConfig& registry = config.registry();
  const bool is_empty = registry.collectors().empty() && registry.clients().empty();
  if (!config.has_tls() && !is_empty) {
    return places.At("registry",
                     "without tls nobody can be told apart, and everyone on this machine may do all; "
                     "give tls too, or leave out both");
  }
  if (config.has_tls() && is_empty) {
    return places.At("tls",
                     "with it only those in the registry may report or ask, and it is empty; give registry");
  }
  if (absl::Status status = CheckCollectors(registry, places); !status.ok()) return status;
  return CheckClients(registry, places);
}

}  // namespace kansoku::aggregator
