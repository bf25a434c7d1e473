// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/withheld_ranks.h"

#include "absl/strings/str_cat.h"
#include "aggregator/figures/figure_labels.h"

namespace kansoku::aggregator {

bool WithheldRanks::Keep(v1::Figure& figure) {
  if (!figure.value().empty() || LabelOf(figure, "rank").empty()) return true;
  for (const char* label : {"rank", "protocol", "port"}) figure.mutable_labels()->erase(label);
  return kept_.insert(absl::StrCat(figure.id(), " ", LabelOf(figure, "population"))).second;
}

}  // namespace kansoku::aggregator
