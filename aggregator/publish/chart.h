// SPDX-License-Identifier: Apache-2.0
//
// A chart and the table beneath it, which are the same data. Plain data.
#pragma once

#include <string>
#include <vector>

namespace kansoku::aggregator {

// How a value came to be known. Drawn apart, and said in words in the table.
enum class Mark { kSeen, kDerived, kRecalled, kMeasured };

struct ChartCell {
  std::string value;  // decimal; empty: none
  Mark mark = Mark::kSeen;
  std::string because;  // why there is none, where something should be
};

enum class Draw { kLine, kBars, kStack };

struct ChartSeries {
  std::string name;  // with its unit
  Draw draw = Draw::kLine;
  std::string colour;  // of site.css: "fixed" is --fixed; empty in a table that is not drawn
  bool on_right = false;
};

struct ChartRow {
  std::string period;            // 2024-11 or 2024
  std::vector<ChartCell> cells;  // of each series
  std::string remark;            // basis or vintage, source
};

struct Chart {
  std::string id;  // "traffic"
  std::string caption;
  std::string alt;                    // what it shows, for who cannot see it
  std::string left_axis, right_axis;  // what they are of; the right one may be missing
  std::vector<ChartSeries> series;
  std::vector<ChartRow> rows;  // by period
};

}  // namespace kansoku::aggregator
