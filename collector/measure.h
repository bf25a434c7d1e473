// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "collector/decode/decoder.h"

namespace kansoku::collector {

struct MeasureOptions {
  std::vector<std::string> files;
  std::string config_path;     // empty: no subscribers, no telescope; everything is transit
  std::optional<Layer> layer;  // whose IP header counts; absent: as the configuration's first link says
  std::string flows_path;      // empty: no list of five-tuples
  std::string ports_path;      // empty: no list of destination ports
  bool json = false;
  std::optional<uint32_t> flow_table_entries;  // absent: as the configuration says
};

// Meters capture files with the collector's own chain and prints their totals; nothing is sent or kept. One
// object a line (JSON), or a table. False: a file was damaged, or an identity does not hold (said on
// `complaints`). An error: a file or the configuration could not be read; files before it are printed.
absl::StatusOr<bool> Measure(const MeasureOptions& options, std::ostream& out, std::ostream& complaints);

}  // namespace kansoku::collector
