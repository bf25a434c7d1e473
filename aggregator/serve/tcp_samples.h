// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "aggregator/store/store.h"
#include "kansoku/v1/report.pb.h"
#include "proto/exposition/metric_families.h"

namespace kansoku::aggregator {

// Segments, retransmissions, resets and handshakes of one point, by access and direction.
void AddTcpSamples(const PointTotals& totals, MetricFamilies& families);

// Handshakes in seconds, with edges from 2^7 us (0.1 ms) to 2^24 us (17 s): edges of the histogram's own
// buckets, so that no count is a guess. A handshake lasts a whole number of microseconds and counts below the
// edge it is less than.
EdgeCounts HandshakeSeconds(const v1::Histogram& microseconds);

}  // namespace kansoku::aggregator
