// SPDX-License-Identifier: Apache-2.0
#include "aggregator/vintage/input_difference.h"

#include <gtest/gtest.h>

namespace kansoku::aggregator {
namespace {

using Texts = std::vector<std::string>;

v1::MonthInputs Month(const Texts& points) {
  v1::MonthInputs inputs;
  inputs.set_series(v1::SERIES_FIXED);
  inputs.set_month("2024-11");
  inputs.set_octets_basis(v1::OCTETS_BASIS_L3);
  for (const std::string& name : points) {
    v1::PointMonth& point = *inputs.add_points();
    point.set_point(name);
    for (int hour = 0; hour < 2; ++hour) {
      v1::HourVolume& volume = *point.add_hours();
      volume.set_start_unix_seconds(hour * 3600);
      volume.set_windows(100);
      volume.set_download_octets(5);
    }
  }
  return inputs;
}

TEST(MeasuredDifferences, NameThePointsOfEachKind) {
  const v1::MonthInputs before = Month({"a", "b", "c", "d", "e", "f"});
  EXPECT_EQ(MeasuredDifferences(before, before), Texts{});
  v1::MonthInputs after = Month({"a", "b", "c", "d", "e", "x"});
  after.set_octets_basis(v1::OCTETS_BASIS_L2);
  after.mutable_points(0)->mutable_hours(0)->set_windows(110);
  after.mutable_points(1)->mutable_hours(1)->set_windows(102);
  after.mutable_points(2)->mutable_hours(1)->set_download_octets(6);
  after.mutable_points(3)->add_gaps()->set_windows(2);
  EXPECT_EQ(MeasuredDifferences(before, after),
            (Texts{"late data of points a, b: 12 windows", "late parts of windows of point c",
                   "what is known of the missing windows of point d", "with point x", "without point f",
                   "octets of basis l2 instead of l3"}));
}

TEST(EarlierDifferences, NameTheVintage) {
  v1::MonthInputs before = Month({}), after = Month({});
  before.add_earlier()->set_month("2023-11");
  before.mutable_earlier(0)->set_vintage(2);
  after = before;
  EXPECT_EQ(EarlierDifferences(before, after), Texts{});
  after.mutable_earlier(0)->set_vintage(3);
  after.add_earlier()->set_month("2024-05");
  after.mutable_earlier(1)->set_vintage(1);
  EXPECT_EQ(EarlierDifferences(before, after),
            (Texts{"growth is against vintage 3 of 2023-11", "growth is against vintage 1 of 2024-05"}));
}

TEST(CheckNothingForgotten, SeesThatWindowsAreGone) {
  const v1::MonthInputs before = Month({"a", "b"});
  v1::MonthInputs after = Month({"b"});
  EXPECT_EQ(CheckNothingForgotten(before, after), absl::OkStatus());
  after.mutable_points(0)->mutable_hours()->RemoveLast();
  EXPECT_EQ(
      CheckNothingForgotten(before, after),
      absl::FailedPreconditionError(
          "fixed 2024-11: of the 200 windows of point b the store has only 100 left (retention.hour_days); "
          "its figures stay without what came late"));
}

}  // namespace
}  // namespace kansoku::aggregator
