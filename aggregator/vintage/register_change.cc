// SPDX-License-Identifier: Apache-2.0
#include "aggregator/vintage/register_change.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "aggregator/vintage/asked_inputs.h"
#include "aggregator/vintage/figure_difference.h"
#include "aggregator/vintage/meant_revision.h"
#include "aggregator/vintage/series_month.h"
#include "proto/contract/enum_label.h"

namespace kansoku::aggregator {
namespace {

constexpr size_t kMostListed = 20;

Figures Compute(const MonthMethod& method, const v1::MonthInputs& inputs, const v1::Statistics& statistics) {
  const std::vector<v1::Figure> figures = method.compute(inputs, statistics);
  return {figures.begin(), figures.end()};
}

// What the register would change of one published vintage; nothing where that is meant.
absl::StatusOr<std::vector<std::string>> Changes(const StoreReader& store, const v1::Vintage& listed,
                                                 const Register& wanted, const MonthMethod& method) {
  const absl::StatusOr<v1::Statistics> before = store.FindRegister(listed.register_digest());
  if (!before.ok()) return before.status();
  if (!NewRevisions(*before, wanted.statistics, listed.series(), listed.month()).empty()) {
    return std::vector<std::string>();
  }
  const absl::StatusOr<v1::Vintage> vintage =
      store.FindVintage(listed.series(), listed.month(), listed.number());
  if (!vintage.ok()) return vintage.status();
  std::vector<std::string> changes = AskedDifferences(vintage->inputs(), wanted.statistics);
  for (const FigureDifference& difference :
       FigureDifferences(Compute(method, vintage->inputs(), *before),
                         Compute(method, vintage->inputs(), wanted.statistics))) {
    changes.push_back(difference.Text("would become"));
  }
  const std::string of = SeriesMonth(listed.series(), listed.month());
  for (std::string& change : changes) change = absl::StrCat(of, " ", change);
  return changes;
}

std::string HowToMean(const v1::Vintage& vintage) {
  return absl::StrCat("{series: ", EnumLabel(vintage.series()), ", month: ", vintage.month(),
                      ", because: ..., by: ...}");
}

}  // namespace

absl::Status CheckRegisterChange(const StoreReader& store, const Register& wanted,
                                 const MonthMethod& method) {
  const absl::StatusOr<std::vector<v1::Vintage>> latest = store.Vintages({.latest_only = true});
  if (!latest.ok()) return latest.status();
  std::vector<std::string> changes;
  std::vector<std::string> to_mean;
  for (const v1::Vintage& vintage : *latest) {
    if (vintage.state() == v1::VINTAGE_STATE_PROVISIONAL) continue;
    if (vintage.register_digest() == wanted.digest) continue;
    absl::StatusOr<std::vector<std::string>> of_month = Changes(store, vintage, wanted, method);
    if (!of_month.ok()) return of_month.status();
    if (of_month->empty()) continue;
    to_mean.push_back(HowToMean(vintage));
    std::move(of_month->begin(), of_month->end(), std::back_inserter(changes));
  }
  if (changes.empty()) return absl::OkStatus();
  const size_t listed = std::min(changes.size(), kMostListed);
  std::string said =
      absl::StrJoin(changes.begin(), changes.begin() + static_cast<std::ptrdiff_t>(listed), "; ");
  if (changes.size() > listed) absl::StrAppend(&said, "; and ", changes.size() - listed, " more");
  return absl::FailedPreconditionError(
      absl::StrCat("the register would change what was published: ", said,
                   "; undo the change, or state under revisions in register.yaml that it is meant: ",
                   absl::StrJoin(to_mean, ", ")));
}

}  // namespace kansoku::aggregator
