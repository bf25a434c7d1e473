// SPDX-License-Identifier: Apache-2.0
//
// The columns that say what a row of traffic is about: its time, and each dimension that was asked for. Pure;
// any thread.
#pragma once

#include <string>
#include <vector>

#include "aggregator/ctl/table.h"
#include "kansoku/v1/query.pb.h"

namespace kansoku::aggregator {

std::vector<Column> DimensionColumns(const v1::GetTrafficRequest& request);

// One text for each of those columns.
std::vector<std::string> DimensionTexts(const v1::GetTrafficRequest& request, const v1::TrafficRow& row);

}  // namespace kansoku::aggregator
