// SPDX-License-Identifier: Apache-2.0
#include "collector/survey_list_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "collector/config.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::collector {
namespace {

using testing::TempDir;

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kNow = 1'784'000'000 * kSecond;  // 2026-07-14T03:33:20Z

IpAddress AddressOf(const std::string& text) {
  return ParsePrefix(text + (text.find(':') == std::string::npos ? "/32" : "/128")).value().address;
}

class SurveyListFile : public ::testing::Test {
 protected:
  void Write(const std::string& text) { std::ofstream(path_) << text; }
  std::vector<SurveyRange> RangesOf(const std::string& text) {
    Write(text);
    std::vector<SurveyRange> ranges;
    const absl::Status status = ReadSurveyListFile(path_, ranges);
    EXPECT_TRUE(status.ok()) << status;
    return ranges;
  }
  // The message without the folder.
  std::string ErrorOf(const std::string& text) {
    Write(text);
    std::vector<SurveyRange> ranges;
    const absl::Status status = ReadSurveyListFile(path_, ranges);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    const std::string message(status.message());
    return message.substr(std::min(message.find("l.csv"), message.size()));
  }
  v1::DarknetSourceConfig ConfigOf(const std::string& path) {
    v1::DarknetSourceConfig config;
    v1::SurveyListConfig& list = *config.add_survey_lists();
    list.set_name("surveys");
    list.set_version("2026-07");
    list.set_path(path);
    return config;
  }

  const TempDir dir_;
  const std::string path_ = dir_.File("l.csv");
};

TEST_F(SurveyListFile, GivesEveryRange) {
  const auto ranges = RangesOf("prefix,operator\r\n192.0.2.0/24,surveys\r\n\r\n# more\n2001:db8::/48,\n");
  ASSERT_EQ(ranges.size(), 2u);
  EXPECT_EQ(ToString(ranges[0].prefix), "192.0.2.0/24");
  EXPECT_EQ(ToString(ranges[1].prefix), "2001:db8::/48");
  EXPECT_EQ(ranges[1].until_unix_ns, std::numeric_limits<int64_t>::max());
  EXPECT_EQ(RangesOf("prefix\n192.0.2.0/24\n").size(), 1u);
  const auto single = RangesOf("prefix\n192.0.2.1\n2001:db8::1\n");
  ASSERT_EQ(single.size(), 2u);
  EXPECT_EQ(ToString(single[0].prefix), "192.0.2.1/32");
  EXPECT_EQ(ToString(single[1].prefix), "2001:db8::1/128");
  EXPECT_EQ(RangesOf("operator,list_version,prefix\nx,7,192.0.2.0/24\n").size(), 1u);
}

TEST_F(SurveyListFile, EndsARangeWithTheDayItWasLastSeenInJapan) {
  const auto ranges = RangesOf("prefix,last_seen\n192.0.2.0/24,2026-07-14\n198.51.100.0/24,\n");
  ASSERT_EQ(ranges.size(), 2u);
  EXPECT_EQ(ranges[0].until_unix_ns, 1'784'041'200 * kSecond);  // 2026-07-15T00:00:00+09:00
  EXPECT_EQ(ranges[1].until_unix_ns, std::numeric_limits<int64_t>::max());
}

TEST_F(SurveyListFile, IsRefusedWithFileLineAndWhatToDo) {
  EXPECT_EQ(ErrorOf(""), "l.csv: holds no range; a list has at least one");
  EXPECT_EQ(ErrorOf("prefix\n"), "l.csv: holds no range; a list has at least one");
  EXPECT_EQ(ErrorOf("operator\nx\n"),
            "l.csv:1: expected a header with the column prefix; known columns are prefix, operator, "
            "list_version, last_seen");
  EXPECT_EQ(ErrorOf("prefix,last-seen\n"),
            "l.csv:1: unknown column \"last-seen\" in the header; known columns are prefix, operator, "
            "list_version, last_seen");
  EXPECT_EQ(ErrorOf("192.0.2.0/24\n"),
            "l.csv:1: unknown column \"192.0.2.0/24\" in the header; known columns are prefix, operator, "
            "list_version, last_seen");
  EXPECT_EQ(ErrorOf("prefix,prefix\n"), "l.csv:1: the header has the column prefix twice; keep one");
  EXPECT_EQ(ErrorOf("prefix,operator\n192.0.2.0/24\n"), "l.csv:2: 1 columns; the header has 2");
  EXPECT_EQ(ErrorOf("prefix\n192.0.2.0/24\n192.0.2/24\n"),
            "l.csv:3: \"192.0.2/24\" is not an address range: expected an IPv4 address before the /, such as "
            "192.0.2.0");
  EXPECT_EQ(
      ErrorOf("prefix\n192.0.2.1/24\n"),
      "l.csv:2: \"192.0.2.1/24\" is not an address range: bits are set after its length; 192.0.2.0/24 was "
      "probably meant");
  EXPECT_EQ(ErrorOf("prefix,last_seen\n192.0.2.0/24,14.7.2026\n"),
            "l.csv:2: last_seen \"14.7.2026\": expected a date such as 2024-11-01");
}

TEST_F(SurveyListFile, MayBeAsNictPublishesIt) {
  const std::string path = dir_.File("nict.json");
  const auto read = [&](const std::string& text, std::vector<SurveyRange>& ranges) {
    std::ofstream(path) << text;
    const absl::Status status = ReadSurveyListFile(path, ranges);
    const std::string message(status.message());
    return message.substr(std::min(message.find("nict.json"), message.size()));
  };
  std::vector<SurveyRange> ranges;
  const std::string two = R"([{"ip":"192.0.2.1", "scanner":"Surveys", "last_seen":"2026-07-14"},)"
                          R"({"ip":"2001:db8::1", "scanner":"Others", "last_seen":"2026-03-31"}])";
  EXPECT_EQ(read(two, ranges), "");
  ASSERT_EQ(ranges.size(), 2u);
  EXPECT_EQ(ToString(ranges[0].prefix), "192.0.2.1/32");
  EXPECT_EQ(ranges[0].until_unix_ns, 1'784'041'200 * kSecond);
  EXPECT_EQ(ToString(ranges[1].prefix), "2001:db8::1/128");

  const std::string expected =
      "expected a list of objects with ip, scanner and last_seen, as NICT publishes it";
  EXPECT_EQ(read("{}", ranges), "nict.json: " + expected);
  EXPECT_EQ(read("[]", ranges), "nict.json: holds no range; a list has at least one");
  EXPECT_EQ(read("[7]", ranges), "nict.json: entry 1: " + expected);
  EXPECT_EQ(read(R"([{"ip":"192.0.2.1","last_seen":"2026-07-14"},{"ip":"192.0.2.1"}])", ranges),
            "nict.json: entry 2: " + expected);
  EXPECT_EQ(read(R"([{"ip":"192.0.2","last_seen":"2026-07-14"}])", ranges),
            "nict.json: entry 1: \"192.0.2/32\" is not an address range: expected an IPv4 address before the "
            "/, such as 192.0.2.0");
  EXPECT_EQ(read(R"([{"ip":"192.0.2.1","last_seen":"July"}])", ranges),
            "nict.json: entry 1: last_seen \"July\": expected a date such as 2024-11-01");
  EXPECT_EQ(read("[\n{\"ip\"", ranges).find("nict.json: is no JSON: "), 0u);
}

// The list of a quarter comes out when all on it were last seen: else it would be over before it begins.
TEST_F(SurveyListFile, KeepsWhoWasLastSeenForTheDaysConfigured) {
  Write("prefix,last_seen\n192.0.2.0/24,2026-07-12\n198.51.100.0/24,\n");
  v1::DarknetSourceConfig config = ConfigOf(path_);
  const int64_t day = 86'400 * kSecond, seen_until = 1'783'868'400 * kSecond;  // 2026-07-13T00:00:00+09:00
  for (const uint32_t days : {0u, 1u, 90u}) {
    config.mutable_survey_lists(0)->set_days_after_last_seen(days);
    const auto lists = ReadSurveyLists(config, kNow);
    ASSERT_TRUE(lists.ok()) << lists.status();
    EXPECT_EQ(lists->ListsOf(AddressOf("192.0.2.1"), seen_until + days * day - 1), 1u);
    EXPECT_EQ(lists->ListsOf(AddressOf("192.0.2.1"), seen_until + days * day), 0u);
    EXPECT_EQ(lists->ListsOf(AddressOf("198.51.100.1"), seen_until + 3660 * day), 1u);
  }
}

TEST_F(SurveyListFile, ThatIsMissingIsNamed) {
  const auto lists = ReadSurveyLists(ConfigOf(path_), kNow);
  EXPECT_EQ(lists.status().code(), absl::StatusCode::kNotFound);
  EXPECT_NE(lists.status().message().find("l.csv"), absl::string_view::npos) << lists.status();
}

TEST_F(SurveyListFile, IsRefusedOnceItHasExpired) {
  Write("prefix\n192.0.2.0/24\n");
  v1::DarknetSourceConfig config = ConfigOf(path_);
  config.mutable_survey_lists(0)->set_valid_from("2026-01-01T00:00:00Z");
  config.mutable_survey_lists(0)->set_valid_until("2026-07-14T03:33:20Z");
  EXPECT_EQ(
      ReadSurveyLists(config, kNow).status(),
      absl::FailedPreconditionError(absl::StrCat(
          path_,
          ": the list surveys 2026-07 expired at 2026-07-14T03:33:20+00:00; give a newer version, or take it "
          "out of darknet_sources.survey_lists")));
  const auto in_time = ReadSurveyLists(config, kNow - 1);
  ASSERT_TRUE(in_time.ok()) << in_time.status();
  EXPECT_EQ(in_time->ListsOf(AddressOf("192.0.2.1"), kNow - 1), 1u);
  EXPECT_EQ(in_time->ListsOf(AddressOf("192.0.2.1"), kNow), 0u);
  EXPECT_EQ(in_time->ListsOf(AddressOf("192.0.2.1"), 0), 0u);
  // The same where nobody on it was seen lately.
  Write("prefix,last_seen\n192.0.2.0/24,2026-07-12\n198.51.100.0/24,2026-07-13\n");
  config.mutable_survey_lists(0)->clear_valid_until();
  EXPECT_EQ(ReadSurveyLists(config, kNow).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(SurveyListFile, OfNoListIsFine) {
  const auto lists = ReadSurveyLists(v1::DarknetSourceConfig(), kNow);
  ASSERT_TRUE(lists.ok()) << lists.status();
  EXPECT_TRUE(lists->lists().empty());
}

TEST(ShippedSurveyLists, LoadWhole) {
  v1::DarknetSourceConfig config;
  const std::string folder = KANSOKU_SOURCE_DIR "/deploy/telescope/scanners/";
  for (const char* name : {"openfilters-internet-scanners", "misp-scanning-lists"}) {
    v1::SurveyListConfig& list = *config.add_survey_lists();
    list.set_name(name);
    list.set_version("shipped");
    list.set_path(absl::StrCat(folder, name, ".csv"));
  }
  const auto lists = ReadSurveyLists(config, kNow);
  ASSERT_TRUE(lists.ok()) << lists.status();
  EXPECT_EQ(lists->lists()[0].ranges, 22088u);
  EXPECT_EQ(lists->lists()[1].ranges, 3992u);
  EXPECT_EQ(lists->ListsOf(AddressOf("103.29.68.220"), kNow), 1u);
  EXPECT_EQ(lists->ListsOf(AddressOf("194.187.176.130"), kNow) & 2u, 2u);
  EXPECT_EQ(lists->ListsOf(AddressOf("192.0.2.1"), kNow), 0u);
}

// The part of a collector's configuration that names lists.
class SurveyListConfig : public ::testing::Test {
 protected:
  static std::string ErrorOf(const std::string& lists) {
    const auto checked = CompileConfig(
        absl::StrCat("collector: c\nisp: i\naggregator: {address: \"127.0.0.1:1\"}\nspool: {path: s}\n"
                     "links: [{point: p, interface: e}]\ndarknet_sources:\n  key_path: k\n  survey_lists:\n",
                     lists),
        "c.yaml");
    return std::string(checked.status().message());
  }
};

TEST_F(SurveyListConfig, IsAccepted) {
  EXPECT_EQ(ErrorOf("    - {name: a, version: '1', path: a.csv}\n"
                    "    - {name: b, version: '1', path: a.csv, valid_from: '2026-01-01T00:00:00Z', "
                    "valid_until: '2026-01-02T00:00:00Z'}\n"),
            "");
}

TEST_F(SurveyListConfig, NamesEachListOnce) {
  EXPECT_EQ(
      ErrorOf("    - {name: a, version: '1', path: a.csv}\n    - {name: a, version: '2', path: b.csv}\n"),
      "c.yaml:10: darknet_sources.survey_lists[1].name: \"a\" names two lists; each needs a name of its own");
}

TEST_F(SurveyListConfig, HasThirtyTwoListsAtMost) {
  std::string lists;
  for (int i = 0; i < 32; ++i) absl::StrAppend(&lists, "    - {name: l", i, ", version: '1', path: a.csv}\n");
  EXPECT_EQ(ErrorOf(lists), "");
  EXPECT_EQ(
      ErrorOf(lists + "    - {name: more, version: '1', path: a.csv}\n"),
      "c.yaml:41: darknet_sources.survey_lists[32]: a source is told by 32 lists at most; join some of them");
}

TEST_F(SurveyListConfig, EndsAfterItBegins) {
  EXPECT_EQ(ErrorOf("    - {name: a, version: '1', path: a.csv, valid_from: '2026-01-01T00:00:00Z', "
                    "valid_until: '2026-01-01T00:00:00Z'}\n"),
            "c.yaml:9: darknet_sources.survey_lists[0].valid_until: must be later than valid_from, "
            "2026-01-01T00:00:00Z");
  EXPECT_EQ(ErrorOf("    - {name: a, version: '1', path: a.csv, valid_from: yesterday}\n"),
            "c.yaml:9: darknet_sources.survey_lists[0].valid_from: \"yesterday\": expected a time such as "
            "2024-11-01T00:00:00Z");
}

}  // namespace
}  // namespace kansoku::collector
