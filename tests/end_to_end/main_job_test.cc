// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

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
