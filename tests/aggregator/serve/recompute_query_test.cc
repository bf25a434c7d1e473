// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/recompute_query.h"

#include <gtest/gtest.h>

#include <vector>

#include "aggregator/figures/monthly_figures.h"
#include "tests/aggregator/serve/sample_vintage.h"
#include "tests/aggregator/serve/served_store.h"

namespace kansoku::aggregator {
namespace {

constexpr int64_t kComputed = 1'738'335'600;  // 2025-02-01 00:00 JST

class RecomputeQuery : public ::testing::Test {
 protected:
  void Add(const v1::Vintage& vintage) {
    const absl::Status added = store_->AddVintage(vintage, statistics_);
    ASSERT_TRUE(added.ok()) << added;
  }

  ServedStore store_;
  const v1::Statistics statistics_;
};

TEST_F(RecomputeQuery, ComputesTheSameAgainFromWhatIsStored) {
  v1::Vintage vintage = SampleVintage(v1::SERIES_MOBILE, "2024-12", 1, kComputed, {});
  vintage = SampleVintage(v1::SERIES_MOBILE, "2024-12", 1, kComputed,
                          MonthlyFigures(vintage.inputs(), statistics_));
  ASSERT_GT(vintage.figures_size(), 0);
  Add(vintage);
  v1::RecomputeVintageRequest request;
  request.set_series(v1::SERIES_MOBILE);
  request.set_month("2024-12");
  const auto same = RecomputeVintage(*store_, request);
  ASSERT_TRUE(same.ok()) << same.status();
  EXPECT_EQ(same->vintage().number(), 1u);
  EXPECT_EQ(same->vintage().figures_size(), 0);
  EXPECT_FALSE(same->vintage().has_inputs());
  EXPECT_EQ(same->method_version(), kMethodVersion);
  EXPECT_EQ(same->figures(), static_cast<uint32_t>(vintage.figures_size()));
  EXPECT_EQ(same->differences_size(), 0);

  // One that says something else, one that is computed no more, and one that was not there.
  std::vector<v1::Figure> figures(vintage.figures().begin(), vintage.figures().end());
  figures[0].set_method("a word");
  figures[1].set_id("mobile_rumour");
  Add(SampleVintage(v1::SERIES_MOBILE, "2024-12", 2, kComputed, figures));
  const auto other = RecomputeVintage(*store_, request);
  ASSERT_TRUE(other.ok()) << other.status();
  EXPECT_EQ(other->vintage().number(), 2u) << "the latest";
  ASSERT_EQ(other->differences_size(), 3);
  EXPECT_EQ(other->figures(), static_cast<uint32_t>(vintage.figures_size()));
  int both = 0, stored_only = 0, computed_only = 0;
  for (const v1::FigureDifference& difference : other->differences()) {
    both += difference.has_stored() && difference.has_computed();
    stored_only += !difference.has_computed() && difference.stored().id() == "mobile_rumour";
    computed_only += !difference.has_stored();
  }
  EXPECT_EQ(both, 1);
  EXPECT_EQ(stored_only, 1);
  EXPECT_EQ(computed_only, 1);
  request.set_number(1);
  EXPECT_EQ(RecomputeVintage(*store_, request)->differences_size(), 0);
}

TEST_F(RecomputeQuery, SaysWhatCannotBeComputedAgain) {
  v1::RecomputeVintageRequest request;
  request.set_month("2024-11");
  EXPECT_EQ(RecomputeVintage(*store_, request).status().message(), "series: say which, fixed or mobile");
  request.set_series(v1::SERIES_FIXED);
  request.set_month("2024-13");
  EXPECT_EQ(RecomputeVintage(*store_, request).status().message(),
            "month: '2024-13' is not a month; write 2024-11 (1971-01 to 9998-12)");
  request.set_month("2020-01");
  const absl::Status never = RecomputeVintage(*store_, request).status();
  EXPECT_EQ(never.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(never.message(), "nothing of the series fixed was ever computed of 2020-01");
  request.set_number(3);
  EXPECT_EQ(RecomputeVintage(*store_, request).status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace kansoku::aggregator
