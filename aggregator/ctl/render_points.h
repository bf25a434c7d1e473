// SPDX-License-Identifier: Apache-2.0
//
// The answer to `kansokuctl points`. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "kansoku/v1/query.pb.h"

namespace kansoku::aggregator {

std::string ToText(const v1::ListPointsRequest& request, const v1::ListPointsResponse& response);
std::string ToCsv(const v1::ListPointsRequest& request, const v1::ListPointsResponse& response);

// A line for each point of which nothing came since `heard_since`.
std::vector<std::string> SilentPoints(const v1::ListPointsResponse& response, absl::Time heard_since);

}  // namespace kansoku::aggregator
