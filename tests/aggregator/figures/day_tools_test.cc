// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "aggregator/figures/day_sources.h"
#include "tests/aggregator/figures/source_literals.h"

namespace kansoku::aggregator {
namespace {

// "tool: sources, packets" of those that any uses.
std::vector<std::string> Tools(const DaySources& sources) {
  std::vector<std::string> said;
  const v1::SourcesDay day = Judged(sources);
  for (const v1::ToolDay& of : day.tools()) {
    if (of.sources() > 0) said.push_back(absl::StrCat(of.tool(), ": ", of.sources(), ", ", of.packets()));
  }
  return said;
}

TEST(DayTools, NameTheToolThatMostSynsShow) {
  const auto marked = [](uint64_t id, uint64_t syns, auto set) {
    v1::DarknetSource source = Probes(id, 23, 1, syns);
    set(source);
    return source;
  };
  DaySources sources(kPlenty);
  ASSERT_TRUE(sources
                  .Add(kDay, 10,
                       Of({marked(1, 10, [](auto& s) { s.mutable_marks()->set_zmap(9); }),
                           marked(2, 10, [](auto& s) { s.mutable_marks()->set_zmap(8); }),
                           marked(3, 2, [](auto& s) { s.mutable_marks()->set_masscan(2); }),
                           marked(4, 40,
                                  [](auto& s) {
                                    s.mutable_marks()->set_mirai(1);
                                    s.set_addresses(0b111);
                                  }),
                           marked(5, 40,
                                  [](auto& s) {
                                    s.mutable_marks()->set_mirai(1);
                                    s.set_addresses(0b11);
                                  }),
                           marked(6, 20,
                                  [](auto& s) {
                                    s.mutable_marks()->set_mirai(18);
                                    s.set_addresses(0b1);
                                  }),
                           marked(7, 20,
                                  [](auto& s) {
                                    s.mutable_marks()->set_mirai(17);
                                    s.set_addresses(0b1);
                                  })}))
                  .ok());
  EXPECT_THAT(Tools(sources), ::testing::ElementsAre("mirai: 2, 60", "zmap: 1, 10"));
}

// However few pairs have different numbers, and however many SYNs were the first of a worker or a window.
TEST(DayTools, NameTheToolThatMostComparedPairsShow) {
  const auto paired = [](uint64_t id, uint64_t nmap, uint64_t unicornscan, uint64_t pairs) {
    v1::DarknetSource source = Probes(id, 23, 1, 1'000);
    source.mutable_marks()->set_nmap(nmap);
    source.mutable_marks()->set_unicornscan(unicornscan);
    source.mutable_marks()->set_pairs(pairs);
    return source;
  };
  DaySources sources(kPlenty);
  ASSERT_TRUE(sources
                  .Add(kDay, 10,
                       Of({paired(1, 9, 0, 10), paired(2, 8, 0, 10), paired(3, 2, 0, 2), paired(4, 0, 3, 3),
                           paired(5, 0, 899, 999), paired(6, 1, 0, 1)}))
                  .ok());
  EXPECT_THAT(Tools(sources), ::testing::ElementsAre("nmap: 1, 1000", "unicornscan: 1, 1000"));
  // Of the whole day; what does not tell its pairs has no vote, neither for nor against.
  ASSERT_TRUE(
      sources
          .Add(kDay + 10, 10,
               Of({paired(2, 10, 0, 10), paired(3, 999, 0, 0), paired(4, 0, 0, 0), paired(6, 2, 0, 2)}))
          .ok());
  EXPECT_THAT(Tools(sources), ::testing::ElementsAre("nmap: 3, 5000", "unicornscan: 1, 2000"));
}

}  // namespace
}  // namespace kansoku::aggregator
