// SPDX-License-Identifier: Apache-2.0
//
// What goes into a site, and what it consists of. Plain data.
#pragma once

#include <string>
#include <vector>

#include "aggregator/publish/history.h"
#include "aggregator/publish/licence.h"
#include "kansoku/v1/figure.pb.h"
#include "kansoku/v1/statistics.pb.h"

namespace kansoku::aggregator {

struct Publication {
  v1::Publisher publisher;
  Licence licence;
  std::vector<v1::Figure> figures;    // of months; of each series by month
  std::vector<v1::Figure> telescope;  // of days in Japan: of months, then of single days, each by time
  std::vector<HistoryFile> history;   // what others published, by name
};

struct SiteFile {
  std::string path;  // in the site: "data/figures.csv"
  std::string content;
};

}  // namespace kansoku::aggregator
