// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/month_samples.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

#include "proto/contract/enum_label.h"
#include "proto/contract/exact_number.h"

namespace kansoku {
namespace {

// In base units: exact, or to those who are not told that, as published.
std::optional<double> ValueOf(const v1::Figure& figure) {
  if (!figure.exact().empty() || !figure.has_power_of_ten()) return NearestDouble(figure.exact());
  return NearestDouble(figure.value() + "e" + std::to_string(figure.power_of_ten()));
}

std::string LabelOf(const v1::Figure& figure, const char* label) {
  const auto found = figure.labels().find(label);
  return found == figure.labels().end() ? "" : found->second;
}

std::string BasisOf(const v1::Figure& figure) {
  return figure.basis() == v1::COVERAGE_BASIS_UNSPECIFIED ? "" : EnumLabel(figure.basis());
}

// The metric that shows a figure, with its labels.
struct Shown {
  const Metric* metric = nullptr;
  std::vector<std::string> label_values;
};

Shown ShownBy(const v1::Figure& figure) {
  const std::string& id = figure.id();
  const std::string direction = LabelOf(figure, "direction");
  if (id == "fixed_month_rate" || id == "fixed_interconnection") {
    return {&metrics::kFixedTrafficRate,
            {direction, "contributors", LabelOf(figure, "group"), BasisOf(figure)}};
  }
  if (id == "fixed_download_national" || id == "fixed_upload_national") {
    return {&metrics::kFixedTrafficRate,
            {id == "fixed_download_national" ? "download" : "upload", "national", "a1", BasisOf(figure)}};
  }
  if (id == "fixed_coverage") return {&metrics::kFixedCoverage, {BasisOf(figure)}};
  if (id == "fixed_volume_per_day") return {&metrics::kFixedVolume, {direction, "day"}};
  if (id == "fixed_per_contract_rate") return {&metrics::kFixedPerContractRate, {direction}};
  if (id == "mobile_rate") return {&metrics::kMobileTrafficRate, {direction}};
  if (id == "fixed_download_growth")
    return {&metrics::kGrowth, {"fixed", "download", LabelOf(figure, "lag")}};
  if (id == "fixed_upload_growth") return {&metrics::kGrowth, {"fixed", "upload", LabelOf(figure, "lag")}};
  if (id == "mobile_growth") return {&metrics::kGrowth, {"mobile", direction, LabelOf(figure, "lag")}};
  return {};
}

// Digits after the point, as published.
std::string DigitsOf(const std::string& value) {
  const size_t point = value.find('.');
  return std::to_string(point == value.npos ? 0 : value.size() - point - 1);
}

// Growth of the contributors that two months share is another number under the same labels.
bool IsOfMatchedPanel(const v1::Figure& figure) {
  return std::find(figure.notes().begin(), figure.notes().end(), v1::FIGURE_NOTE_MATCHED_PANEL) !=
         figure.notes().end();
}

}  // namespace

std::vector<MonthSample> MonthSamples(std::span<const v1::Figure> figures) {
  std::vector<MonthSample> samples;
  std::set<std::pair<const Metric*, std::vector<std::string>>> taken;
  const auto add = [&](const Metric& metric, std::vector<std::string> label_values, double value) {
    if (taken.emplace(&metric, label_values).second)
      samples.push_back({&metric, std::move(label_values), value});
  };
  std::optional<double> complete;
  for (const v1::Figure& figure : figures) {
    if (figure.expected_windows() > 0) {
      const double its =
          static_cast<double>(figure.windows()) / static_cast<double>(figure.expected_windows());
      complete = std::min(complete.value_or(its), its);
    }
    if (figure.value().empty() || IsOfMatchedPanel(figure)) continue;
    Shown shown = ShownBy(figure);
    const std::optional<double> value = ValueOf(figure);
    if (shown.metric == nullptr || !value.has_value()) continue;
    add(*shown.metric, std::move(shown.label_values), *value);
    add(metrics::kFigureInfo,
        {figure.id(), figure.month(), BasisOf(figure), std::to_string(figure.vintage()),
         DigitsOf(figure.value())},
        1);
  }
  if (complete.has_value()) {
    add(metrics::kPeriodComplete, {EnumLabel(figures.front().series())}, *complete);
  }
  return samples;
}

}  // namespace kansoku
