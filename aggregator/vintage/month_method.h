// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "aggregator/store/store.h"
#include "kansoku/v1/statistics.pb.h"
#include "kansoku/v1/vintage.pb.h"
#include "proto/contract/month.h"

namespace kansoku::aggregator {

// How a month becomes figures. Keeping vintages is the same for every method, and outlives each of them.
struct MonthMethod {
  std::string version;
  // What the register's points measured; without the figures of earlier months.
  std::function<absl::StatusOr<v1::MonthInputs>(const StoreReader&, const v1::Statistics&, v1::Series, Month)>
      read;
  // Must depend on nothing else: a stored vintage is computed again from its inputs and its register.
  std::function<std::vector<v1::Figure>(const v1::MonthInputs&, const v1::Statistics&)> compute;
};

// That of aggregator/figures.
MonthMethod CurrentMethod();

}  // namespace kansoku::aggregator
