// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <google/protobuf/repeated_ptr_field.h>

#include <optional>
#include <string>
#include <vector>

#include "kansoku/v1/figure.pb.h"

namespace kansoku::aggregator {

using Figures = google::protobuf::RepeatedPtrField<v1::Figure>;

// One figure that is not the same, bit for bit.
struct FigureDifference {
  std::string name;  // "fixed_peak_rate day_type=weekday"
  // What is published of it: "38.9 Tbps", "withheld (contracts of 2024-09 are missing)" or "absent".
  std::string before;
  std::string after;
  // The figures themselves; none where there is no such figure.
  std::optional<v1::Figure> before_figure = std::nullopt;
  std::optional<v1::Figure> after_figure = std::nullopt;

  // "fixed_download_national: 38.9 Tbps would become 39.1 Tbps"; where only what stands beside the value
  // differs,
  // "..., described otherwise".
  std::string Text(const std::string& would_become) const;
};

// By name. Pure.
std::vector<FigureDifference> FigureDifferences(const Figures& before, const Figures& after);

}  // namespace kansoku::aggregator
