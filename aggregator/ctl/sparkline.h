// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>

namespace kansoku::aggregator {

// Of longer series each character stands for several values: for their mean.
inline constexpr size_t kMostSparks = 60;

// "▁▃▅█": a character for each value, from the lowest block at `lowest` to the highest at `highest`; a blank
// for what is missing. Pure; any thread.
std::string Sparkline(std::span<const std::optional<double>> values, double lowest, double highest);

}  // namespace kansoku::aggregator
