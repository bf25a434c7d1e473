// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/metric_reference.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/match.h"
#include "proto/contract/metric_catalog.h"

namespace kansoku {
namespace {

TEST(MetricReference, HasOneLineForEachMetric) {
  const std::string page = MetricReferenceMarkdown();
  for (const Metric* metric : AllMetrics()) {
    EXPECT_TRUE(absl::StrContains(page, "\n| `" + std::string(metric->name) + "` | ")) << metric->name;
  }
  EXPECT_TRUE(absl::StrContains(page,
                                "| `kansoku_point_windows_total` | counter | windows | isp,point,collector | "
                                "Committed windows. | Measurement.windows |\n"));
}

}  // namespace
}  // namespace kansoku
