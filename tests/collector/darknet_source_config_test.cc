// SPDX-License-Identifier: Apache-2.0
//
// What an operator can get wrong about telling sources apart.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <limits>
#include <string>

#include "absl/strings/str_cat.h"
#include "collector/config.h"
#include "collector/source_options.h"
#include "proto/contract/report_limits.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::collector {
namespace {

using ::testing::HasSubstr;

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

std::string Telescopes(int sensors) {
  std::string section = "telescopes:\n";
  for (int i = 0; i < sensors; ++i)
    absl::StrAppend(&section, "  - {sensor: s", i, ", prefix: 198.51.", i, ".0/24}\n");
  return section;
}

TEST(DarknetSourceConfig, IsOffUnlessAskedFor) {
  const auto loaded = Load("");
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  const auto options = ReadSourceOptions(loaded->config, 0);
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_FALSE(options->has_value());
}

TEST(DarknetSourceConfig, WantsAKeyAndBoundsWhatIsKept) {
  const auto loaded = Load("darknet_sources: {key_path: k}\n");
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->config.darknet_sources().entries(), 16384u);
  EXPECT_EQ(loaded->config.darknet_sources().max_reported(), 4096u);
  EXPECT_THAT(Complaint("darknet_sources: {entries: 64}\n"), HasSubstr("key_path"));
  EXPECT_THAT(Complaint("darknet_sources: {key_path: k, entries: 63}\n"), HasSubstr("64"));
  EXPECT_THAT(Complaint("darknet_sources: {key_path: k, max_reported: 65537}\n"), HasSubstr("65536"));
}

TEST(DarknetSourceConfig, TellsSourcesApartAtTenSensorsAtMost) {
  EXPECT_TRUE(Load(Telescopes(kMaxSensorsWithSources + 1)).ok());
  EXPECT_TRUE(Load("darknet_sources: {key_path: k}\n" + Telescopes(kMaxSensorsWithSources)).ok());
  EXPECT_THAT(
      Complaint("darknet_sources: {key_path: k}\n" + Telescopes(kMaxSensorsWithSources + 1)),
      HasSubstr("c.yaml:6: darknet_sources: the telescopes have 11 sensors; sources can be told apart "
                "at 10 at most"));
}

TEST(DarknetSourceConfig, ReadsTheKeyAtTheStart) {
  const testing::TempDir dir;
  const std::string path = dir.File("key");
  const auto loaded = Load(absl::StrCat("darknet_sources: {key_path: ", path, ", entries: 100}\n"));
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  const auto missing = ReadSourceOptions(loaded->config, 0);
  EXPECT_EQ(missing.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(missing.status().message()), HasSubstr("darknet_sources.key_path"));

  std::ofstream(path, std::ios::binary) << std::string(32, 'k');
  chmod(path.c_str(), 0600);
  const auto options = ReadSourceOptions(loaded->config, 0);
  ASSERT_TRUE(options.ok()) << options.status();
  ASSERT_TRUE(options->has_value());
  EXPECT_EQ((*options)->entries, 100u);
  SourceHashKey key;
  key.fill('k');
  EXPECT_EQ((*options)->hash.key_id(), SourceHash::FromKey(key)->key_id());
}

}  // namespace
}  // namespace kansoku::collector
