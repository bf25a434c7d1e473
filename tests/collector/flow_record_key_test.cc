// SPDX-License-Identifier: Apache-2.0
//
// What an operator can get wrong about flow records, in the configuration and in the key's file.
#include "collector/flow_record_key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "collector/config.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::collector {
namespace {

using ::testing::HasSubstr;

class FlowRecordKey : public ::testing::Test {
 protected:
  std::string Write(const std::string& name, const std::string& content, mode_t mode = 0600) {
    const std::string path = dir_.File(name);
    std::ofstream(path, std::ios::binary) << content;
    chmod(path.c_str(), mode);
    return path;
  }

  void ExpectRefused(const std::string& path, absl::StatusCode code, const std::string& text) {
    const auto key = ReadFlowRecordKey(path);
    EXPECT_EQ(key.status().code(), code);
    EXPECT_THAT(std::string(key.status().message()), HasSubstr(path));
    EXPECT_THAT(std::string(key.status().message()), HasSubstr(text));
  }

  kansoku::testing::TempDir dir_;
};

TEST_F(FlowRecordKey, IsReadAsItIs) {
  std::string octets;
  for (int i = 0; i < 32; ++i) octets.push_back(static_cast<char>(i * 9));
  for (const mode_t mode : {0600, 0400, 0640}) {
    const auto key = ReadFlowRecordKey(Write("key" + std::to_string(mode), octets, mode));
    ASSERT_TRUE(key.ok()) << key.status();
    EXPECT_EQ(std::string(key->begin(), key->end()), octets);
  }
}

TEST_F(FlowRecordKey, IsRefusedWhereItIsNoKey) {
  using absl::StatusCode;
  ExpectRefused(dir_.File("none"), StatusCode::kNotFound, "flow_records.key_path");
  ExpectRefused(dir_.path(), StatusCode::kInvalidArgument, "no regular file");
  ASSERT_EQ(mkfifo(dir_.File("pipe").c_str(), 0600), 0);
  ExpectRefused(dir_.File("pipe"), StatusCode::kInvalidArgument, "no regular file");
  ExpectRefused(Write("empty", ""), StatusCode::kInvalidArgument,
                "holds 0 octets, a key has 32; make one with");
  ExpectRefused(Write("short", std::string(31, 'k')), StatusCode::kInvalidArgument, "holds 31 octets");
  ExpectRefused(Write("hex", std::string(64, 'a') + "\n"), StatusCode::kInvalidArgument, "holds 65 octets");
}

TEST_F(FlowRecordKey, IsRefusedWhereOthersCanReadOrChangeIt) {
  for (const mode_t mode : {0644, 0604, 0602, 0620, 0601}) {
    ExpectRefused(Write("key" + std::to_string(mode), std::string(32, 'k'), mode),
                  absl::StatusCode::kPermissionDenied, "chmod 600");
  }
}

TEST_F(FlowRecordKey, IsInNoMessage) {
  const auto key = ReadFlowRecordKey(Write("long", std::string(40, 'S')));
  EXPECT_THAT(std::string(key.status().message()), ::testing::Not(HasSubstr("SSS")));
}

class FlowRecordConfig : public FlowRecordKey {
 protected:
  absl::StatusOr<CheckedConfig> Load(const std::string& section) {
    return LoadConfig(Write("c.yaml",
                            "collector: c\nisp: i\naggregator: {address: \"127.0.0.1:1\"}\nspool: {path: s}\n"
                            "links: [{point: p, interface: lo}]\n" +
                                section));
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
