// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <future>

#include "tests/end_to_end/harness.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::testing {
namespace {

using aggregator::Aggregator;

// The same capture through two collectors at once; the store afterwards.
std::string StoreAfter(const Generated& traffic, uint64_t batch_bytes, int restarts) {
  const TempDir dir;
  v1::AggregatorConfig config = AggregatorConfigIn(dir.path());
  auto aggregator = Aggregator::Start(config);
  EXPECT_TRUE(aggregator.ok()) << aggregator.status();
  if (!aggregator.ok()) return "";
  config.set_listen((*aggregator)->grpc_address());

  std::vector<std::future<v1::Delivery>> runs;
  for (const char* name : {"first", "second"}) {
    v1::CollectorConfig collector = CollectorConfigFor(dir.path(), name, traffic, config.listen());
    collector.mutable_aggregator()->set_max_batch_bytes(batch_bytes);
    collector.mutable_aggregator()->set_max_bytes_in_flight(std::max<uint64_t>(4 * batch_bytes, 1024));
    collector.mutable_aggregator()->set_max_backoff_seconds(1);
    runs.push_back(std::async(std::launch::async, Collect, collector));
  }
  for (int i = 1; i <= restarts; ++i) {
    // Stop after a part of the windows has arrived, wherever the streams happen to be.
    auto query = QueryStub(config.listen());
    uint64_t windows = 0;
    while (windows < static_cast<uint64_t>(60 * i)) {
      grpc::ClientContext context;
      v1::ListPointsResponse points;
      if (!query->ListPoints(&context, {}, &points).ok()) break;
      windows = 0;
      for (const v1::Point& point : points.points()) windows += point.windows();
    }
    EXPECT_LT(windows, 720u) << "everything had arrived: this was no restart in the middle";
    (*aggregator)->Stop();
    aggregator = Aggregator::Start(config);
    EXPECT_TRUE(aggregator.ok()) << aggregator.status();
    if (!aggregator.ok()) return "";
  }
  for (auto& run : runs) {
    const v1::Delivery delivery = run.get();
    EXPECT_EQ(delivery.reports_closed(), 360u);
    EXPECT_EQ(delivery.reports_acknowledged(), 360u);
  }
  ExpectIdentitiesHold(*QueryStub(config.listen()));
  (*aggregator)->Stop();
  return DumpStore(config.store_path());
}

TEST(ExactlyOnce, TheStoreIsTheSameAtAnyBatchSizeAndAcrossRestarts) {
  const TempDir dir;
  const Generated traffic =
      Generate(dir.path(), "hour",
               {"isp", "--seed", "7", "--packets", "200000", "--seconds", "3600", "--start", "1730000000"});
  const std::string expected = StoreAfter(traffic, 1 << 20, 0);
  ASSERT_FALSE(expected.empty());
  EXPECT_TRUE(StoreAfter(traffic, 1, 0) == expected) << "one report a batch";
  EXPECT_TRUE(StoreAfter(traffic, 10'000, 1) == expected) << "restarted once";
  EXPECT_TRUE(StoreAfter(traffic, 1, 3) == expected) << "restarted three times, one report a batch";
}

}  // namespace
}  // namespace kansoku::testing
