// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/balance.h"

#include <gtest/gtest.h>

#include "tests/aggregator/figures/three_isps.h"

namespace kansoku::aggregator {
namespace {

FigureLabels Of(const std::string& group, const std::string& direction) {
  return {{"group", group}, {"direction", direction}};
}

struct Balanced : ThreeIsps {
  // 600 down and 60 up at the subscribers'; 630 in and 66 out at an exchange.
  Balanced() {
    AddPoint("x", v1::GROUP_B2, *statistics.mutable_register_()->mutable_contributors(0));
    AddSteady("x", v1::GROUP_B2, 450 * 630, 450 * 66, inputs);
  }
};

TEST(Interconnection, IsNotExtrapolated) {
  const Balanced sample;
  EXPECT_EQ(sample.Get("fixed_interconnection", Of("b2", "download")).exact(), "630");
  EXPECT_EQ(sample.Get("fixed_interconnection", Of("b2", "upload")).exact(), "66");
  for (const v1::Figure& figure : sample.Figures()) {
    if (figure.id() == "fixed_interconnection") {
      EXPECT_EQ(figure.labels().at("group"), "b2");
    }
  }
}

TEST(Balance, ComparesWhatGoesInWithWhatComesOut) {
  Balanced sample;
  const v1::Figure balance = sample.Get("fixed_balance");
  EXPECT_EQ(balance.exact(), "115/111");  // (60 + 630) / (600 + 66)
  EXPECT_EQ(balance.value(), "1.0360");
  EXPECT_EQ(balance.windows(), 4 * 259'200u);
  EXPECT_FALSE(HasNote(balance, v1::FIGURE_NOTE_UNBALANCED));
}

TEST(Balance, NotesMoreThanFivePercent) {
  Balanced sample;
  v1::PointMonth& exchange = *sample.inputs.mutable_points(3);
  const auto in = [&](uint64_t octets_an_hour) {
    for (v1::HourVolume& hour : *exchange.mutable_hours()) {
      hour.set_download_octets(octets_an_hour);
      hour.set_upload_octets(450 * 65);
    }
    return HasNote(sample.Get("fixed_balance"), v1::FIGURE_NOTE_UNBALANCED);
  };
  EXPECT_FALSE(in(450 * 640));  // 700 in and 665 out differ by exactly 5 % of the greater
  EXPECT_TRUE(in(450 * 640 + 1));
  EXPECT_FALSE(in(257'288));  // 631.751 in and 665 out: an octet less is further than 5 % of the greater
  EXPECT_TRUE(in(257'287));
}

TEST(Balance, ItsErrorIsOfBothSides) {
  Balanced sample;
  v1::HourVolume& hour = *sample.inputs.mutable_points(3)->mutable_hours(0);
  // 666 bit/s out are 215,784,000 octets of the month: 3 % of them, and what makes 4 % of 115/111.
  hour.mutable_download_variance()->set_low(uint64_t{6'473'520} * 6'473'520);
  EXPECT_EQ(sample.Get("fixed_balance").standard_error(), "0.0300");
  hour.mutable_upload_variance()->set_low(uint64_t{8'331'139} * 8'331'139);
  EXPECT_EQ(sample.Get("fixed_balance").standard_error(), "0.0500");
  hour.clear_download_variance();
  EXPECT_EQ(sample.Get("fixed_balance").standard_error(), "0.0400");
}

TEST(Balance, NeedsBothSides) {
  EXPECT_EQ(Why(ThreeIsps().Get("fixed_balance")),
            "no_points: the register has no points of subscribers, or none of exchange with others");
  Balanced sample;
  for (v1::PointMonth& point : *sample.inputs.mutable_points()) {
    for (v1::HourVolume& hour : *point.mutable_hours()) {
      hour.set_download_octets(0);
      hour.set_upload_octets(0);
    }
  }
  EXPECT_EQ(Why(sample.Get("fixed_balance")), "nothing_counted: nothing went out of the ISPs");
  sample.inputs.mutable_points(3)->clear_hours();
  EXPECT_EQ(Why(sample.Get("fixed_balance")),
            "incomplete: 0 of 259200 windows of group b2 came; below 95 % nothing is filled in");
}

}  // namespace
}  // namespace kansoku::aggregator
