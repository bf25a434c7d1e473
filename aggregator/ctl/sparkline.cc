// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/sparkline.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace kansoku::aggregator {
namespace {

constexpr std::array kBlocks = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

std::optional<double> Mean(std::span<const std::optional<double>> values) {
  double sum = 0;
  int present = 0;
  for (const std::optional<double>& value : values) {
    sum += value.value_or(0);
    present += value.has_value() ? 1 : 0;
  }
  return present == 0 ? std::nullopt : std::optional(sum / present);
}

const char* Block(double value, double lowest, double highest) {
  if (!(highest > lowest)) return kBlocks.front();
  constexpr double kHighest = kBlocks.size() - 1;
  const double height = std::round((value - lowest) / (highest - lowest) * kHighest);
  return kBlocks[static_cast<size_t>(std::clamp(height, 0.0, kHighest))];
}

}  // namespace

std::string Sparkline(std::span<const std::optional<double>> values, double lowest, double highest) {
  const size_t sparks = std::min(values.size(), kMostSparks);
  std::string line;
  for (size_t i = 0; i < sparks; ++i) {
    const size_t begin = i * values.size() / sparks, end = (i + 1) * values.size() / sparks;
    const std::optional<double> mean = Mean(values.subspan(begin, end - begin));
    line += mean.has_value() ? Block(*mean, lowest, highest) : " ";
  }
  return line;
}

}  // namespace kansoku::aggregator
