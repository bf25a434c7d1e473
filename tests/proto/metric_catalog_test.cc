// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/metric_catalog.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"

namespace kansoku {
namespace {

// Lower-case words with an underscore between two of them.
bool IsSnakeCase(std::string_view text) {
  char before = '_';
  for (const char c : text) {
    if (!absl::ascii_islower(c) && !absl::ascii_isdigit(c) && (c != '_' || before == '_')) return false;
    before = c;
  }
  return before != '_' && !absl::ascii_isdigit(text.front());
}

std::string Name(const Metric& metric) { return std::string(metric.name); }

TEST(MetricCatalog, HasRowsAndNoDoubles) {
  std::set<std::string> names;
  for (const Metric* metric : AllMetrics()) EXPECT_TRUE(names.insert(Name(*metric)).second) << metric->name;
  EXPECT_FALSE(names.empty());
}

// https://prometheus.io/docs/practices/naming/
TEST(MetricCatalog, NamesAreOfPrometheusAndOurs) {
  for (const Metric* metric : AllMetrics()) {
    EXPECT_TRUE(metric->name.starts_with("kansoku_") && IsSnakeCase(metric->name)) << metric->name;
  }
}

TEST(MetricCatalog, CountersAndOnlyCountersEndInTotal) {
  for (const Metric* metric : AllMetrics()) {
    EXPECT_EQ(metric->name.ends_with("_total"), metric->type == MetricType::kCounter) << metric->name;
  }
}

TEST(MetricCatalog, NamesEndInTheirUnit) {
  for (const Metric* metric : AllMetrics()) {
    if (metric->unit == "1") continue;
    std::string_view name = metric->name;
    if (metric->type == MetricType::kCounter) name.remove_suffix(std::string_view("_total").size());
    // "bits_per_second" style units are written with underscores, so a suffix is enough; "commit_errors"
    // counts commits.
    const bool counts_errors = name.ends_with("_errors");
    EXPECT_TRUE(counts_errors || name.ends_with("_" + std::string(metric->unit))) << metric->name;
  }
}

TEST(MetricCatalog, UnitsAreBaseUnits) {
  const std::set<std::string_view> units{
      "1",       "bytes",           "packets",  "flows",     "seconds",  "windows",
      "reports", "commits",         "records",  "addresses", "segments", "freezes",
      "hellos",  "attempts",        "reloads",  "settings",  "requests", "handshakes",
      "ratio",   "bits_per_second", "vintages", "hosts",     "ports",    "subscribers"};
  for (const Metric* metric : AllMetrics()) EXPECT_TRUE(units.contains(metric->unit)) << metric->name;
}

TEST(MetricCatalog, LabelListsAreWellFormed) {
  // Prometheus keeps these for itself or for the scrape's target.
  const std::set<std::string> reserved{"le", "quantile", "job", "instance", "name"};
  for (const Metric* metric : AllMetrics()) {
    if (metric->labels.empty()) continue;
    std::set<std::string> seen;
    const std::vector<std::string> labels = absl::StrSplit(std::string(metric->labels), ',');
    for (const std::string& label : labels) {
      EXPECT_TRUE(IsSnakeCase(label)) << metric->name << " " << label;
      EXPECT_FALSE(reserved.contains(label)) << metric->name << " " << label;
      EXPECT_TRUE(seen.insert(label).second) << metric->name << " " << label;
    }
  }
}

TEST(MetricCatalog, HelpIsASentenceThatFitsATableCell) {
  for (const Metric* metric : AllMetrics()) {
    for (const std::string_view text : {metric->help, metric->source}) {
      EXPECT_FALSE(text.empty()) << metric->name;
      EXPECT_EQ(text.find_first_of("|\n"), std::string_view::npos) << metric->name;
    }
    EXPECT_TRUE(metric->help.ends_with('.')) << metric->name;
  }
}

}  // namespace
}  // namespace kansoku
