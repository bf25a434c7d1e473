// SPDX-License-Identifier: Apache-2.0
//
// Which report a value of the history was stated in, as the column basis says it. Pure; any thread.
#pragma once

#include <string>

namespace kansoku::aggregator {

// Whether a period is a year: 2024.
bool IsYear(const std::string& period);

// "vintage 2024 report" is 2024, "vintage 2018-2019 reports" is 2019; 0 where no year is named.
int VintageYear(const std::string& basis);

// Whether later reports state the same: "vintage 2022 report and later".
bool HoldsLater(const std::string& basis);

}  // namespace kansoku::aggregator
