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

namespace kansoku::aggregator {
namespace {

// Beyond this machine a scraper shows something: a certificate, or a password that nobody else can read.
absl::Status CheckMetrics(const v1::AggregatorConfig& config, const ConfigPlaces& places) {
  const v1::MetricsConfig& metrics = config.metrics();
  const bool has_tls = !metrics.certificate_path().empty();
  const bool has_user = !metrics.user().empty();
  if (has_tls != !metrics.key_path().empty()) {
    return places.At("metrics", "certificate_path and key_path go together; give both, or none");
  }
  if (!has_tls && !metrics.client_authorities_path().empty()) {
    return places.At("metrics.client_authorities_path",
                     "scrapers show certificates over TLS only; give certificate_path and key_path");
  }
  if (has_user != !metrics.password_path().empty()) {
    return places.At("metrics", "user and password_path go together; give both, or none");
  }
  if (metrics.user().find(':') != std::string::npos) {
    return places.At("metrics.user", "must not hold a colon: HTTP could not tell it from the password");
  }
  const bool is_protected = has_tls && (has_user || !metrics.client_authorities_path().empty());
  if (is_protected || metrics.unprotected() || IsLoopback(config.metrics_listen())) return absl::OkStatus();
  return places.At(
      "metrics_listen",
      absl::StrCat("\"", config.metrics_listen(),
                   "\": beyond loopback /metrics shows every ISP's traffic to whoever asks; give "
                   "metrics a certificate, and a password or client_authorities_path, or say "
                   "metrics.unprotected where something else protects it"));
}

absl::Status Check(const v1::AggregatorConfig& config, const ConfigPlaces& places) {
  if (!config.has_tls() && !IsLoopback(config.listen())) {
    return places.At("listen",
                     absl::StrCat("\"", config.listen(),
                                  "\": without `tls` plain text is spoken, so only 127.0.0.1, [::1] and "
                                  "localhost are allowed; give tls"));
  }
  if (absl::Status status = CheckMetrics(config, places); !status.ok()) return status;
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
