// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace kansoku::telescope_year {

// Each ISP's collector reads the year's packets from capture files below `folder` and delivers all of its
// windows over gRPC; one that was out of order for some days has a file before and one after them. Fails the
// test if a window is not acknowledged.
void FeedYear(const std::string& folder, const std::string& aggregator_address);

}  // namespace kansoku::telescope_year
