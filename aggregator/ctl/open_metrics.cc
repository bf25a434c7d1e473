// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/open_metrics.h"

#include <array>
#include <charconv>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "proto/contract/metric_catalog.h"
#include "proto/contract/month_samples.h"

namespace kansoku::aggregator {
namespace {

// As short as a double can be written that reads back the same.
std::string Shortest(double value) {
  std::array<char, 32> text;
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
}

// {direction="download",lag="12_months"}
std::string LabelsOf(const MonthSample& sample) {
  std::string text;
  auto value = sample.label_values.begin();
  for (const auto name :
       absl::StrSplit(absl::string_view(sample.metric->labels.data(), sample.metric->labels.size()), ',',
                      absl::SkipEmpty())) {
    absl::StrAppend(&text, text.empty() ? "" : ",", name, "=\"",
                    absl::StrReplaceAll(*value++, {{"\\", "\\\\"}, {"\"", "\\\""}, {"\n", "\\n"}}), "\"");
  }
  return text.empty() ? "" : absl::StrCat("{", text, "}");
}

}  // namespace

int64_t LastUnixSecond(Month month) { return EndUnixSeconds(month) - 1; }

std::vector<TimedSample> FigureSamples(const std::vector<v1::Figure>& figures) {
  std::map<std::pair<v1::Series, int64_t>, std::vector<v1::Figure>> months;
  for (const v1::Figure& figure : figures) {
    months[{figure.series(), figure.period().end_unix_seconds() - 1}].push_back(figure);
  }
  std::vector<TimedSample> samples;
  for (const auto& [month, of_month] : months) {
    for (MonthSample& sample : MonthSamples(of_month)) samples.push_back({std::move(sample), month.second});
  }
  return samples;
}

std::string OpenMetricsText(const std::vector<TimedSample>& samples) {
  // A series' samples stand together, by time, and so do a metric's series.
  std::map<std::string_view, std::map<std::string, std::map<int64_t, double>>> by_metric;
  for (const auto& [sample, unix_seconds] : samples) {
    by_metric[sample.metric->name][LabelsOf(sample)][unix_seconds] = sample.value;
  }
  std::string text;
  for (const Metric* metric : AllMetrics()) {
    const auto its_series = by_metric.find(metric->name);
    if (its_series == by_metric.end()) continue;
    const std::string name(metric->name);
    absl::StrAppend(&text, "# HELP ", name, " ", std::string(metric->help), "\n# TYPE ", name, " gauge\n");
    for (const auto& [labels, values] : its_series->second) {
      for (const auto& [unix_seconds, value] : values) {
        absl::StrAppend(&text, name, labels, " ", Shortest(value), " ", unix_seconds, "\n");
      }
    }
  }
  return text + "# EOF\n";
}

}  // namespace kansoku::aggregator
