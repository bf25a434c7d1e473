// SPDX-License-Identifier: Apache-2.0
//
// Whether what a report says can be counted. Everything a collector reports is judged here, once, before the
// store sees it. What cannot be counted goes to quarantine, with a text that names sequence, point, window
// and field, and what was found in it. Violated accounting identities are no reason to refuse; the ledger is
// there to show them. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "aggregator/store/store.h"
#include "kansoku/v1/ingest.pb.h"

namespace kansoku::aggregator {

// How far a window may be from the aggregator's clock.
struct ClockTolerance {
  absl::Duration ahead = absl::Seconds(60);      // of its end; of its start, if it was cut short
  absl::Duration behind = absl::Hours(24 * 30);  // of its end; infinite: any time since 1971
  // How far the collector's own clock may be behind, unless any time will do: one in the wrong zone is hours
  // away. No message is under way for so long.
  absl::Duration slow = absl::Minutes(30);
};

// The points that a collector introduced, in seconds.
using WindowLengths = absl::flat_hash_map<std::string, uint32_t>;
WindowLengths WindowLengthsOf(const v1::Hello& hello);

// Why a report cannot be counted; nothing if it can. All but its distance from the clock.
std::optional<Refusal> JudgeContent(const v1::SequencedReport& report, const WindowLengths& points);

// The reports of a batch that go to quarantine, by sequence. `clock_offset` is how far the collector's clock
// is ahead (clock_offset.h), where that is known.
std::vector<Refusal> JudgeReports(const v1::Batch& batch, const WindowLengths& points,
                                  const ClockTolerance& tolerance, absl::Time now,
                                  std::optional<absl::Duration> clock_offset = std::nullopt);

}  // namespace kansoku::aggregator
