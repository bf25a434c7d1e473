// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/prefix_secrecy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>

#include "aggregator/serve/figures_query.h"
#include "aggregator/serve/telescope_query.h"
#include "aggregator/serve/withheld_answers.h"
#include "aggregator/serve/withheld_telescope.h"
#include "tests/aggregator/serve/sample_telescope.h"
#include "tests/aggregator/serve/served_store.h"

namespace kansoku::aggregator {
namespace {

constexpr char kDay[] = "2024-11-01";
constexpr int64_t kHourEnd = kSampleStart + 3'600;
const absl::Time kLater = absl::FromUnixSeconds(kHourEnd) + absl::Hours(24);

template <typename Sensor>
void SayPrefix(Sensor& sensor) {
  v1::DarkPrefix& prefix = *sensor.add_prefixes();
  prefix.set_address(0xc0000200);
  prefix.set_length(24);
  prefix.set_address_seconds(sensor.address_seconds());
}

// A day, and a window of it, of three ISPs.
class PrefixSecrecy : public ::testing::Test {
 protected:
  PrefixSecrecy() {
    for (const std::string name : {"a", "b", "c"}) {
      store_.Welcome(name, v1::GROUP_A1, "isp-" + name);
      v1::Measurement measurement = SampleMeasurement(1, 0);
      for (v1::DarknetTally& tally : *measurement.mutable_darknet()) {
        tally.set_sensor("dark-" + name);
        SayPrefix(tally);
      }
      store_.Add(name, kSampleStart, measurement);
    }
    v1::TelescopeDay day = SampleDay(kDay, 80);
    SayPrefix(*day.mutable_sensors(0));
    EXPECT_TRUE(store_->AddTelescopeDay(day).ok());
  }

  // How many of the figures tell a prefix, and how many do not.
  static std::pair<int, int> Counted(const absl::StatusOr<v1::GetFiguresResponse>& answer) {
    EXPECT_TRUE(answer.ok()) << answer.status();
    if (!answer.ok()) return {-1, -1};
    const auto told =
        std::count_if(answer->figures().begin(), answer->figures().end(), [](const v1::Figure& figure) {
          EXPECT_EQ(figure.id() == "darknet_prefix_address_seconds", figure.labels().contains("prefix"));
          return figure.labels().contains("prefix");
        });
    return {static_cast<int>(told), answer->figures_size() - static_cast<int>(told)};
  }

  ServedStore store_;
  const PortCategories categories_ = SampleCategories();
};

TEST_F(PrefixSecrecy, OfARangeTheyAreToldToTheirOwner) {
  v1::GetFiguresRequest request;
  request.mutable_range()->set_start_unix_seconds(kSampleStart);
  request.mutable_range()->set_end_unix_seconds(kHourEnd);
  const auto [told, others] = Counted(ReadFigures(*store_, request));
  EXPECT_EQ(told, 3);
  for (const uint32_t fewest : {1u, 3u, 4u}) {
    EXPECT_EQ(Counted(ReadFigures(*store_, request, fewest, kLater)), std::pair(0, others)) << fewest;
  }
}

TEST_F(PrefixSecrecy, OfDaysTheyAreToldToTheirOwner) {
  v1::TelescopeSelection asked;
  asked.set_first_day(kDay);
  RememberedHours remembered;
  EXPECT_EQ(Counted(ReadTelescope(*store_, asked, &categories_)).first, 1);
  for (const bool as_public : {false, true}) {
    asked.set_as_public(as_public);
    for (const uint32_t fewest : {1u, 3u}) {
      const auto [told, others] = Counted(ReadTelescope(*store_, asked, &categories_, fewest, remembered));
      EXPECT_EQ(told, 0) << as_public << fewest;
      EXPECT_GT(others, 0);
    }
  }
  EXPECT_EQ(Counted(ReadTelescope(*store_, asked, &categories_)).first, 0)
      << "not even its owner publishes them";
  asked.set_as_public(false);
  asked.add_ids("darknet_prefix_address_seconds");
  EXPECT_EQ(Counted(ReadTelescope(*store_, asked, &categories_)), std::pair(1, 0));
  EXPECT_EQ(Counted(ReadTelescope(*store_, asked, &categories_, 1, remembered)), std::pair(0, 0));
}

TEST_F(PrefixSecrecy, OfAQuarantinedReportTheyAreLeftOut) {
  v1::QuarantinedReport report;
  LeaveOutPrefixes(report);
  EXPECT_FALSE(report.has_report()) << "of one that is not held any more nothing is made up";
  v1::Measurement& measurement = *report.mutable_report()->mutable_report()->mutable_measurement();
  measurement = SampleMeasurement(1, 2);
  const std::string without = report.SerializeAsString();
  SayPrefix(*measurement.mutable_darknet(0));
  LeaveOutPrefixes(report);
  EXPECT_EQ(report.SerializeAsString(), without);
}

}  // namespace
}  // namespace kansoku::aggregator
