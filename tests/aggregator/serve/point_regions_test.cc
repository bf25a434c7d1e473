// SPDX-License-Identifier: Apache-2.0
//
// Where points are, as it is told at /metrics and to who lists them.
#include <gtest/gtest.h>

#include <string>

#include "aggregator/serve/metrics_collectable.h"
#include "aggregator/serve/points_query.h"
#include "tests/aggregator/serve/sample_use.h"
#include "tests/aggregator/serve/served_store.h"

namespace kansoku::aggregator {
namespace {

class PointRegions : public ::testing::Test {
 protected:
  void Welcome(const std::string& point, const std::string& region) {
    v1::Hello hello = SampleHello(point);
    hello.mutable_points(0)->set_region(region);
    ASSERT_TRUE(store_->Welcome(hello, kSampleNow).ok());
  }
  std::string Scrape() {
    const auto live = [] { return LiveStatus(); };
    const auto text = MetricsCollectable(*store_, no_ports_, live, SampleUse).Text();
    EXPECT_TRUE(text.ok()) << text.status();
    return text.value_or("");
  }

  ServedStore store_;
  const PortTable no_ports_;
};

TEST_F(PointRegions, AreToldAsTheirCollectorsSaidLast) {
  Welcome("tokyo", "kanto");
  Welcome("osaka", "kinki");
  Welcome("osaka", "kansai");
  Welcome("tokyo", "");
  const std::string text = Scrape();
  const std::string info = "kansoku_point_info{isp=\"isp-1\",";
  EXPECT_EQ(Value(text, info + R"(point="osaka",collector="osaka",group="a1",region="kansai"})"), "1");
  EXPECT_EQ(Value(text, info + R"(point="tokyo",collector="tokyo",group="a1",region=""})"), "1");
  EXPECT_EQ(text.find("kanto"), std::string::npos);
  EXPECT_EQ(text.find("kinki"), std::string::npos);
  const auto points = ReadPoints(*store_);
  ASSERT_TRUE(points.ok()) << points.status();
  ASSERT_EQ(points->points_size(), 2);
  EXPECT_EQ(points->points(0).region(), "kansai");
  EXPECT_EQ(points->points(1).region(), "");
}

}  // namespace
}  // namespace kansoku::aggregator
