// SPDX-License-Identifier: Apache-2.0
//
// Reports for tests of the aggregator: valid, canonical, and different for each seed.
#pragma once

#include <cstdint>
#include <string>

#include "kansoku/v1/ingest.pb.h"
#include "kansoku/v1/report.pb.h"

namespace kansoku::aggregator {

// 2024-11-01T00:00:00Z, a whole hour.
inline constexpr int64_t kSampleStart = 1'730'419'200;
inline constexpr uint32_t kSampleWindowSeconds = 10;

// A window of `cells` classes (at most 120). Both capture identities hold. Darknet only if `darknet`.
v1::Measurement SampleMeasurement(uint64_t seed, int cells = 3, bool darknet = true);

v1::SequencedReport SampleReport(uint64_t sequence, const std::string& point, int64_t window_start,
                                 int cells = 3);
// Gives a report flow records, both families in turn; different for each seed.
void AddSampleRecords(uint64_t seed, int count, v1::WindowReport& report);

// Gives a report a sketch of its dark packets' sources, and tells of `count` of them; different for each
// seed, with one key for the even seeds and one for the odd. What they sent is what its tally then has.
void AddSampleSources(uint64_t seed, int count, v1::WindowReport& report);
// Gives its first cell of dark packets so many.
void SetDarkPackets(uint64_t packets, v1::Measurement& measurement);

v1::SequencedReport SampleTombstone(uint64_t sequence, const std::string& point, int64_t window_start);

// A collector with one point of its own name.
v1::Hello SampleHello(const std::string& collector, uint64_t epoch = 1, uint64_t first_sequence = 1);

}  // namespace kansoku::aggregator
