// SPDX-License-Identifier: Apache-2.0
//
// The answer to `kansokuctl traffic`, with a column for each dimension that was asked for. Pure; any thread.
#pragma once

#include <string>

#include "kansoku/v1/query.pb.h"

namespace kansoku::aggregator {

// The rate is 8 x ip_octets / seconds of the row, also where windows are missing: the windows' column says
// so.
std::string ToText(const v1::GetTrafficRequest& request, const v1::GetTrafficResponse& response);
std::string ToCsv(const v1::GetTrafficRequest& request, const v1::GetTrafficResponse& response);

}  // namespace kansoku::aggregator
