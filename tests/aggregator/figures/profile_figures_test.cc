// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/profile_figures.h"

#include <gtest/gtest.h>

#include "absl/strings/str_format.h"
#include "aggregator/figures/monthly_figures.h"
#include "tests/aggregator/figures/figure_literals.h"
#include "tests/aggregator/figures/month_literals.h"

namespace kansoku::aggregator {
namespace {

// Each hour of a day of November 2024 has its hour as octets, in units of 450 (1 bit/s for an hour); on days
// of the calendar below twice that.
struct Sample {
  v1::Statistics statistics = OnePoint(v1::SERIES_FIXED);
  v1::MonthInputs inputs = EmptyInputs(v1::SERIES_FIXED, "2024-11");

  Sample() {
    AddHoliday("2024-11-04", statistics);
    AddMeasured(
        "a", v1::GROUP_A1,
        [](int hour) {
          const int day = hour / 24 + 1;  // the 1st is a Friday
          const bool is_holiday = day == 4 || day % 7 == 2 || day % 7 == 3;
          return std::pair<uint64_t, uint64_t>(450 * (hour % 24) * (is_holiday ? 2 : 1), 450);
        },
        inputs);
  }
  v1::Figure Get(const std::string& id, const FigureLabels& labels) const {
    return Find(MonthlyFigures(inputs, statistics), id, labels);
  }
  std::string Hour(const std::string& day_type, const std::string& slot) const {
    return Get("fixed_hour_profile", {{"direction", "download"}, {"day_type", day_type}, {"slot", slot}})
        .exact();
  }
};

TEST(HourProfile, IsTheMeanOfEachSlotByDayType) {
  const Sample sample;
  EXPECT_EQ(sample.Hour("weekday", "01-03"), "3/2");
  EXPECT_EQ(sample.Hour("weekday", "21-23"), "43/2");
  EXPECT_EQ(sample.Hour("holiday", "01-03"), "3");
  EXPECT_EQ(sample.Hour("holiday", "21-23"), "43");
}

// Of a slot on the 1st, a Friday; the mean is of 20 weekdays.
TEST(HourProfile, HasTheErrorOfItsHours) {
  Sample sample;
  auto& hours = *sample.inputs.mutable_points(0)->mutable_hours();
  hours[21].mutable_download_variance()->set_low(uint64_t{1'080'000} * 1'080'000);
  hours[22].mutable_download_variance()->set_low(uint64_t{1'440'000} * 1'440'000);
  const auto error = [&](const std::string& direction, const std::string& slot) {
    return sample
        .Get("fixed_hour_profile", {{"direction", direction}, {"day_type", "weekday"}, {"slot", slot}})
        .standard_error();
  };
  EXPECT_EQ(error("download", "21-23"), "100");  // 8 x 1,800,000 octets / (20 x 7,200 s)
  EXPECT_EQ(error("download", "19-21"), "");
  EXPECT_EQ(error("upload", "21-23"), "");
}

// 23 at the end of each day, 0 at the start of the next; the halves at the month's edges are of no day.
TEST(HourProfile, HasASlotOverMidnight) {
  const Sample sample;
  EXPECT_EQ(sample.Hour("weekday", "23-01"), "23/2");
  EXPECT_EQ(sample.Hour("holiday", "23-01"), "23");
}

TEST(HourProfile, BeginsAtEvenHoursIfTheRegisterSaysSo) {
  Sample sample;
  sample.statistics.mutable_register_()->set_slot_offset_hours(0);
  EXPECT_EQ(sample.Hour("weekday", "00-02"), "1/2");
  EXPECT_EQ(sample.Hour("weekday", "22-00"), "45/2");
}

TEST(HourProfile, ComesBackToTheMonthsRate) {
  v1::Statistics statistics = OnePoint(v1::SERIES_FIXED);
  statistics.mutable_register_()->set_slot_offset_hours(0);
  v1::MonthInputs inputs = EmptyInputs(v1::SERIES_FIXED, "2024-11");
  AddMeasured(
      "a", v1::GROUP_A1, [](int hour) { return std::pair<uint64_t, uint64_t>(hour * hour, 0); }, inputs);
  const auto figures = MonthlyFigures(inputs, statistics);
  Rational sum;
  for (const v1::Figure& figure : figures) {
    if (figure.id() != "fixed_hour_profile" || figure.labels().at("direction") != "download") continue;
    const int days = figure.labels().at("day_type") == "weekday" ? 21 : 9;
    sum += *ParseRational(figure.exact()) * days;
  }
  const v1::Figure rate = Find(figures, "fixed_month_rate", {{"group", "a1"}, {"direction", "download"}});
  EXPECT_EQ(RationalText(sum / 360), rate.exact());
}

TEST(WeekdayProfile, TellsTheDaysOfTheWeekApart) {
  const Sample sample;
  const auto slot = [&](const std::string& weekday) {
    return sample
        .Get("fixed_weekday_profile", {{"direction", "download"}, {"weekday", weekday}, {"slot", "09-11"}})
        .exact();
  };
  EXPECT_EQ(slot("sun"), "19");
  EXPECT_EQ(slot("tue"), "19/2");
  EXPECT_EQ(slot("mon"), "95/8");  // four Mondays, of which one is a holiday: (3 x 19/2 + 19) / 4
}

TEST(Peak, IsTheHighestSlotAndTheHourAtWhichItBegins) {
  const Sample sample;
  const FigureLabels weekday = {{"direction", "download"}, {"day_type", "weekday"}};
  EXPECT_EQ(sample.Get("fixed_peak_rate", weekday).exact(), "43/2");
  const v1::Figure slot = sample.Get("fixed_peak_slot", weekday);
  EXPECT_EQ(slot.value(), "21");
  EXPECT_EQ(slot.unit(), "hour");
  ASSERT_GT(slot.steps_size(), 0);
  EXPECT_EQ(slot.steps(slot.steps_size() - 1).what(), "mean rate at 21-23");
  EXPECT_EQ(slot.steps(slot.steps_size() - 1).value(), "43/2");
}

TEST(Peak, OfEqualSlotsIsTheEarlier) {
  const Sample sample;
  EXPECT_EQ(sample.Get("fixed_peak_slot", {{"direction", "upload"}, {"day_type", "holiday"}}).value(), "1");
}

TEST(Profiles, AreWithheldAsTheMonthIs) {
  Sample sample;
  sample.inputs.clear_points();
  const std::string reason =
      "incomplete: 0 of 259200 windows of group a1 came; below 95 % nothing is filled in";
  const FigureLabels day = {{"direction", "download"}, {"day_type", "weekday"}};
  EXPECT_EQ(Why(sample.Get("fixed_peak_rate", day)), reason);
  EXPECT_EQ(Why(sample.Get("fixed_peak_slot", day)), reason);
  EXPECT_EQ(sample.Get("fixed_peak_slot", day).value(), "");
  EXPECT_EQ(Why(sample.Get("fixed_hour_profile",
                           {{"direction", "download"}, {"day_type", "weekday"}, {"slot", "21-23"}})),
            reason);
}

// Every month has weekdays, unless the calendar says otherwise.
TEST(Profiles, OfDaysThatTheMonthLacksAreWithheld) {
  Sample sample;
  for (int day = 1; day <= 30; ++day) {
    AddHoliday(absl::StrFormat("2024-11-%02d", day), sample.statistics);
  }
  EXPECT_EQ(Why(sample.Get("fixed_peak_rate", {{"direction", "download"}, {"day_type", "weekday"}})),
            "no_such_day: the month has no weekday with a whole slot 01-03");
}

TEST(MobileHourProfile, IsByTheHour) {
  v1::MonthInputs inputs = EmptyInputs(v1::SERIES_MOBILE, "2024-11");
  AddMeasured(
      "a", v1::GROUP_A1, [](int hour) { return std::pair<uint64_t, uint64_t>(450 * (hour % 24), 0); },
      inputs);
  const auto figures = MonthlyFigures(inputs, OnePoint(v1::SERIES_MOBILE));
  EXPECT_EQ(Find(figures, "mobile_hour_profile",
                 {{"direction", "download"}, {"day_type", "holiday"}, {"slot", "23-00"}})
                .exact(),
            "23");
}

}  // namespace
}  // namespace kansoku::aggregator
