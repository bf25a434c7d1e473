// SPDX-License-Identifier: Apache-2.0
//
// What stands between /metrics and a stranger: TLS and HTTP basic authentication, by the HTTP library. Any
// thread.
#pragma once

#include <httplib.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "kansoku/v1/config.pb.h"

namespace kansoku {

// NOT_FOUND or FAILED_PRECONDITION says which file cannot be used, why, and what to do.
absl::StatusOr<std::unique_ptr<httplib::Server>> MakeMetricsHttpServer(const v1::MetricsConfig& config,
                                                                       absl::Time now);

// What a scraper must send as its Authorization; empty: nothing.
absl::StatusOr<std::string> ExpectedAuthorization(const v1::MetricsConfig& config);

// In a time that does not depend on what was sent.
bool IsAuthorized(const httplib::Request& request, const std::string& expected);

}  // namespace kansoku
