// SPDX-License-Identifier: Apache-2.0
//
// The collector's own /metrics: how it fares, where no aggregator hears of it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "collector/doctor/finding.h"
#include "collector/export/exporter.h"
#include "collector/link_totals.h"
#include "kansoku/v1/ingest.pb.h"
#include "proto/exposition/disk_use.h"

namespace kansoku::collector {

// All that is told. A value.
struct OwnState {
  struct SurveyList {
    std::string name;
    std::string version;
    bool is_in_force = false;
  };
  v1::ProcessUse process;
  DiskUse spool;
  std::map<std::string, absl::Time>
      certificate_expiries;                // by what a certificate is shown at; of those there are
  std::map<std::string, LinkTotal> links;  // by point
  std::vector<Finding> findings;
  ExportStatus exported;
  std::vector<SurveyList> survey_lists;
};

// In Prometheus's text format: every row of CollectorMetrics(), and nothing else. Any thread.
std::string OwnMetricsText(const OwnState& state);

}  // namespace kansoku::collector
