// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "tests/end_to_end/harness.h"
#include "tests/end_to_end/truth.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::testing {
namespace {

using aggregator::Aggregator;

class MainJob : public ::testing::Test {
 protected:
  void SetUp() override {
    auto started = Aggregator::Start(AggregatorConfigIn(dir_.path()));
    ASSERT_TRUE(started.ok()) << started.status();
    aggregator_ = *std::move(started);
    query_ = QueryStub(aggregator_->grpc_address());
  }

  TempDir dir_;
  std::unique_ptr<Aggregator> aggregator_;
  std::unique_ptr<v1::Query::Stub> query_;
};

TEST_F(MainJob, TrafficEqualsTheGeneratorsTruthToTheOctet) {
  const Generated traffic =
      Generate(dir_.path(), "isp",
               {"isp", "--seed", "1", "--packets", "300000", "--seconds", "120", "--start", "1730000100"});
  Collect(CollectorConfigFor(dir_.path(), "isp", traffic, aggregator_->grpc_address()));
  ExpectEqualsTruth(*query_, traffic.truth);
  ExpectFlowsEqualTruth(*query_, traffic.truth);
  ExpectIdentitiesHold(*query_);
}

// Subscribers behind every tunnel, IPv4 and IPv6 inside of both: classes by the inner header and its carrier,
// octets of the inner and of the outer header.
TEST_F(MainJob, TunnelsEqualTheGeneratorsTruthInsideAndOutside) {
  const Generated traffic = Generate(dir_.path(), "tunnels",
                                     {"tunnels", "--seed", "4", "--packets", "200000", "--seconds", "120",
                                      "--subscribers", "3000", "--start", "1730000100"});
  Collect(CollectorConfigFor(dir_.path(), "tunnels", traffic, aggregator_->grpc_address()));
  ExpectEqualsTruth(*query_, traffic.truth);
  ExpectFlowsEqualTruth(*query_, traffic.truth);
  ExpectIdentitiesHold(*query_);
  std::set<v1::Carrier> carriers;
  const v1::GetTrafficResponse rows = AllTraffic(*query_);
  for (const v1::TrafficRow& row : rows.rows()) {
    carriers.insert(row.cell().traffic_class().carrier());
    EXPECT_EQ(row.cell().inner_ip_octets(), row.cell().ip_octets());
  }
  EXPECT_EQ(carriers,
            (std::set<v1::Carrier>{v1::CARRIER_NATIVE, v1::CARRIER_PPPOE, v1::CARRIER_MPLS, v1::CARRIER_L2TP,
                                   v1::CARRIER_GTPU, v1::CARRIER_IPIP, v1::CARRIER_6IN4, v1::CARRIER_4IN6,
                                   v1::CARRIER_6IN6, v1::CARRIER_GRE, v1::CARRIER_VXLAN}));
}

// One packet in ten. The choice is random, so the bound is statistical: six standard errors are passed once in
// 500 million runs.
TEST_F(MainJob, SampledTrafficIsEstimatedWithinItsStandardError) {
  const Generated traffic =
      Generate(dir_.path(), "sampled",
               {"isp", "--seed", "5", "--packets", "300000", "--seconds", "120", "--start", "1730000100"});
  v1::CollectorConfig config =
      CollectorConfigFor(dir_.path(), "sampled", traffic, aggregator_->grpc_address());
  config.mutable_capture()->set_sampling_interval(10);
  Collect(config);
  ExpectIdentitiesHold(*query_);

  const v1::GetFiguresResponse figures = AllFigures(*query_);
  int compared = 0;
  for (const v1::Figure& figure : figures.figures()) {
    const std::map<std::string, std::string> labels(figure.labels().begin(), figure.labels().end());
    if (figure.id() != "traffic_volume" || labels.at("octets_basis") != "l3") continue;
    const uint64_t truth = IpOctets(traffic.truth, labels.at("access"), labels.at("direction"));
    const double error = std::stod(figure.standard_error());
    EXPECT_NEAR(std::stod(figure.value()), static_cast<double>(truth), 6 * error) << figure.DebugString();
    EXPECT_GT(error, 0);
    EXPECT_LT(error, 0.05 * static_cast<double>(truth));
    EXPECT_EQ(std::count(figure.flags().begin(), figure.flags().end(), v1::QUALITY_FLAG_SAMPLED), 1);
    ++compared;
  }
  EXPECT_EQ(compared, 4);  // fixed and mobile, download and upload

  const v1::GetTrafficResponse rows = AllTraffic(*query_);
  for (const v1::TrafficRow& row : rows.rows()) {
    EXPECT_EQ(row.cell().estimate().packets(), 10 * row.cell().packets());
    EXPECT_EQ(row.cell().estimate().ip_octets(), 10 * row.cell().ip_octets());
  }
}

TEST_F(MainJob, TelescopeEqualsTheGeneratorsTruthToThePacket) {
  const Generated traffic = Generate(
      dir_.path(), "telescope",
      {"telescope", "--seed", "2", "--packets", "200000", "--seconds", "120", "--start", "1730000100"});
  Collect(CollectorConfigFor(dir_.path(), "telescope", traffic, aggregator_->grpc_address()));
  ExpectEqualsTruth(*query_, traffic.truth);
  ExpectIdentitiesHold(*query_);
}

TEST_F(MainJob, AFlowTableOfOneEntryLeavesTheTotalsUnchanged) {
  const Generated traffic =
      Generate(dir_.path(), "isp",
               {"isp", "--seed", "3", "--packets", "100000", "--seconds", "60", "--start", "1730000100"});
  v1::CollectorConfig config = CollectorConfigFor(dir_.path(), "isp", traffic, aggregator_->grpc_address());
  config.mutable_flow_table()->set_entries(1);
  Collect(config);
  ExpectEqualsTruth(*query_, traffic.truth);
  ExpectIdentitiesHold(*query_);
}

}  // namespace
}  // namespace kansoku::testing
