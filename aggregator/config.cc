// SPDX-License-Identifier: Apache-2.0
#include "aggregator/config.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "aggregator/access/registry_rules.h"
#include "proto/contract/config_text.h"
#include "proto/contract/loopback.h"
#include "proto/contract/metrics_rules.h"

namespace kansoku::aggregator {
namespace {

absl::Status Check(const v1::AggregatorConfig& config, const ConfigPlaces& places) {
  if (!config.has_tls() && !IsLoopback(config.listen())) {
    return places.At("listen",
                     absl::StrCat("\"", config.listen(),
                                  "\": without `tls` plain text is spoken, so only 127.0.0.1, [::1] and "
                                  "localhost are allowed; give tls"));
  }
  if (absl::Status status = CheckMetricsProtection(config.metrics(), config.metrics_listen(), places);
      !status.ok()) {
    return status;
  }
  if (absl::Status status = CheckRegistry(config, places); !status.ok()) return status;
  const v1::RetentionConfig& retention = config.retention();
  if (uint64_t{retention.five_minute_days()} * 24 < retention.window_hours()) {
    return places.At("retention", "five_minute_days must not be shorter than window_hours");
  }
  if (retention.hour_days() != 0 && retention.hour_days() < retention.five_minute_days()) {
    return places.At("retention", "hour_days must be 0 (for ever) or not shorter than five_minute_days");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::AggregatorConfig> LoadConfig(const std::string& path) {
  std::ostringstream yaml;
  errno = 0;
  // Inserting the buffer, unlike iterating over it, does not throw on a folder.
  yaml << std::ifstream(path, std::ios::binary).rdbuf();
  if (errno != 0)
    return absl::NotFoundError(absl::StrCat(path, ": ", std::strerror(errno), "; see --config"));

  v1::AggregatorConfig config;
  absl::StatusOr<ConfigPlaces> places = ParseConfig(yaml.str(), path, config);
  if (!places.ok()) return places.status();
  if (absl::Status status = Check(config, *places); !status.ok()) return status;
  return config;
}

}  // namespace kansoku::aggregator
