// SPDX-License-Identifier: Apache-2.0
//
// What all three programs have in common, and a capture on standard input.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "proto/contract/version.h"
#include "tests/testing/capture_writer.h"
#include "tests/testing/child_process.h"
#include "tests/testing/packet_builder.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::testing {
namespace {

using ::testing::HasSubstr;

class Program : public ::testing::TestWithParam<const char*> {};

TEST_P(Program, SaysItsVersion) {
  const Finished run = RunProgram({GetParam(), "--version"});
  EXPECT_EQ(run.exit_status, 0);
  EXPECT_THAT(run.out, HasSubstr(std::string(SoftwareVersion())));
}

TEST_P(Program, HelpNamesEveryCommonOption) {
  const Finished run = RunProgram({GetParam(), "--help"});
  EXPECT_EQ(run.exit_status, 0);
  for (const char* option : {"--config", "--check-config", "--version", "--help"})
    EXPECT_THAT(run.out, HasSubstr(option));
}

TEST_P(Program, CheckConfigRefusesAnUnknownKeyWithItsLine) {
  const TempDir dir;
  std::ofstream(dir.File("c.yaml")) << "# a comment\nno_such_key: 1\n";
  const Finished run = RunProgram({GetParam(), "--check-config", "--config", dir.File("c.yaml")});
  EXPECT_EQ(run.exit_status, 2);
  EXPECT_THAT(run.err, HasSubstr("c.yaml:2: no_such_key: unknown key"));
}

INSTANTIATE_TEST_SUITE_P(All, Program, ::testing::Values(KANSOKU_COLLECTOR, KANSOKU_AGGREGATOR, KANSOKU_CTL),
                         [](const auto& program) {
                           const std::string path = program.param;
                           std::string name = path.substr(path.rfind('/') + 1);
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(Measure, ReadsACaptureFromStandardInput) {
  const TempDir dir;
  CaptureWriter writer;
  writer.Add(1'000'000'000,
             PacketBuilder().Ethernet().Ipv6("2001:db8::1", "2001:db8::2").Udp(1, 2).Payload(72).Build());
  std::ofstream(dir.File("one.pcap"), std::ios::binary) << writer.bytes();
  const Finished run = RunProgram(
      {"sh", "-c", std::string(KANSOKU_COLLECTOR) + " measure --format json - < " + dir.File("one.pcap")});
  ASSERT_EQ(run.exit_status, 0) << run.err;
  const auto json = nlohmann::json::parse(run.out);
  EXPECT_EQ(json["frames"], 1);
  EXPECT_EQ(json["ip_outer_v6"], 1);
  EXPECT_EQ(json["ip_bytes_outer"], 120);
}

}  // namespace
}  // namespace kansoku::testing
