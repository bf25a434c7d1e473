// SPDX-License-Identifier: Apache-2.0
//
// Captures through the chain of a telescope, from frames to reports.
#pragma once

#include <filesystem>
#include <string>

#include "collector/meter/link_meter.h"
#include "collector/meter/source_hash.h"

namespace kansoku::collector {

// Of a key that is no secret.
const SourceHash& KnownHash();

// Meters a capture and gives its windows to the sink. `telescopes`: entries of the configuration's list;
// `entries`: how many sources are told apart, and reported.
void MeterDark(const std::filesystem::path& path, const std::string& telescopes, uint32_t window_seconds,
               uint32_t entries, const LinkMeter::Sink& sink);

// The same by several workers, each packet by any of them as if the capture came by as many queues; what they
// report of a window is joined.
void MeterDarkShared(const std::filesystem::path& path, const std::string& telescopes,
                     uint32_t window_seconds, size_t workers, uint64_t seed, const LinkMeter::Sink& sink);

// The sum over all windows of a capture.
struct Observed {
  v1::DarknetTally tally;
  v1::DarknetSources sources;
};

// As if every address were dark. The accounts are kept.
Observed ObserveAllDark(const std::filesystem::path& path, uint32_t entries);

}  // namespace kansoku::collector
