// SPDX-License-Identifier: Apache-2.0
#include "collector/doctor/findings_output.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <vector>

namespace kansoku::collector {
namespace {

const std::vector<Finding> kFindings = {
    {.check = "clock", .verdict = Verdict::kOk, .found = "the clock is kept right"},
    {.check = "merging",
     .interface = "eth0",
     .verdict = Verdict::kDistorts,
     .found = "LRO is on",
     .meaning = "packets may be too few",
     .remedy = "ethtool -K eth0 lro off",
     .flag = v1::QUALITY_FLAG_MERGING_INTERFACE}};

TEST(FindingsOutput, SaysWhatToDoBelowWhatIsWrong) {
  std::ostringstream out;
  WriteFindings(kFindings, out);
  EXPECT_EQ(out.str(),
            "ok              -     clock        the clock is kept right\n"
            "distorts        eth0  merging      LRO is on\n"
            "                                   packets may be too few\n"
            "                                   -> ethtool -K eth0 lro off\n");
}

TEST(FindingsOutput, IsOneObjectForPrograms) {
  std::ostringstream out;
  WriteFindingsJson(kFindings, out);
  const auto json = nlohmann::json::parse(out.str());
  ASSERT_EQ(json["findings"].size(), 2u);
  EXPECT_EQ(json["findings"][0], nlohmann::json::parse(R"({"check": "clock", "interface": "", "verdict": "ok",
      "found": "the clock is kept right", "meaning": "", "remedy": "", "flag": ""})"));
  EXPECT_EQ(json["findings"][1]["interface"], "eth0");
  EXPECT_EQ(json["findings"][1]["verdict"], "distorts");
  EXPECT_EQ(json["findings"][1]["remedy"], "ethtool -K eth0 lro off");
  EXPECT_EQ(json["findings"][1]["flag"], "merging_interface");
}

TEST(FindingsOutput, IsOneLineInALog) {
  EXPECT_EQ(FindingText(kFindings[1]), "eth0: LRO is on; packets may be too few; ethtool -K eth0 lro off");
}

TEST(Findings, TheWorstCounts) {
  EXPECT_EQ(WorstOf({}), Verdict::kOk);
  EXPECT_EQ(WorstOf(kFindings), Verdict::kDistorts);
}

}  // namespace
}  // namespace kansoku::collector
