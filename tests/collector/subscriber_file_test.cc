// SPDX-License-Identifier: Apache-2.0
#include "collector/subscriber_file.h"

#include <gtest/gtest.h>

#include <fstream>

#include "absl/strings/str_cat.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::collector {
namespace {

using testing::TempDir;

class SubscriberFile : public ::testing::Test {
 protected:
  absl::Status Read(const std::string& text) {
    std::ofstream(path_) << text;
    return ReadSubscriberFile(path_, ranges_);
  }
  // The message without the folder.
  std::string ErrorOf(const std::string& text) {
    const absl::Status status = Read(text);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    const std::string message(status.message());
    return message.substr(std::min(message.find("s.csv"), message.size()));
  }

  const TempDir dir_;
  const std::string path_ = dir_.File("s.csv");
  std::vector<SubscriberRange> ranges_;
};

TEST_F(SubscriberFile, GivesEveryRangeWithItsLine) {
  ASSERT_TRUE(
      Read("# ours\nprefix,access,technology\r\n192.0.2.0/25,fixed,ftth\n\n2001:db8::/48,mobile,\n").ok());
  ASSERT_EQ(ranges_.size(), 2u);
  EXPECT_EQ(ToString(ranges_[0].prefix), "192.0.2.0/25");
  EXPECT_EQ(ranges_[0].access, v1::ACCESS_FIXED);
  EXPECT_EQ(ranges_[0].technology, v1::TECHNOLOGY_FTTH);
  EXPECT_EQ(ranges_[0].line, 3);
  EXPECT_EQ(ToString(ranges_[1].prefix), "2001:db8::/48");
  EXPECT_EQ(ranges_[1].access, v1::ACCESS_MOBILE);
  EXPECT_EQ(ranges_[1].technology, v1::TECHNOLOGY_NONE);
  EXPECT_EQ(ranges_[1].line, 5);
}

TEST_F(SubscriberFile, IsRefusedWithFileAndLine) {
  EXPECT_EQ(ErrorOf(""), "s.csv: is empty; expected a header and ranges");
  EXPECT_EQ(ErrorOf("192.0.2.0/25,fixed,ftth\n"), "s.csv:1: expected the header prefix,access,technology");
  const std::string header = "prefix,access,technology\n";
  EXPECT_EQ(ErrorOf(header + "192.0.2.1/25,fixed,\n").substr(0, 8), "s.csv:2:");
  EXPECT_EQ(ErrorOf(header + "192.0.2.0/25,none,\n"), "s.csv:2: access: expected fixed or mobile");
  EXPECT_EQ(ErrorOf(header + "192.0.2.0/25\n"), "s.csv:2: expected three columns");
  EXPECT_EQ(ErrorOf(header + "192.0.2.0/25,fixed,copper\n"),
            "s.csv:2: technology: expected one of none, ftth, catv, dsl, fwa, lte, nr, bwa");
  EXPECT_EQ(ErrorOf(header + "192.0.2.0/25,fixed,ftth,x\n"), "s.csv:2: expected three columns");
}

TEST_F(SubscriberFile, ThatIsMissingIsNamed) {
  const absl::Status status = ReadSubscriberFile(path_, ranges_);
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_NE(status.message().find("s.csv"), absl::string_view::npos) << status;
}

TEST_F(SubscriberFile, RangesJoinThoseOfTheConfigurationAndMustNotContradictThem) {
  ASSERT_TRUE(Read("prefix,access,technology\n192.0.2.0/25,fixed,ftth\n").ok());
  const ConfigPlaces places("c.yaml");
  v1::CollectorConfig config;
  const auto plan = AddressPlan::Compile(config, places, ranges_);
  ASSERT_TRUE(plan.ok()) << plan.status();
  const AddressPlan::Use* use = (*plan)->Find(IpAddress::Ipv4(0xc0000201));
  ASSERT_NE(use, nullptr);
  EXPECT_EQ(use->access, v1::ACCESS_FIXED);
  EXPECT_EQ((*plan)->Find(IpAddress::Ipv4(0xc0000281)), nullptr);

  config.add_telescopes()->set_prefix("192.0.2.0/24");
  const auto refused = AddressPlan::Compile(config, places, ranges_);
  EXPECT_EQ(refused.status().message(),
            absl::StrCat(path_,
                         ":2: 192.0.2.0/25 lies inside telescopes[0].prefix (192.0.2.0/24); an address is "
                         "either dark or a subscriber's: take one out, or split the larger range"));
}

}  // namespace
}  // namespace kansoku::collector
