// SPDX-License-Identifier: Apache-2.0
//
// What an operator can get wrong about flow records in the configuration.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "collector/config.h"

namespace kansoku::collector {
namespace {

using ::testing::HasSubstr;

class FlowRecordConfig : public ::testing::Test {
 protected:
  absl::StatusOr<CheckedConfig> Load(const std::string& section) {
    return CompileConfig(
        "collector: c\nisp: i\naggregator: {address: \"127.0.0.1:1\"}\nspool: {path: s}\n"
        "links: [{point: p, interface: lo}]\n" +
            section,
        "c.yaml");
  }
  std::string Complaint(const std::string& section) {
    const auto loaded = Load(section);
    EXPECT_EQ(loaded.status().code(), absl::StatusCode::kInvalidArgument);
    return std::string(loaded.status().message());
  }
};

TEST_F(FlowRecordConfig, IsOffUnlessAskedFor) {
  for (const char* section :
       {"", "flow_records: {key_path: k}\n", "flow_records: {plain_addresses: true}\n"}) {
    const auto loaded = Load(section);
    ASSERT_TRUE(loaded.ok()) << loaded.status();
    EXPECT_FALSE(loaded->config.flow_records().enabled());
  }
}

TEST_F(FlowRecordConfig, WantsAKeyOrThePlainWord) {
  const auto with_key = Load("flow_records: {enabled: true, key_path: k}\n");
  ASSERT_TRUE(with_key.ok()) << with_key.status();
  EXPECT_EQ(with_key->config.flow_records().max_records(), 5000u);
  EXPECT_TRUE(Load("flow_records: {enabled: true, plain_addresses: true}\n").ok());
  EXPECT_THAT(Complaint("flow_records:\n  enabled: true\n"),
              HasSubstr("c.yaml:6: flow_records: records need a `key_path`"));
  EXPECT_THAT(Complaint("flow_records:\n  enabled: true\n  key_path: k\n  plain_addresses: true\n"),
              HasSubstr("c.yaml:9: flow_records.plain_addresses: with a `key_path` addresses are permuted"));
}

TEST_F(FlowRecordConfig, BoundsTheRecordsOfAReport) {
  EXPECT_THAT(Complaint("flow_records: {enabled: true, key_path: k, max_records: 20001}\n"),
              HasSubstr("20000"));
  EXPECT_THAT(Complaint("flow_records: {enabled: true, key_path: k, max_records: 0}\n"), HasSubstr("1"));
}

}  // namespace
}  // namespace kansoku::collector
