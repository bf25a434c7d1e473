// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/year_samples.h"

#include <gtest/gtest.h>
#include <prometheus/text_serializer.h>

#include <map>
#include <memory>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "aggregator/store/sqlite.h"
#include "aggregator/store/sqlite_store.h"
#include "proto/contract/day.h"
#include "tests/aggregator/serve/sample_telescope.h"
#include "tests/aggregator/store/store_folder.h"

namespace kansoku::aggregator {
namespace {

const absl::CivilDay kNewest(2024, 11, 1);
using Series = std::map<std::string, std::string>;

class YearSamplesTest : public testing::Test {
 protected:
  void Keep(const v1::TelescopeDay& day) { ASSERT_EQ(store_->AddTelescopeDay(day), absl::OkStatus()); }

  void KeepWholeYear(int64_t year, uint64_t packets_a_day) {
    for (absl::CivilDay day(year, 1, 1); day.year() == year; ++day) {
      Keep(SampleDay(DayText(day), packets_a_day));
    }
  }

  void Damage(const std::string& which) {
    auto database = Database::Open(folder_.File(), SQLITE_OPEN_READWRITE);
    const std::string damage = "UPDATE telescope_day SET record = x'00' WHERE " + which;
    ASSERT_EQ(database->Execute(damage.c_str()), absl::OkStatus());
  }

  // Every series of the last look without the part of its name that all have, and its value.
  Series Shown() const {
    MetricFamilies families(AggregatorMetrics());
    samples_.AddTo(families);
    std::istringstream lines(prometheus::TextSerializer().Serialize(std::move(families).Take()));
    const std::string head = "kansoku_darknet_year_";
    Series shown;
    for (std::string line; std::getline(lines, line);) {
      if (!line.starts_with(head)) continue;
      const size_t space = line.rfind(' ');
      shown[line.substr(head.size(), space - head.size())] = line.substr(space + 1);
    }
    return shown;
  }

  std::string Packets(int64_t year) const {
    const Series shown = Shown();
    const auto found = shown.find(absl::StrCat("packets{year=\"", year, "\",family=\"ipv4\"}"));
    return found == shown.end() ? "absent" : found->second;
  }

  StoreFolder folder_;
  std::unique_ptr<Store> store_ = *SqliteStore::Open({.path = folder_.File()});
  YearSamples samples_{*store_};
};

TEST_F(YearSamplesTest, AreTheFiguresOfEachYear) {
  Keep(SampleDay("2023-12-31", 2'560));
  Keep(SampleDay("2024-01-01", 2'560));
  Keep(SampleDay("2024-10-31", 5'120));
  Keep(SampleDay("2024-11-02", 1));            // is not over
  Keep(SampleDay("2024-10-30", 1, 1, "isp"));  // not of everyone
  ASSERT_EQ(samples_.Look(kNewest), absl::OkStatus());
  // Per address 10 and 20 a day, scaled to the days of the year.
  EXPECT_EQ(Shown(), (Series{{R"(packets{year="2023",family="ipv4"})", "2560"},
                             {R"(packets{year="2024",family="ipv4"})", "7680"},
                             {R"(addresses{year="2023"})", "256"},
                             {R"(addresses{year="2024"})", "256"},
                             {R"(packets_per_address{year="2023",method="daily"})", "3650"},
                             {R"(packets_per_address{year="2023",method="mean"})", "3650"},
                             {R"(packets_per_address{year="2023",method="lastday"})", "3650"},
                             {R"(packets_per_address{year="2024",method="daily"})", "5490"},
                             {R"(packets_per_address{year="2024",method="mean"})", "5490"},
                             {R"(packets_per_address{year="2024",method="lastday"})", "5490"},
                             {R"(packet_interval_seconds{year="2023",method="daily"})", "8640"},
                             {R"(packet_interval_seconds{year="2023",method="mean"})", "8640"},
                             {R"(packet_interval_seconds{year="2023",method="lastday"})", "8640"},
                             {R"(packet_interval_seconds{year="2024",method="daily"})", "5760"},
                             {R"(packet_interval_seconds{year="2024",method="mean"})", "5760"},
                             {R"(packet_interval_seconds{year="2024",method="lastday"})", "5760"},
                             {R"(complete_ratio{year="2023"})", "0.00273972602739726"},
                             {R"(complete_ratio{year="2024"})", "0.00546448087431694"}}));
}

TEST_F(YearSamplesTest, OfSampledPacketsSayOnlyHowManyDaysAreKnown) {
  v1::TelescopeDay day = SampleDay("2023-12-31", 2'560);
  day.add_flags(v1::QUALITY_FLAG_SAMPLED);
  Keep(day);
  ASSERT_EQ(samples_.Look(kNewest), absl::OkStatus());
  EXPECT_EQ(Shown(), (Series{{R"(complete_ratio{year="2023"})", "0.00273972602739726"}}));
}

TEST_F(YearSamplesTest, AreOfTheLastTwenty) {
  Keep(SampleDay("2004-12-31", 8));
  Keep(SampleDay("2005-01-01", 16));
  ASSERT_EQ(samples_.Look(kNewest), absl::OkStatus());
  EXPECT_EQ(Packets(2004), "absent");
  EXPECT_EQ(Packets(2005), "16");
  Keep(SampleDay("2025-01-01", 24));
  ASSERT_EQ(samples_.Look(absl::CivilDay(2025, 1, 1)), absl::OkStatus());
  EXPECT_EQ(Packets(2005), "absent");
  EXPECT_EQ(Packets(2025), "24");
}

// A year is 12 looks of 31 days, and the latest comes first.
TEST_F(YearSamplesTest, ReadAMonthOfDaysALookAndShowWholeYearsAlone) {
  KeepWholeYear(2015, 256);
  KeepWholeYear(2023, 512);
  const auto look = [&](int times) {
    for (int i = 0; i < times; ++i) ASSERT_EQ(samples_.Look(kNewest), absl::OkStatus());
  };
  look(11);
  EXPECT_EQ(Shown(), Series{});
  look(1);
  EXPECT_EQ(Packets(2023), "186880");
  EXPECT_EQ(Packets(2015), "absent");
  EXPECT_EQ(Shown().count(R"(base_ratio{year="2023"})"), 0u);
  look(11);
  EXPECT_EQ(Packets(2015), "absent");
  look(1);
  Series shown = Shown();
  EXPECT_EQ(shown[R"(packets{year="2015",family="ipv4"})"], "93440");
  EXPECT_EQ(shown[R"(complete_ratio{year="2015"})"], "1");
  EXPECT_EQ(shown[R"(base_ratio{year="2015"})"], "1");
  EXPECT_EQ(shown[R"(base_ratio{year="2023"})"], "2");
}

TEST_F(YearSamplesTest, ReadADayAgainWhereThereIsANewRevisionAlone) {
  Keep(SampleDay("2024-10-30", 16));
  Keep(SampleDay("2024-10-31", 24));
  ASSERT_EQ(samples_.Look(kNewest), absl::OkStatus());
  EXPECT_EQ(Packets(2024), "40");
  Damage("day = '2024-10-31'");
  Keep(SampleDay("2024-10-30", 32, 2));
  ASSERT_EQ(samples_.Look(kNewest), absl::OkStatus());
  EXPECT_EQ(Packets(2024), "56");
}

TEST_F(YearSamplesTest, CostNoOtherYearWhereADayIsDamaged) {
  Keep(SampleDay("2023-10-30", 16));
  Keep(SampleDay("2024-10-30", 24));
  Keep(SampleDay("2024-10-31", 32));
  Damage("day = '2024-10-31'");
  EXPECT_TRUE(absl::IsDataLoss(samples_.Look(kNewest)));
  EXPECT_EQ(Packets(2023), "16");
  EXPECT_EQ(Packets(2024), "absent");
  EXPECT_TRUE(absl::IsDataLoss(samples_.Look(kNewest))) << "it is tried again";
  Keep(SampleDay("2024-10-31", 40, 2));
  EXPECT_EQ(samples_.Look(kNewest), absl::OkStatus());
  EXPECT_EQ(Packets(2024), "64");
}

}  // namespace
}  // namespace kansoku::aggregator
