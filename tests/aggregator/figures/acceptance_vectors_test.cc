// SPDX-License-Identifier: Apache-2.0
//
// METRICS 8: every acceptance vector, through the figure that it is of where there is one. V8 and the darknet
// half of V7 and V9 are of figures of years, which the darknet's are tested with too.
#include <gtest/gtest.h>

#include "aggregator/figures/figure_catalog.h"
#include "aggregator/figures/month_slots.h"
#include "aggregator/figures/monthly_figures.h"
#include "aggregator/figures/rational.h"
#include "tests/aggregator/figures/figure_literals.h"
#include "tests/aggregator/figures/month_literals.h"

namespace kansoku::aggregator {
namespace {

constexpr uint64_t kGiga = 1'000'000'000;
const std::map<std::string, std::string> kDownload = {{"direction", "download"}},
                                         kUpload = {{"direction", "upload"}},
                                         kTotal = {{"direction", "total"}};

std::string Decimal(const Integer& numerator, const Integer& denominator, int digits) {
  return ToDecimal(QuotientOf(numerator, denominator), digits);
}

// A month in which all of the nation is measured, downloading at this rate.
std::vector<v1::Figure> FixedAt(const std::string& month, uint64_t rate, v1::Statistics statistics) {
  AddShare(month, "1", statistics);
  return MonthlyFigures(SteadyMonth(v1::SERIES_FIXED, month, rate, rate / 10), statistics);
}

// June 2016: 196,091,300 subscribers of five operators.
v1::Statistics MobileRegister() {
  v1::Statistics statistics = OnePoint(v1::SERIES_MOBILE);
  AddContracts(v1::SERIES_MOBILE, "2016-06", "", 196'091'300, statistics);
  Print("mobile_rate", "Gbps", 9, 1, statistics);
  Print("mobile_volume", "TB", 12, 0, statistics);
  Print("mobile_per_subscriber_rate", "bps", 0, 1, statistics);
  Print("mobile_per_subscriber_volume", "MB", 6, 0, statistics);
  return statistics;
}

// June 2016 with exactly so many octets.
v1::MonthInputs June2016(uint64_t download_octets, uint64_t upload_octets) {
  v1::MonthInputs inputs = EmptyInputs(v1::SERIES_MOBILE, "2016-06");
  AddMeasured(
      "a", v1::GROUP_A1,
      [&](int hour) {
        const auto share = [&](uint64_t octets) { return octets / 720 + (hour == 0 ? octets % 720 : 0); };
        return std::pair(share(download_octets), share(upload_octets));
      },
      inputs);
  return inputs;
}

TEST(Vectors, V1NationalEstimate) {
  v1::Statistics statistics = OnePoint(v1::SERIES_FIXED);
  AddShare("2011-11", "0.439", statistics);
  Print("fixed_download_national", "Gbps", 9, 0, statistics);
  const auto inputs = SteadyMonth(v1::SERIES_FIXED, "2011-11", 744'500'000'000, 0);
  EXPECT_EQ(Find(MonthlyFigures(inputs, statistics), "fixed_download_national", {}).value(), "1696");
  statistics.mutable_presentations(0)->set_digits(1);
  EXPECT_EQ(Find(MonthlyFigures(inputs, statistics), "fixed_download_national", {}).value(), "1695.9");
}

TEST(Vectors, V2VolumePerDay) {
  v1::Statistics statistics = OnePoint(v1::SERIES_FIXED);
  Print("fixed_volume_per_day", "PB", 15, 0, statistics);
  for (const auto& [gigabits, petabytes] : {std::pair(12'700, "137"), {19'000, "205"}, {11'000, "119"}}) {
    const auto figures = FixedAt("2020-05", static_cast<uint64_t>(gigabits) * kGiga, statistics);
    EXPECT_EQ(Find(figures, "fixed_volume_per_day", kDownload).value(), petabytes);
  }
}

TEST(Vectors, V3VolumeOfAMonth) {
  const auto inputs = SteadyMonth(v1::SERIES_MOBILE, "2016-06", 1'227'900'000'000, 0);
  const auto volume = Find(MonthlyFigures(inputs, MobileRegister()), "mobile_volume", kDownload);
  EXPECT_EQ(volume.value(), "397840");
  EXPECT_EQ(volume.unit(), "TB");
}

TEST(Vectors, V4RatePerSubscriber) {
  const auto inputs = SteadyMonth(v1::SERIES_MOBILE, "2016-06", 1'227'900'000'000, 0);
  EXPECT_EQ(Find(MonthlyFigures(inputs, MobileRegister()), "mobile_per_subscriber_rate", kDownload).value(),
            "6261.9");
}

TEST(Vectors, V5VolumePerSubscriber) {
  const auto inputs = June2016(397'843'000'000'000'000, 0);
  EXPECT_EQ(Find(MonthlyFigures(inputs, MobileRegister()), "mobile_per_subscriber_volume", kDownload).value(),
            "2029");
}

TEST(Vectors, V6TotalsOfBothDirections) {
  const auto volumes =
      MonthlyFigures(June2016(397'843'000'000'000'000, 63'718'000'000'000'000), MobileRegister());
  EXPECT_EQ(Find(volumes, "mobile_volume", kTotal).value(), "461561");
  EXPECT_EQ(Find(volumes, "mobile_volume", kUpload).value(), "63718");
  const auto rates = MonthlyFigures(
      SteadyMonth(v1::SERIES_MOBILE, "2016-06", 1'227'900'000'000, 196'700'000'000), MobileRegister());
  EXPECT_EQ(Find(rates, "mobile_rate", kTotal).value(), "1424.6");
}

TEST(Vectors, V7RatioToTheBaseYear) {
  EXPECT_EQ(Decimal(6'862, 632, 2), "10.86");
  EXPECT_EQ(Decimal(6'197, 632, 1), "9.8");
}

TEST(Vectors, V8SecondsPerPacket) {
  EXPECT_EQ(Decimal(366 * 86'400, 2'427'977, 0), "13");
  EXPECT_EQ(Decimal(365 * 86'400, 2'260'132, 0), "14");
}

TEST(Vectors, V9Growth) {
  v1::Statistics statistics = OnePoint(v1::SERIES_FIXED);
  AddShare("2008-11", "1", statistics);
  Print("fixed_download_growth", "%", 0, 1, statistics);
  auto inputs = SteadyMonth(v1::SERIES_FIXED, "2008-11", 988'400'000'000, 0);
  AddEarlier("fixed_download_national", "2007-11", "812900000000", inputs);
  const auto growth =
      Find(MonthlyFigures(inputs, statistics), "fixed_download_growth", {{"lag", "12_months"}});
  EXPECT_EQ(growth.value(), "21.6");
  EXPECT_EQ(growth.unit(), "%");
  EXPECT_EQ(growth.exact(), "1755/8129");
  EXPECT_EQ(Decimal((6'862 - 6'197) * 100, 6'197, 0), "11");
  EXPECT_EQ(Decimal((7'010 - 6'862) * 100, 6'862, 1), "2.2");
}

TEST(Vectors, V10BackFromGrowth) {
  EXPECT_EQ(ToDecimal(*ParseRational("12.7") / *ParseRational("1.152"), 1), "11.0");
  EXPECT_EQ(ToDecimal(*ParseRational("12.1") / *ParseRational("1.175"), 1), "10.3");
}

// 38.9 / 34.5 as printed gives 12.8; what was measured gives 12.7.
TEST(Vectors, V11GrowthIsOfUnroundedValues) {
  v1::Statistics statistics = OnePoint(v1::SERIES_FIXED);
  Print("fixed_download_national", "Tbps", 12, 1, statistics);
  Print("fixed_download_growth", "%", 0, 1, statistics);
  AddShare("2024-11", "1", statistics);
  auto inputs = SteadyMonth(v1::SERIES_FIXED, "2024-11", 38'920'000'000'000, 0);
  AddEarlier("fixed_download_national", "2023-11", "34530000000000", inputs).set_value("34.5");
  const auto figures = MonthlyFigures(inputs, statistics);
  EXPECT_EQ(Find(figures, "fixed_download_national", {}).value(), "38.9");
  EXPECT_EQ(Find(figures, "fixed_download_growth", {{"lag", "12_months"}}).value(), "12.7");
  EXPECT_EQ(ToDecimal((*ParseRational("38.9") / *ParseRational("34.5") - 1) * 100, 1), "12.8");
}

TEST(Vectors, V12VolumeOfADecember) {
  const auto inputs = SteadyMonth(v1::SERIES_MOBILE, "2011-12", 181'300'000'000, 0);
  EXPECT_EQ(Find(MonthlyFigures(inputs, MobileRegister()), "mobile_volume", kDownload).value(), "60699");
}

TEST(Vectors, V13RoundingHalfAwayFromZero) {
  EXPECT_EQ(Decimal(1, 2, 0), "1");
  EXPECT_EQ(Decimal(3, 2, 0), "2");
  EXPECT_EQ(Decimal(5, 2, 0), "3");
  EXPECT_EQ(Decimal(-5, 2, 0), "-3");
}

TEST(Vectors, V14BinsOfAMonth) {
  EXPECT_EQ(SlotsOf({2024, 11}, {2, 1}, {}).month_seconds() / 7'200, 360);
  EXPECT_EQ(SlotsOf({2025, 5}, {2, 1}, {}).month_seconds() / 7'200, 372);
}

TEST(Vectors, V15PerContract) {
  v1::Statistics statistics = OnePoint(v1::SERIES_FIXED);
  AddContracts(v1::SERIES_FIXED, "2024-09", "", 46'990'000, statistics);
  Print("fixed_per_contract_rate", "kbps", 3, 1, statistics);
  Print("fixed_per_contract_volume", "GB", 9, 1, statistics);
  Print("fixed_per_contract_volume_mic", "GB (MIC)", 9, 1, statistics);
  const auto figures = FixedAt("2024-11", 38'900 * kGiga, statistics);
  EXPECT_EQ(Find(figures, "fixed_per_contract_rate", kDownload).value(), "827.8");
  EXPECT_EQ(Find(figures, "fixed_per_contract_volume", kDownload).value(), "272.1");
  const auto mic = Find(figures, "fixed_per_contract_volume_mic", kDownload);
  EXPECT_EQ(mic.value(), "259.5");
  EXPECT_EQ(mic.base_unit(), "1.048576 bytes");
  EXPECT_EQ(mic.notes_size(), 1);
  EXPECT_EQ(mic.notes(0), v1::FIGURE_NOTE_MIC_UNIT);
}

TEST(Vectors, V16PacketsThatAreNoSurvey) { EXPECT_EQ(ToDecimal(364 / *ParseRational("0.242"), 0), "1504"); }

}  // namespace
}  // namespace kansoku::aggregator
