// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/withheld_ranks.h"

#include <cstdint>
#include <iterator>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "aggregator/figures/figure_labels.h"

namespace kansoku::aggregator {

std::vector<v1::Figure> CloseRanks(std::vector<v1::Figure> figures) {
  std::vector<v1::Figure> told, withheld;
  std::map<std::string, uint64_t> ranks;     // the last one told, by kind and population
  std::map<std::string, bool> is_stood_for;  // likewise
  for (v1::Figure& figure : figures) {
    auto& labels = *figure.mutable_labels();
    const std::string of = absl::StrCat(figure.id(), " ", LabelOf(figure, "population"));
    if (!labels.contains("rank")) {
      told.push_back(std::move(figure));
    } else if (!figure.value().empty()) {
      labels["rank"] = absl::StrCat(++ranks[of]);
      told.push_back(std::move(figure));
    } else if (!std::exchange(is_stood_for[of], true)) {
      for (const char* label : {"rank", "protocol", "port"}) labels.erase(label);
      withheld.push_back(std::move(figure));
    }
  }
  std::move(withheld.begin(), withheld.end(), std::back_inserter(told));
  return told;
}

}  // namespace kansoku::aggregator
