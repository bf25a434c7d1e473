// SPDX-License-Identifier: Apache-2.0
#include "collector/config.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <set>
#include <sstream>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "proto/contract/config_text.h"
#include "proto/contract/loopback.h"
#include "proto/contract/window.h"

namespace kansoku::collector {
namespace {

absl::Status CheckLink(const v1::LinkConfig& link, const std::string& path, const ConfigPlaces& places) {
  if (link.interface().empty() == link.file().empty()) {
    return places.At(path, "give either `interface` (live capture) or `file` (a capture to read)");
  }
  if (link.has_side() && link.side().received() == v1::DIRECTION_UNSPECIFIED) {
    return places.At(absl::StrCat(path, ".side.received"), "say which direction received packets have");
  }
  return absl::OkStatus();
}

absl::Status CheckLinks(const v1::CollectorConfig& config, const ConfigPlaces& places) {
  if (config.links().empty()) return places.At("links", "name at least one link");
  std::set<std::string_view> points;
  std::set<std::string_view> origins;
  for (int i = 0; i < config.links_size(); ++i) {
    const v1::LinkConfig& link = config.links(i);
    const std::string path = absl::StrCat("links[", i, "]");
    if (absl::Status status = CheckLink(link, path, places); !status.ok()) return status;
    if (!points.insert(link.point()).second) {
      return places.At(absl::StrCat(path, ".point"), absl::StrCat("\"", link.point(), "\" names two links"));
    }
    const std::string& origin = link.interface().empty() ? link.file() : link.interface();
    if (!origins.insert(origin).second) {
      return places.At(
          path, absl::StrCat("\"", origin, "\" is watched by another link already; each byte counts once"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckSubscribers(const v1::CollectorConfig& config, const ConfigPlaces& places) {
  for (int i = 0; i < config.subscribers_size(); ++i) {
    if (config.subscribers(i).access() != v1::ACCESS_NONE) continue;
    return places.At(absl::StrCat("subscribers[", i, "].access"), "say fixed or mobile");
  }
  return absl::OkStatus();
}

absl::Status Check(const v1::CollectorConfig& config, const ConfigPlaces& places) {
  if (!IsWindowLength(config.window_seconds())) {
    return places.At("window_seconds", absl::StrCat(config.window_seconds(), " does not divide 300"));
  }
  if (!IsLoopback(config.aggregator().address())) {
    return places.At("aggregator.address",
                     absl::StrCat("\"", config.aggregator().address(),
                                  "\": this version speaks plain text, so only 127.0.0.1, "
                                  "[::1] and localhost are allowed; use a tunnel"));
  }
  if (config.aggregator().max_batch_bytes() > config.aggregator().max_bytes_in_flight()) {
    return places.At("aggregator.max_batch_bytes", "must not be larger than max_bytes_in_flight");
  }
  if (absl::Status status = CheckSubscribers(config, places); !status.ok()) return status;
  return CheckLinks(config, places);
}

}  // namespace

absl::StatusOr<CheckedConfig> LoadConfig(const std::string& path) {
  std::ostringstream yaml;
  errno = 0;
  // Inserting the buffer, unlike iterating over it, does not throw on a folder.
  yaml << std::ifstream(path, std::ios::binary).rdbuf();
  if (errno != 0)
    return absl::NotFoundError(absl::StrCat(path, ": ", std::strerror(errno), "; see --config"));

  CheckedConfig checked;
  absl::StatusOr<ConfigPlaces> places = ParseConfig(yaml.str(), path, checked.config);
  if (!places.ok()) return places.status();
  if (absl::Status status = Check(checked.config, *places); !status.ok()) return status;
  auto plan = AddressPlan::Compile(checked.config, *places);
  if (!plan.ok()) return plan.status();
  checked.plan = *std::move(plan);
  return checked;
}

}  // namespace kansoku::collector
