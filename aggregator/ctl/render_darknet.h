// SPDX-License-Identifier: Apache-2.0
//
// The answer to `kansokuctl darknet`, with a column for each dimension that was asked for. Pure; any thread.
#pragma once

#include <string>

#include "kansoku/v1/query.pb.h"

namespace kansoku::aggregator {

std::string ToText(const v1::GetDarknetRequest& request, const v1::GetDarknetResponse& response);
std::string ToCsv(const v1::GetDarknetRequest& request, const v1::GetDarknetResponse& response);

}  // namespace kansoku::aggregator
