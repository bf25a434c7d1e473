// SPDX-License-Identifier: Apache-2.0
//
// What holds of every figure of a month, whatever was measured. Inputs are made from a seed.
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>

#include "aggregator/figures/figure_catalog.h"
#include "aggregator/figures/monthly_figures.h"
#include "aggregator/figures/rational.h"
#include "tests/aggregator/figures/month_literals.h"

namespace kansoku::aggregator {
namespace {

using google::protobuf::util::MessageDifferencer;

constexpr v1::Series kSeries[] = {v1::SERIES_FIXED, v1::SERIES_MOBILE};

// Three ISPs with two A1 points each and, of the fixed series, one in every other group.
v1::Statistics Register(v1::Series series) {
  v1::Statistics statistics = EmptyRegister();
  for (const std::string isp : {"x", "y", "z"}) {
    v1::Contributor& contributor = AddContributor(series, isp, statistics);
    AddPoint(isp + "-1", v1::GROUP_A1, contributor);
    AddPoint(isp + "-2", v1::GROUP_A1, contributor);
    if (series == v1::SERIES_MOBILE) continue;
    AddPoint(isp + "-3", v1::GROUP_A2, contributor);
    AddPoint(isp + "-4", v1::GROUP_B1, contributor);
    AddPoint(isp + "-5", v1::GROUP_B2, contributor);
    AddPoint(isp + "-6", v1::GROUP_B3, contributor);
  }
  AddShare("2024-11", "0.437", statistics);
  AddContracts(series, "2024-09", "", 46'990'000, statistics);
  return statistics;
}

// Every point measured a random number of octets each hour; a few hours lost windows.
v1::MonthInputs RandomInputs(v1::Series series, uint64_t seed) {
  std::mt19937_64 random(seed);
  v1::MonthInputs inputs = EmptyInputs(series, "2024-11");
  const v1::Statistics statistics = Register(series);
  for (const v1::Contributor& contributor : statistics.register_().contributors()) {
    for (const v1::MeasuredPoint& point : contributor.points()) {
      v1::PointMonth& measured = AddMeasured(
          point.point(), point.group(), [&](int) { return std::pair(random() >> 20, random() >> 23); },
          inputs);
      measured.set_isp(contributor.isp());
      for (int i = 0; i < 5; ++i) {
        measured.mutable_hours(static_cast<int>(random() % 720))
            ->set_windows(static_cast<uint32_t>(random() % 360));
      }
    }
  }
  for (const std::string month : {"2023-11", "2024-05"}) {
    AddEarlier("fixed_download_national", month, "123456789/7", inputs);
    AddEarlier("fixed_upload_national", month, "12345678/7", inputs);
    for (const std::string direction : {"download", "upload", "total"}) {
      (*AddEarlier("mobile_rate", month, "123456789/7", inputs).mutable_labels())["direction"] = direction;
    }
  }
  return inputs;
}

std::string Key(const v1::Figure& figure) {
  std::string key = figure.id();
  for (const auto& [name, value] : std::map(figure.labels().begin(), figure.labels().end())) {
    key += "," + name + "=" + value;
  }
  return key;
}

std::map<std::string, Rational> Values(const v1::MonthInputs& inputs, const v1::Statistics& statistics) {
  std::map<std::string, Rational> values;
  for (const v1::Figure& figure : MonthlyFigures(inputs, statistics)) {
    EXPECT_EQ(figure.withheld_because(), "") << Key(figure);
    const auto exact = ParseRational(figure.exact());
    if (!exact.ok()) continue;
    EXPECT_TRUE(values.emplace(Key(figure), *exact).second) << Key(figure);
  }
  return values;
}

bool IsRatio(const std::string& key) {
  return key.starts_with("fixed_coverage") || key.starts_with("fixed_balance") ||
         key.starts_with("fixed_peak_slot");
}
bool IsGrowth(const std::string& key) { return key.find("_growth") != key.npos; }

TEST(Property, FiguresGrowWithTheTraffic) {
  for (const v1::Series series : kSeries) {
    const v1::Statistics statistics = Register(series);
    v1::MonthInputs inputs = RandomInputs(series, 1);
    const auto once = Values(inputs, statistics);
    for (v1::PointMonth& point : *inputs.mutable_points()) {
      for (v1::HourVolume& hour : *point.mutable_hours()) {
        hour.set_download_octets(3 * hour.download_octets());
        hour.set_upload_octets(3 * hour.upload_octets());
      }
    }
    for (const auto& [key, value] : Values(inputs, statistics)) {
      const Rational& before = once.at(key);
      if (IsGrowth(key)) {
        EXPECT_EQ(value + 1, 3 * (before + 1)) << key;
      } else {
        EXPECT_EQ(value, IsRatio(key) ? before : Rational(3 * before)) << key;
      }
    }
  }
}

// Figures that are linear in what was measured: of two complete months added up, the sums. Medians, peaks and
// quotients of traffic are not.
TEST(Property, FiguresAddUp) {
  for (const v1::Series series : kSeries) {
    const v1::Statistics statistics = Register(series);
    v1::MonthInputs first = RandomInputs(series, 2), second = RandomInputs(series, 3);
    for (v1::MonthInputs* inputs : {&first, &second}) {
      for (v1::PointMonth& point : *inputs->mutable_points()) {
        for (v1::HourVolume& hour : *point.mutable_hours()) hour.set_windows(kWindowsOfAnHour);
      }
    }
    v1::MonthInputs both = first;
    for (int p = 0; p < both.points_size(); ++p) {
      for (int h = 0; h < both.points(p).hours_size(); ++h) {
        v1::HourVolume& hour = *both.mutable_points(p)->mutable_hours(h);
        const v1::HourVolume& other = second.points(p).hours(h);
        hour.set_download_octets(hour.download_octets() + other.download_octets());
        hour.set_upload_octets(hour.upload_octets() + other.upload_octets());
      }
    }
    const auto a = Values(first, statistics), b = Values(second, statistics);
    for (const auto& [key, value] : Values(both, statistics)) {
      if (IsRatio(key) || key.starts_with("fixed_peak")) continue;
      EXPECT_EQ(value, a.at(key) + b.at(key) + (IsGrowth(key) ? 1 : 0)) << key;
    }
  }
}

TEST(Property, TheOrderOfIspsPointsAndHoursDoesNotShow) {
  for (const v1::Series series : kSeries) {
    v1::Statistics statistics = Register(series);
    v1::MonthInputs inputs = RandomInputs(series, 4);
    const auto figures = MonthlyFigures(inputs, statistics);
    std::mt19937_64 random(5);
    auto& contributors = *statistics.mutable_register_()->mutable_contributors();
    std::shuffle(contributors.begin(), contributors.end(), random);
    for (v1::Contributor& contributor : contributors) {
      std::shuffle(contributor.mutable_points()->begin(), contributor.mutable_points()->end(), random);
    }
    std::shuffle(inputs.mutable_points()->begin(), inputs.mutable_points()->end(), random);
    for (v1::PointMonth& point : *inputs.mutable_points()) {
      std::shuffle(point.mutable_hours()->begin(), point.mutable_hours()->end(), random);
    }
    const auto shuffled = MonthlyFigures(inputs, statistics);
    ASSERT_EQ(shuffled.size(), figures.size());
    for (size_t i = 0; i < figures.size(); ++i) {
      EXPECT_TRUE(MessageDifferencer::Equals(shuffled[i], figures[i])) << Key(figures[i]);
    }
  }
}

// Who measures a subscriber does not matter: points may be split among any number.
TEST(Property, APointMayBeSplitInTwo) {
  for (const v1::Series series : kSeries) {
    v1::Statistics statistics = Register(series);
    v1::MonthInputs inputs = RandomInputs(series, 6);
    for (v1::PointMonth& point : *inputs.mutable_points()) {
      for (v1::HourVolume& hour : *point.mutable_hours()) hour.set_windows(kWindowsOfAnHour);
    }
    const auto whole = Values(inputs, statistics);
    v1::PointMonth& part = *inputs.add_points();
    part = inputs.points(0);
    part.set_point("part");
    AddPoint("part", v1::GROUP_A1, *statistics.mutable_register_()->mutable_contributors(2));
    for (int h = 0; h < part.hours_size(); ++h) {
      v1::HourVolume &rest = *inputs.mutable_points(0)->mutable_hours(h), &taken = *part.mutable_hours(h);
      taken.set_download_octets(rest.download_octets() / 3);
      taken.set_upload_octets(rest.upload_octets() / 7);
      rest.set_download_octets(rest.download_octets() - taken.download_octets());
      rest.set_upload_octets(rest.upload_octets() - taken.upload_octets());
    }
    EXPECT_EQ(Values(inputs, statistics), whole);
  }
}

// A month that is read in two parts, cut at any hour, and merged is the same month.
TEST(Property, AMonthMayBeCutAnywhere) {
  for (const v1::Series series : kSeries) {
    const v1::Statistics statistics = Register(series);
    const v1::MonthInputs inputs = RandomInputs(series, 7);
    const auto whole = Values(inputs, statistics);
    for (const int cut : {0, 1, 2, 23, 24, 359, 718, 719}) {
      v1::MonthInputs merged = inputs;
      for (v1::PointMonth& point : *merged.mutable_points()) {
        // Both parts have some of the hour's windows, with the octets that came in them.
        v1::HourVolume first = point.hours(cut), second = point.hours(cut);
        first.set_windows(first.windows() / 2);
        first.set_download_octets(first.download_octets() / 2);
        first.set_upload_octets(first.upload_octets() / 2);
        second.set_windows(second.windows() - first.windows());
        second.set_download_octets(second.download_octets() - first.download_octets());
        second.set_upload_octets(second.upload_octets() - first.upload_octets());
        *point.mutable_hours(cut) = second;
        *point.add_hours() = first;
      }
      EXPECT_EQ(Values(merged, statistics), whole) << cut;
    }
  }
}

// Of steady traffic the month that was filled in is the month that nothing was lost of.
TEST(Property, FillingInSteadyTrafficGivesItBack) {
  constexpr uint64_t kOctetsOfAWindow = 10'000;
  for (const v1::Series series : kSeries) {
    const v1::Statistics statistics = Register(series);
    v1::MonthInputs inputs = RandomInputs(series, 8);
    for (v1::PointMonth& point : *inputs.mutable_points()) {
      for (v1::HourVolume& hour : *point.mutable_hours()) {
        hour.set_windows(kWindowsOfAnHour);
        hour.set_download_octets(kWindowsOfAnHour * kOctetsOfAWindow);
        hour.set_upload_octets(kWindowsOfAnHour * kOctetsOfAWindow);
      }
    }
    const auto whole = Values(inputs, statistics);
    std::mt19937_64 random(9);
    for (v1::PointMonth& point : *inputs.mutable_points()) {
      for (int i = 0; i < 20; ++i) {
        v1::HourVolume& hour = *point.mutable_hours(static_cast<int>(random() % 720));
        hour.set_windows(static_cast<uint32_t>(random() % kWindowsOfAnHour));
        hour.set_download_octets(hour.windows() * kOctetsOfAWindow);
        hour.set_upload_octets(hour.windows() * kOctetsOfAWindow);
      }
    }
    EXPECT_EQ(Values(inputs, statistics), whole);
  }
}

TEST(Property, EveryFigureOfTheCatalogueIsMade) {
  std::set<std::string> made;
  for (const v1::Series series : kSeries) {
    for (const v1::Figure& figure : MonthlyFigures(RandomInputs(series, 10), Register(series))) {
      made.insert(figure.id());
      const auto kinds = AllFigures();
      const auto kind =
          std::find_if(kinds.begin(), kinds.end(), [&](const FigureKind* k) { return k->id == figure.id(); });
      ASSERT_NE(kind, kinds.end()) << figure.id();
      for (const auto& [name, value] : std::map(figure.labels().begin(), figure.labels().end())) {
        EXPECT_NE((*kind)->labels.find(name), std::string_view::npos) << Key(figure);
      }
      EXPECT_EQ(static_cast<size_t>(std::count((*kind)->labels.begin(), (*kind)->labels.end(), ',')) +
                    ((*kind)->labels.empty() ? 0 : 1),
                figure.labels().size())
          << Key(figure);
    }
  }
  for (const FigureKind* kind : AllFigures()) {
    if (!kind->id.starts_with("fixed_") && !kind->id.starts_with("mobile_")) continue;
    EXPECT_TRUE(made.contains(std::string(kind->id))) << kind->id;
  }
  EXPECT_EQ(made.size(), 22u);
}

}  // namespace
}  // namespace kansoku::aggregator
