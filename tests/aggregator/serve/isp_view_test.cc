// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/isp_view.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "tests/aggregator/serve/served_store.h"

namespace kansoku::aggregator {
namespace {

class IspViewTest : public ::testing::Test {
 protected:
  IspViewTest() {
    for (const auto& [point, isp] :
         {std::pair("kobe", "isp-1"), std::pair("osaka", "isp-2"), std::pair("tokyo", "isp-1")}) {
      store_.Welcome(point, v1::GROUP_A1, isp);
      v1::SequencedReport report = SampleReport(1, point, kSampleStart);
      AddSampleRecords(1, 2, *report.mutable_report());
      AddSampleSources(1, 2, *report.mutable_report());
      store_.Commit(point, {report});
    }
  }

  static std::set<std::string> Scanned(const StoreReader& store, const std::vector<std::string>& points) {
    std::set<std::string> visited;
    EXPECT_TRUE(store
                    .Scan(Tier::kEver, 0, 0, points,
                          [&](const Bucket& bucket) { visited.insert(std::string(bucket.point)); })
                    .ok());
    return visited;
  }
  static std::set<std::string> Recorded(const StoreReader& store, const std::vector<std::string>& points) {
    std::set<std::string> visited;
    const auto visit = [&](FlowRecordPlace, const v1::WindowReport& report) {
      visited.insert(report.point());
      return true;
    };
    EXPECT_TRUE(store.ScanFlowRecords(0, kSampleStart + 3'600, points, {}, visit).ok());
    return visited;
  }

  static std::set<std::string> ToldOfSources(const StoreReader& store,
                                             const std::vector<std::string>& points) {
    std::set<std::string> visited;
    const auto visit = [&](const v1::WindowReport& report) { visited.insert(report.point()); };
    EXPECT_TRUE(store.ScanDarknetSources(0, kSampleStart + 3'600, points, visit).ok());
    return visited;
  }

  // Each with its ISP's name before.
  static std::set<std::string> Days(const StoreReader& store, const std::string& isp) {
    std::set<std::string> days;
    const auto visit = [&](const v1::TelescopeDay& day) { days.insert(day.isp() + ":" + day.day()); };
    EXPECT_TRUE(store.ScanTelescopeDays(isp, "2024-11-01", "2024-11-30", visit).ok());
    return days;
  }

  using Names = std::set<std::string>;
  ServedStore store_;
  const IspView first_{*store_, "isp-1"}, second_{*store_, "isp-2"}, third_{*store_, "isp-3"};
};

TEST_F(IspViewTest, ListsWhatIsTheIsps) {
  ASSERT_EQ(first_.Points()->size(), 2u);
  EXPECT_EQ(first_.Points()->at(0).point, "kobe");
  EXPECT_EQ(first_.Points()->at(1).point, "tokyo");
  EXPECT_EQ(first_.Collectors()->size(), 2u);
  ASSERT_EQ(second_.Collectors()->size(), 1u);
  EXPECT_EQ(second_.Collectors()->at(0).collector, "osaka");
  ASSERT_EQ(second_.ReadTotals(true)->size(), 1u);
  EXPECT_EQ(second_.ReadTotals(true)->at(0).point.point, "osaka");
  EXPECT_TRUE(third_.Points()->empty());
  EXPECT_TRUE(third_.Collectors()->empty());
  EXPECT_TRUE(third_.ReadTotals(false)->empty());
}

TEST_F(IspViewTest, AllPointsAreTheIsps) {
  EXPECT_EQ(Scanned(*store_, {}), (Names{"kobe", "osaka", "tokyo"}));
  EXPECT_EQ(Scanned(first_, {}), (Names{"kobe", "tokyo"}));
  EXPECT_EQ(Scanned(second_, {}), Names{"osaka"});
  EXPECT_EQ(Recorded(first_, {}), (Names{"kobe", "tokyo"}));
  EXPECT_EQ(ToldOfSources(first_, {}), (Names{"kobe", "tokyo"}));
  EXPECT_EQ(Recorded(second_, {}), Names{"osaka"});
}

// To the store, no names would mean all.
TEST_F(IspViewTest, AnIspWithoutPointsSeesNone) {
  EXPECT_EQ(Scanned(third_, {}), Names{});
  EXPECT_EQ(Recorded(third_, {}), Names{});
  EXPECT_EQ(ToldOfSources(third_, {}), Names{});
}

TEST_F(IspViewTest, NamesOfOthersAreAsIfUnknown) {
  EXPECT_EQ(Scanned(first_, {"tokyo", "osaka"}), Names{"tokyo"});
  EXPECT_EQ(Recorded(first_, {"tokyo", "osaka"}), Names{"tokyo"});
  EXPECT_EQ(Scanned(first_, {"osaka"}), Names{});
  EXPECT_EQ(Recorded(first_, {"osaka"}), Names{});
  EXPECT_EQ(ToldOfSources(first_, {"tokyo", "osaka"}), Names{"tokyo"});
  EXPECT_EQ(ToldOfSources(first_, {"osaka"}), Names{});
}

TEST_F(IspViewTest, DaysOfTelescopesAreItsOwn) {
  for (const char* isp : {"", "isp-1", "isp-2"}) {
    v1::TelescopeDay day;
    day.set_day("2024-11-01");
    day.set_isp(isp);
    day.set_revision(1);
    ASSERT_TRUE((*store_).AddTelescopeDay(day).ok());
  }
  EXPECT_EQ(Days(*store_, ""), Names{":2024-11-01"});
  EXPECT_EQ(Days(first_, ""), Names{"isp-1:2024-11-01"});
  EXPECT_EQ(Days(first_, "isp-1"), Names{"isp-1:2024-11-01"});
  EXPECT_EQ(Days(first_, "isp-2"), Names{});
  EXPECT_EQ(Days(third_, ""), Names{});
  EXPECT_EQ(Days(IspView(*store_, ""), ""), Names{});
  EXPECT_EQ(*first_.DayChanges("2024-11-01"), 3u);
  const auto last = [](const StoreReader& store, const std::string& isp) {
    return store.LastTelescopeDay(isp, "2024-11-01", "2024-11-30")->day;
  };
  EXPECT_EQ(last(first_, ""), "2024-11-01");
  EXPECT_EQ(last(first_, "isp-2"), "");
  EXPECT_EQ(last(third_, ""), "");
  EXPECT_EQ(last(IspView(*store_, ""), ""), "");
  const auto kept = [](const StoreReader& store, const std::string& isp) {
    return store.KeptTelescopeDays(isp, "2024-11-01", "2024-11-30")->size();
  };
  EXPECT_EQ(kept(first_, ""), 1u);
  EXPECT_EQ(kept(first_, "isp-2"), 0u);
  EXPECT_EQ(kept(third_, ""), 0u);
  EXPECT_EQ(kept(IspView(*store_, ""), ""), 0u);
}

}  // namespace
}  // namespace kansoku::aggregator
