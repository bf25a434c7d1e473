// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "collector/census.h"
#include "collector/survey.h"
#include "kansoku/v1/report.pb.h"

namespace kansoku::collector {

// What measure knows of one file.
struct FileTotals {
  std::string file;
  FrameCensus frames;
  TimeCensus times;              // where they are put out
  std::optional<Survey> survey;  // only where an output needs it; JSON does
  v1::Measurement measurement;   // all windows, merged
  absl::Status damage;           // OK, or how the file ends
  double seconds = 0;            // of wall time, reading included

  double PacketsPerSecond() const { return seconds > 0 ? static_cast<double>(frames.frames) / seconds : 0; }
};

// One JSON object on one line. Counts are numbers; the censuses, then the ledger and the cells.
void WriteJson(const FileTotals& totals, std::ostream& out);

// A table for people.
void WriteTable(const FileTotals& totals, std::ostream& out);

}  // namespace kansoku::collector
