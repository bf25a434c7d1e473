// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "aggregator/store/store.h"
#include "aggregator/vintage/figure_difference.h"
#include "aggregator/vintage/month_method.h"

namespace kansoku::aggregator {

struct Recomputed {
  v1::Vintage stored;  // without inputs
  Figures figures;     // as the method computes them now
  std::vector<FigureDifference> differences;
  // Of the method now, where it is another than the vintage's; then differences are to be expected.
  std::string other_method_version;

  bool equal() const { return differences.empty(); }
};

// Computes a vintage again from its own inputs and its own register. Every figure is compared bit for bit,
// with everything that stands beside its value. NOT_FOUND: there is no such vintage.
absl::StatusOr<Recomputed> Recompute(const StoreReader& store, v1::Series series, const std::string& month,
                                     uint32_t number, const MonthMethod& method);

}  // namespace kansoku::aggregator
