// SPDX-License-Identifier: Apache-2.0
//
// The answers to `kansokuctl figures list`, `vintages` and `recompute`. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "kansoku/v1/query.pb.h"

namespace kansoku::aggregator {

std::string ToText(const v1::ListFigureKindsRequest& request, const v1::ListFigureKindsResponse& response);
std::string ToCsv(const v1::ListFigureKindsRequest& request, const v1::ListFigureKindsResponse& response);

// Times are of Japan (JST); in CSV they are RFC 3339.
std::string ToText(const v1::ListVintagesRequest& request, const v1::ListVintagesResponse& response);
std::string ToCsv(const v1::ListVintagesRequest& request, const v1::ListVintagesResponse& response);

// What differs.
std::string ToText(const v1::RecomputeVintageRequest& request, const v1::RecomputeVintageResponse& response);
std::string ToCsv(const v1::RecomputeVintageRequest& request, const v1::RecomputeVintageResponse& response);

// That something does, where it does.
std::vector<std::string> Differences(const v1::RecomputeVintageResponse& response);

}  // namespace kansoku::aggregator
