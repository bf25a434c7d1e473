// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/metrics_rules.h"

#include "absl/strings/str_cat.h"
#include "proto/contract/loopback.h"

namespace kansoku {

absl::Status CheckMetricsProtection(const v1::MetricsConfig& metrics, const std::string& metrics_listen,
                                    const ConfigPlaces& places) {
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
  if (is_protected || metrics.unprotected() || IsLoopback(metrics_listen)) return absl::OkStatus();
  return places.At("metrics_listen",
                   absl::StrCat("\"", metrics_listen,
                                "\": beyond loopback /metrics shows traffic to whoever asks; give "
                                "metrics a certificate, and a password or client_authorities_path, or say "
                                "metrics.unprotected where something else protects it"));
}

}  // namespace kansoku
