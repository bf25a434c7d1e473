// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/month_inputs.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "aggregator/store/sqlite_store.h"
#include "proto/contract/estimate.h"
#include "proto/contract/measurement.h"
#include "tests/aggregator/figures/figure_literals.h"
#include "tests/aggregator/figures/month_literals.h"
#include "tests/aggregator/store/sample_report.h"
#include "tests/aggregator/store/store_folder.h"

namespace kansoku::aggregator {
namespace {

constexpr Month kNovember{2024, 11};
constexpr int64_t kStart = 1'730'386'800;  // of it in Japan: 2024-10-31T15:00:00Z
constexpr int64_t kEnd = kStart + 30 * 86'400;
const absl::Time kNow = absl::FromUnixSeconds(kEnd + 86'400);

v1::Measurement Holding(std::vector<v1::Cell> cells) {
  v1::Measurement measurement;
  for (v1::Cell& cell : cells) *measurement.add_cells() = std::move(cell);
  measurement.set_windows(1);
  measurement.set_covered_seconds(kSampleWindowSeconds);
  Canonicalize(measurement);
  return measurement;
}

v1::Cell Fixed(v1::Direction direction, uint64_t octets) {
  return SubscriberCell(v1::GROUP_A1, v1::ACCESS_FIXED, direction, octets, octets + 14);
}

class MonthInputs : public ::testing::Test {
 protected:
  MonthInputs() : store_(std::move(*SqliteStore::Open({.path = folder_.File()}))) {}

  void Welcome(const std::string& point, v1::Group group, const std::string& isp = "isp-a") {
    v1::Hello hello = SampleHello(point);
    hello.set_isp(isp);
    hello.mutable_points(0)->set_group(group);
    const auto welcomed = store_->Welcome(hello, kNow);
    ASSERT_TRUE(welcomed.ok()) << welcomed.status();
  }
  void Commit(v1::SequencedReport report, const std::string& point) {
    report.set_sequence(++sequences_[point]);
    const auto committed = store_->Commit(std::vector<CollectorBatch>{{point, 1, {std::move(report)}}}, kNow);
    ASSERT_TRUE(committed.ok()) << committed.status();
  }
  void Report(const std::string& point, int64_t start, v1::Measurement measurement) {
    v1::SequencedReport report = SampleReport(1, point, start);
    *report.mutable_report()->mutable_measurement() = std::move(measurement);
    Commit(std::move(report), point);
  }
  v1::MonthInputs Read(const v1::Statistics& statistics, v1::Series series = v1::SERIES_FIXED) {
    auto inputs = ReadMonthInputs(*store_, statistics, series, kNovember);
    EXPECT_TRUE(inputs.ok()) << inputs.status();
    return *std::move(inputs);
  }

  StoreFolder folder_;
  std::unique_ptr<Store> store_;
  std::map<std::string, uint64_t> sequences_;
};

TEST_F(MonthInputs, AreTheHoursOfTheMonthInJapan) {
  Welcome("a", v1::GROUP_A1);
  Report("a", kStart - 10, Holding({Fixed(v1::DIRECTION_DOWNLOAD, 1)}));
  Report("a", kStart, Holding({Fixed(v1::DIRECTION_DOWNLOAD, 100), Fixed(v1::DIRECTION_UPLOAD, 10)}));
  Report("a", kStart + 3'590, Holding({Fixed(v1::DIRECTION_DOWNLOAD, 200)}));
  Report("a", kEnd - 10, Holding({Fixed(v1::DIRECTION_UPLOAD, 70)}));
  Report("a", kEnd, Holding({Fixed(v1::DIRECTION_UPLOAD, 1)}));
  const v1::MonthInputs inputs = Read(OnePoint(v1::SERIES_FIXED));
  EXPECT_EQ(inputs.series(), v1::SERIES_FIXED);
  EXPECT_EQ(inputs.month(), "2024-11");
  EXPECT_EQ(inputs.octets_basis(), v1::OCTETS_BASIS_L3);
  ASSERT_EQ(inputs.points_size(), 1);
  const v1::PointMonth& point = inputs.points(0);
  EXPECT_EQ(point.point(), "a");
  EXPECT_EQ(point.isp(), "isp-a");
  EXPECT_EQ(point.group(), v1::GROUP_A1);
  EXPECT_EQ(point.window_seconds(), 10u);
  ASSERT_EQ(point.hours_size(), 2);
  EXPECT_EQ(point.hours(0).start_unix_seconds(), kStart);
  EXPECT_EQ(point.hours(0).windows(), 2u);
  EXPECT_EQ(point.hours(0).download_octets(), 300u);
  EXPECT_EQ(point.hours(0).upload_octets(), 10u);
  EXPECT_FALSE(point.hours(0).has_download_variance());
  EXPECT_EQ(point.hours(1).start_unix_seconds(), kEnd - 3'600);
  EXPECT_EQ(point.hours(1).upload_octets(), 70u);
  EXPECT_TRUE(inputs.earlier().empty());
}

TEST_F(MonthInputs, OfSubscribersAreOfTheSeriesAccessAndOfExchangeOfEvery) {
  Welcome("a", v1::GROUP_A1);
  Welcome("x", v1::GROUP_B1);
  v1::Statistics statistics = OnePoint(v1::SERIES_FIXED);
  AddPoint("x", v1::GROUP_B1, *statistics.mutable_register_()->mutable_contributors(0));
  AddPoint("a", v1::GROUP_A1, AddContributor(v1::SERIES_MOBILE, "isp-a", statistics));
  for (const auto& [point, group] : {std::pair("a", v1::GROUP_A1), {"x", v1::GROUP_B1}}) {
    const auto cell = [&](v1::Access access, v1::Direction direction, uint64_t octets) {
      return SubscriberCell(group, access, direction, octets, octets);
    };
    Report(point, kStart,
           Holding({cell(v1::ACCESS_FIXED, v1::DIRECTION_DOWNLOAD, 1),
                    cell(v1::ACCESS_MOBILE, v1::DIRECTION_DOWNLOAD, 20),
                    cell(v1::ACCESS_NONE, v1::DIRECTION_DOWNLOAD, 300),
                    cell(v1::ACCESS_FIXED, v1::DIRECTION_INTERNAL, 4'000),
                    cell(v1::ACCESS_FIXED, v1::DIRECTION_TRANSIT, 50'000)}));
  }
  const v1::MonthInputs fixed = Read(statistics);
  EXPECT_EQ(fixed.points(0).hours(0).download_octets(), 1u);
  EXPECT_EQ(fixed.points(1).hours(0).download_octets(), 321u);
  const v1::MonthInputs mobile = Read(statistics, v1::SERIES_MOBILE);
  ASSERT_EQ(mobile.points_size(), 1);
  EXPECT_EQ(mobile.points(0).hours(0).download_octets(), 20u);
}

TEST_F(MonthInputs, CountOctetsAsTheRegisterDoes) {
  Welcome("a", v1::GROUP_A1);
  Report("a", kStart, Holding({Fixed(v1::DIRECTION_DOWNLOAD, 100)}));
  v1::Statistics statistics = OnePoint(v1::SERIES_FIXED);
  const auto octets = [&](v1::OctetsBasis basis) {
    statistics.mutable_register_()->set_octets_basis(basis);
    return Read(statistics).points(0).hours(0).download_octets();
  };
  EXPECT_EQ(octets(v1::OCTETS_BASIS_L3), 100u);
  EXPECT_EQ(octets(v1::OCTETS_BASIS_L2), 114u);
  EXPECT_EQ(octets(v1::OCTETS_BASIS_L2_FCS), 118u);
}

TEST_F(MonthInputs, OfSamplesAreEstimatesWithTheirVariance) {
  Welcome("a", v1::GROUP_A1);
  v1::Cell cell = Fixed(v1::DIRECTION_DOWNLOAD, 100);
  v1::SampledEstimate& estimate = *cell.mutable_estimate();
  estimate.set_packets(40);
  estimate.set_ip_octets(4'000);
  estimate.set_wire_octets(4'560);
  estimate.mutable_packets_variance()->set_low(25);
  estimate.mutable_ip_octets_variance()->set_low(3'600'000);
  estimate.mutable_wire_octets_variance()->set_low(4'000'000);
  Report("a", kStart, Holding({cell}));
  cell.mutable_traffic_class()->set_direction(v1::DIRECTION_UPLOAD);
  estimate.mutable_ip_octets_variance()->set_low(900);
  Report("a", kStart + 3'600, Holding({cell}));
  v1::Statistics statistics = OnePoint(v1::SERIES_FIXED);
  const auto hour = [&](v1::OctetsBasis basis, int i = 0) {
    statistics.mutable_register_()->set_octets_basis(basis);
    return Read(statistics).points(0).hours(i);
  };
  EXPECT_EQ(hour(v1::OCTETS_BASIS_L3).download_octets(), 4'000u);
  EXPECT_EQ(hour(v1::OCTETS_BASIS_L3).download_variance().low(), 3'600'000u);
  EXPECT_FALSE(hour(v1::OCTETS_BASIS_L3).has_upload_variance());
  EXPECT_EQ(hour(v1::OCTETS_BASIS_L3, 1).upload_octets(), 4'000u);
  EXPECT_EQ(hour(v1::OCTETS_BASIS_L3, 1).upload_variance().low(), 900u);
  EXPECT_FALSE(hour(v1::OCTETS_BASIS_L3, 1).has_download_variance());
  EXPECT_EQ(hour(v1::OCTETS_BASIS_L2).download_variance().low(), 4'000'000u);
  EXPECT_EQ(hour(v1::OCTETS_BASIS_L2_FCS).download_octets(), 4'720u);
  EXPECT_EQ(hour(v1::OCTETS_BASIS_L2_FCS).download_variance().low(), 4'080'400u);  // (2000 + 4 x 5)^2
}

TEST_F(MonthInputs, SayWhatIsMissingAndWhy) {
  Welcome("a", v1::GROUP_A1);
  v1::Measurement wounded = Holding({Fixed(v1::DIRECTION_DOWNLOAD, 1)});
  wounded.add_flags(v1::QUALITY_FLAG_DROPS);
  Report("a", kStart, wounded);
  wounded.set_flags(0, v1::QUALITY_FLAG_PARTIAL);
  Report("a", kStart + 10, wounded);
  Report("a", kStart + 7'200, wounded);
  Commit(SampleTombstone(1, "a", kStart + 3'600), "a");
  Commit(SampleTombstone(1, "a", kEnd), "a");
  const v1::PointMonth point = Read(OnePoint(v1::SERIES_FIXED)).points(0);
  ASSERT_EQ(point.hours_size(), 2);
  EXPECT_EQ(point.hours(1).start_unix_seconds(), kStart + 7'200);
  ASSERT_EQ(point.flags_size(), 2);
  EXPECT_EQ(point.flags(0), v1::QUALITY_FLAG_PARTIAL);
  EXPECT_EQ(point.flags(1), v1::QUALITY_FLAG_DROPS);
  ASSERT_EQ(point.gaps_size(), 1);
  EXPECT_EQ(point.gaps(0).evicted_because(), v1::Tombstone::REASON_SPOOL_FULL);
  EXPECT_EQ(point.gaps(0).windows(), 1u);
}

TEST_F(MonthInputs, HaveEveryPointOfTheRegisterAndNoOther) {
  Welcome("a", v1::GROUP_A1);
  Welcome("introduced", v1::GROUP_A1);
  Welcome("stranger", v1::GROUP_A1);
  Report("stranger", kStart, Holding({Fixed(v1::DIRECTION_DOWNLOAD, 1)}));
  Report("a", kEnd + 3'600, Holding({Fixed(v1::DIRECTION_DOWNLOAD, 1)}));
  v1::Statistics statistics = OnePoint(v1::SERIES_FIXED);
  v1::Contributor& contributor = *statistics.mutable_register_()->mutable_contributors(0);
  AddPoint("unheard", v1::GROUP_A1, contributor);
  AddPoint("introduced", v1::GROUP_A1, contributor);
  AddPoint("gone", v1::GROUP_A1, contributor);
  contributor.mutable_points(3)->set_until("2024-11");
  const v1::MonthInputs inputs = Read(statistics);
  ASSERT_EQ(inputs.points_size(), 3);
  EXPECT_EQ(inputs.points(0).point(), "a");
  EXPECT_EQ(inputs.points(0).window_seconds(), 10u);
  EXPECT_EQ(inputs.points(1).point(), "introduced");
  EXPECT_EQ(inputs.points(1).window_seconds(), 0u);
  EXPECT_EQ(inputs.points(2).point(), "unheard");
  for (const v1::PointMonth& point : inputs.points()) EXPECT_TRUE(point.hours().empty());
}

TEST_F(MonthInputs, RefuseARegisterThatContradictsACollector) {
  Welcome("a", v1::GROUP_A2);
  const v1::Statistics statistics = OnePoint(v1::SERIES_FIXED);
  const auto read = [&] {
    return ReadMonthInputs(*store_, statistics, v1::SERIES_FIXED, kNovember).status();
  };
  EXPECT_EQ(read().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(
      read().message(),
      "point \"a\": the register of statistics has it as a1 of \"isp-a\", its collector as a2 of \"isp-a\"; "
      "correct the one that is wrong");
}

}  // namespace
}  // namespace kansoku::aggregator
