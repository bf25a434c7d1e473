// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace kansoku::aggregator {

// The largest value of a metric in a text of Prometheus' exposition format 0.0.4; none where it has no
// sample. Pure; any thread.
std::optional<double> LargestOf(std::string_view exposition, std::string_view metric);

}  // namespace kansoku::aggregator
