// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "aggregator/ingest/acknowledgement_times.h"
#include "aggregator/ingest/commit_queue.h"

namespace kansoku::aggregator {

// What the ingest service knows since the start of the process, for the exporter. A value.
struct IngestStatus {
  struct Collector {
    bool connected = false;                                     // its stream is open and welcomed
    uint64_t refused_reports = 0;                               // reports of batches that were refused
    std::optional<absl::Duration> clock_offset = std::nullopt;  // as by ClockOffset
    // Of what it showed last; none over plain text.
    std::optional<absl::Time> certificate_expiry = std::nullopt;
  };
  std::map<std::string, Collector> collectors;  // by name: every one that was ever welcomed
  uint64_t refused_hellos = 0;
  AcknowledgementTimes acknowledgements;
  CommitCounts commits;
};

}  // namespace kansoku::aggregator
