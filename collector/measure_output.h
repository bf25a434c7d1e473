// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "collector/census.h"
#include "collector/five_tuples.h"
#include "kansoku/v1/report.pb.h"

namespace kansoku::collector {

// What measure knows of one file.
struct FileTotals {
  std::string file;
  Census census;
  v1::Measurement measurement;       // all windows, merged
  std::optional<FiveTuples> tuples;  // only where asked for
  absl::Status damage;               // OK, or how the file ends
  double seconds = 0;                // of wall time, reading included
};

// One JSON object on one line. Counts are numbers; keys are those of Census, then the ledger and the cells.
void WriteJson(const FileTotals& totals, std::ostream& out);

// A table for people.
void WriteTable(const FileTotals& totals, std::ostream& out);

}  // namespace kansoku::collector
