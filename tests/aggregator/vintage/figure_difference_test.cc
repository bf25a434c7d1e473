// SPDX-License-Identifier: Apache-2.0
#include "aggregator/vintage/figure_difference.h"

#include <gtest/gtest.h>

namespace kansoku::aggregator {
namespace {

v1::Figure& Add(const std::string& id, const std::string& value, Figures& figures) {
  v1::Figure& figure = *figures.Add();
  figure.set_id(id);
  figure.set_value(value);
  figure.set_unit("Tbps");
  return figure;
}

std::vector<std::string> Texts(const Figures& before, const Figures& after) {
  std::vector<std::string> texts;
  for (const FigureDifference& difference : FigureDifferences(before, after)) {
    texts.push_back(difference.Text("became"));
  }
  return texts;
}

TEST(FigureDifference, SaysWhatIsPublishedOfEach) {
  Figures before, after;
  (*Add("b", "38.9", before).mutable_labels())["direction"] = "download";
  (*before[0].mutable_labels())["access"] = "fixed";
  after = before;
  EXPECT_EQ(Texts(before, after), std::vector<std::string>{});
  after[0].set_value("39.1");
  Add("c", "1", before);
  after.Add()->CopyFrom(before[1]);
  after[1].clear_value();
  after[1].set_withheld_because("contracts are missing");
  Add("d", "1", before);
  Add("a", "2", after);
  EXPECT_EQ(Texts(before, after),
            (std::vector<std::string>{
                "a: absent became 2 Tbps", "b access=fixed direction=download: 38.9 Tbps became 39.1 Tbps",
                "c: 1 Tbps became withheld (contracts are missing)", "d: 1 Tbps became absent"}));
}

TEST(FigureDifference, SeesEveryBit) {
  Figures before, after;
  Add("a", "1", before);
  after = before;
  after[0].add_notes(v1::FIGURE_NOTE_IMPUTED);
  EXPECT_EQ(Texts(before, after), std::vector<std::string>{"a: 1 Tbps became 1 Tbps, described otherwise"});
  after = before;
  after[0].set_exact("1000000000001");
  EXPECT_EQ(FigureDifferences(before, after).size(), 1u);
}

}  // namespace
}  // namespace kansoku::aggregator
