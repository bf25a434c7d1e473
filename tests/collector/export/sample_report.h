// SPDX-License-Identifier: Apache-2.0
//
// Reports for tests, each telling which one it is.
#pragma once

#include <string>

#include "kansoku/v1/ingest.pb.h"

namespace kansoku::collector {

// The n-th window of a point; n is its captured packets too.
inline v1::WindowReport SampleReport(uint64_t n, size_t point_octets = 4) {
  v1::WindowReport report;
  report.set_point(std::string(point_octets, 'p'));
  report.set_window_start_unix_seconds(static_cast<int64_t>(n) * 10);
  report.set_window_seconds(10);
  report.mutable_measurement()->mutable_ledger()->set_captured_packets(n);
  return report;
}

inline v1::SequencedReport SampleEntry(uint64_t n, size_t point_octets = 4) {
  v1::SequencedReport entry;
  *entry.mutable_report() = SampleReport(n, point_octets);
  return entry;
}

}  // namespace kansoku::collector
