// SPDX-License-Identifier: Apache-2.0
#include "aggregator/vintage/recompute.h"

#include <utility>

#include "aggregator/vintage/figure_stamp.h"

namespace kansoku::aggregator {

absl::StatusOr<Recomputed> Recompute(const StoreReader& store, v1::Series series, const std::string& month,
                                     uint32_t number, const MonthMethod& method) {
  absl::StatusOr<v1::Vintage> stored = store.FindVintage(series, month, number);
  if (!stored.ok()) return stored.status();
  const absl::StatusOr<v1::Statistics> statistics = store.FindRegister(stored->register_digest());
  if (!statistics.ok()) return statistics.status();
  v1::Vintage now = *stored;
  PutFigures(method.compute(stored->inputs(), *statistics), now);

  Recomputed recomputed;
  recomputed.differences = FigureDifferences(stored->figures(), now.figures());
  recomputed.figures = now.figures();
  if (method.version != stored->method_version()) recomputed.other_method_version = method.version;
  recomputed.stored = *std::move(stored);
  recomputed.stored.clear_inputs();
  return recomputed;
}

}  // namespace kansoku::aggregator
