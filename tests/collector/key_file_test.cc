// SPDX-License-Identifier: Apache-2.0
#include "collector/key_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <string>

#include "tests/testing/temp_dir.h"

namespace kansoku::collector {
namespace {

using ::testing::HasSubstr;

class KeyFile : public ::testing::Test {
 protected:
  std::string Write(const std::string& name, const std::string& content, mode_t mode = 0600) {
    const std::string path = dir_.File(name);
    std::ofstream(path, std::ios::binary) << content;
    chmod(path.c_str(), mode);
    return path;
  }

  void ExpectRefused(const std::string& path, absl::StatusCode code, const std::string& text) {
    const auto key = ReadKeyFile(path, kFlowRecordKey);
    EXPECT_EQ(key.status().code(), code);
    EXPECT_THAT(std::string(key.status().message()), HasSubstr(path));
    EXPECT_THAT(std::string(key.status().message()), HasSubstr(text));
  }

  kansoku::testing::TempDir dir_;
};

TEST_F(KeyFile, IsReadAsItIs) {
  std::string octets;
  for (int i = 0; i < 32; ++i) octets.push_back(static_cast<char>(i * 9));
  for (const mode_t mode : {0600, 0400, 0640}) {
    const auto key = ReadKeyFile(Write("key" + std::to_string(mode), octets, mode), kFlowRecordKey);
    ASSERT_TRUE(key.ok()) << key.status();
    EXPECT_EQ(std::string(key->begin(), key->end()), octets);
  }
}

TEST_F(KeyFile, IsRefusedWhereItIsNoKey) {
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

TEST_F(KeyFile, IsRefusedWhereOthersCanReadOrChangeIt) {
  for (const mode_t mode : {0644, 0604, 0602, 0620, 0601}) {
    ExpectRefused(Write("key" + std::to_string(mode), std::string(32, 'k'), mode),
                  absl::StatusCode::kPermissionDenied, "chmod 600");
  }
}

TEST_F(KeyFile, IsNamedByWhatItIsFor) {
  const auto records = ReadKeyFile(dir_.File("none"), kFlowRecordKey);
  EXPECT_THAT(std::string(records.status().message()),
              HasSubstr("none: the key of flow records; see flow_records.key_path"));
  const auto sources = ReadKeyFile(dir_.File("none"), kDarknetSourceKey);
  EXPECT_THAT(std::string(sources.status().message()),
              HasSubstr("none: the key of darknet sources; see darknet_sources.key_path"));
  const auto open = ReadKeyFile(Write("open", std::string(32, 'k'), 0644), kDarknetSourceKey);
  EXPECT_THAT(std::string(open.status().message()),
              HasSubstr("who has it can find out whose addresses were hashed; chmod 600"));
}

TEST_F(KeyFile, IsInNoMessage) {
  const auto key = ReadKeyFile(Write("long", std::string(40, 'S')), kFlowRecordKey);
  EXPECT_THAT(std::string(key.status().message()), ::testing::Not(HasSubstr("SSS")));
}

}  // namespace
}  // namespace kansoku::collector
