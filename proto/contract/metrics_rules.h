// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/status/status.h"
#include "kansoku/v1/config.pb.h"
#include "proto/contract/config_text.h"

namespace kansoku {

// Whether /metrics of either program is protected as far as its address needs: beyond this machine a scraper
// shows something, a certificate or a password that nobody else can read. INVALID_ARGUMENT says where. Any
// thread.
absl::Status CheckMetricsProtection(const v1::MetricsConfig& metrics, const std::string& metrics_listen,
                                    const ConfigPlaces& places);

}  // namespace kansoku
