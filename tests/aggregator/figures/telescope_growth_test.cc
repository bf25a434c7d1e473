// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/telescope_growth.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/aggregator/figures/figure_literals.h"

namespace kansoku::aggregator {
namespace {

v1::TelescopeDay Day(absl::CivilDay date, uint64_t packets) {
  v1::TelescopeDay day;
  day.set_day(absl::FormatCivilTime(date));
  day.set_windows(8'640);
  v1::ClassDay& of_class = *day.add_sensors()->add_classes();
  of_class.set_darknet_class(v1::DARKNET_CLASS_TCP_SYN);
  of_class.set_family(v1::FAMILY_IPV4);
  of_class.set_packets(packets);
  return day;
}

// So many packets over the year, on days that differ.
template <typename Sum>
Sum Year(Sum sum, int64_t year, uint64_t packets) {
  const DayPeriod days = WholeYear(year);
  for (absl::CivilDay day = days.first; day <= days.last; ++day) {
    AddDay(Day(day, day == days.last ? packets - static_cast<uint64_t>(days.days()) + 1 : 1), sum);
  }
  return sum;
}

TelescopePeriod Period(int64_t year, uint64_t packets) {
  return Year(TelescopePeriod{.period = WholeYear(year)}, year, packets);
}

YearTotal Total(int64_t year, uint64_t packets) { return Year(YearTotal{.year = year}, year, packets); }

v1::Figure Of(const TelescopePeriod& sum, const YearTotal& before, const YearTotal& base, const char* id) {
  std::vector<v1::Figure> figures;
  AppendGrowth(sum, before, base, figures);
  return Find(figures, id, {});
}

// METRICS 5.6: what was published of 2024, 2023 and 2015.
TEST(TelescopeGrowth, IsThatOfTheWhitePaper) {
  const TelescopePeriod sum = Period(2024, 686'200'000'000);
  const YearTotal before = Total(2023, 619'700'000'000), base = Total(2015, 63'200'000'000);
  EXPECT_EQ(Of(sum, before, base, "darknet_yoy").value(), "0.1073");
  EXPECT_EQ(Of(sum, before, base, "darknet_ratio_to_base_year").value(), "10.8576");
}

TEST(TelescopeGrowth, NeedsEveryDayOfBothYears) {
  const YearTotal base = Total(2015, 500), none{.year = 2023};
  YearTotal most = Total(2023, 500);
  --most.days;
  const TelescopePeriod sum = Period(2024, 1'000);
  EXPECT_EQ(Why(Of(sum, none, base, "darknet_yoy")), "no_earlier: 0 of the 365 days of 2023 are known");
  EXPECT_EQ(Why(Of(sum, most, base, "darknet_yoy")), "no_earlier: 364 of the 365 days of 2023 are known");
  EXPECT_EQ(Of(sum, none, base, "darknet_ratio_to_base_year").value(), "2.0000");
  TelescopePeriod part{.period = {absl::CivilDay(2024, 1, 1), absl::CivilDay(2024, 1, 31)}};
  AddDay(Day(absl::CivilDay(2024, 1, 1), 5), part);
  EXPECT_EQ(Why(Of(part, Total(2023, 500), base, "darknet_yoy")),
            "incomplete: 1 of the 366 days of 2024 are known");
}

TEST(TelescopeGrowth, IsNotAgainstASampleOrNothing) {
  const TelescopePeriod sum = Period(2024, 1'000);
  YearTotal sampled = Total(2023, 500), silent = Total(2015, 500);
  sampled.is_sampled = true;
  silent.ipv4_packets = 0;
  EXPECT_EQ(Why(Of(sum, sampled, silent, "darknet_yoy")), "earlier_withheld: packets of 2023 were sampled");
  EXPECT_EQ(Why(Of(sum, sampled, silent, "darknet_ratio_to_base_year")),
            "nothing_counted: no IPv4 packet arrived in 2015");
}

}  // namespace
}  // namespace kansoku::aggregator
