// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/port_categories.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace kansoku::aggregator {
namespace {

constexpr char kHeader[] = "protocol,port,category,also,valid_from,source\n";

std::string Refusal(const std::string& rows) {
  const auto parsed = PortCategories::Parse(rows, "p.csv");
  return parsed.ok() ? "" : std::string(parsed.status().message());
}

TEST(PortCategories, HoldFromTheirDateOn) {
  const auto parsed = PortCategories::Parse(
      absl::StrCat(kHeader,
                   "tcp,80,http,iot,2005-01-01,x\ntcp,80,iot,,2024-01-01,x\nudp,80,windows,,2005-01-01,x\n"),
      "p.csv");
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->Find(6, 80, "2023-12-31"), PortCategory::kHttp);
  EXPECT_EQ(parsed->Find(6, 80, "2024-01-01"), PortCategory::kIot);
  EXPECT_EQ(parsed->Find(6, 80, "2004-12-31"), std::nullopt);
  EXPECT_EQ(parsed->Find(17, 80, "2024-01-01"), PortCategory::kWindows);
  EXPECT_EQ(parsed->Find(6, 81, "2024-01-01"), std::nullopt);
}

TEST(PortCategories, SayWhereTheTableIsWrong) {
  EXPECT_EQ(Refusal("port\n"), "p.csv:1: the header must be protocol,port,category,also,valid_from,source");
  const auto row = [](const char* text) { return Refusal(absl::StrCat(kHeader, text, "\n")); };
  EXPECT_EQ(row("sctp,80,http,,2005-01-01,x"),
            "p.csv:2: \"sctp\" is no protocol with ports; tcp and udp are");
  EXPECT_EQ(row("tcp,0,http,,2005-01-01,x"), "p.csv:2: \"0\" is no port; 1 to 65535 are");
  EXPECT_EQ(row("tcp,65536,http,,2005-01-01,x"), "p.csv:2: \"65536\" is no port; 1 to 65535 are");
  EXPECT_EQ(row("tcp,80,web,,2005-01-01,x"), "p.csv:2: \"web\" is no category; iot, http and windows are");
  EXPECT_EQ(row("tcp,80,http,web,2005-01-01,x"),
            "p.csv:2: \"web\" is no category; iot, http and windows are");
  EXPECT_EQ(row("tcp,80,http,,2005-1-1,x"), "p.csv:2: \"2005-1-1\" is no date such as 2015-01-01");
  EXPECT_EQ(row("tcp,80,http,,2005-01-01,x\ntcp,80,iot,,2005-01-01,x"),
            "p.csv:3: this port and date have a row already");
}

}  // namespace
}  // namespace kansoku::aggregator
