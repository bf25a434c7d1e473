// SPDX-License-Identifier: Apache-2.0
//
// The answer to `kansokuctl traffic`, with a column for each dimension that was asked for. Pure; any thread.
#pragma once

#include <string>

#include "aggregator/ctl/question.h"

namespace kansoku::aggregator {

// Volume and rate are on the basis asked for, and estimated with a standard error where packets were sampled.
// The rate is 8 x octets / seconds of the row, also where windows are missing: the windows' column says so.
// Columns that would say nothing are left out: errors where nothing was sampled, outer and inner octets where
// nothing was tunnelled.
std::string ToText(const TrafficQuestion& question, const v1::GetTrafficResponse& response);

// `packets` to `inner_ip_octets` are of the packets that were looked at; `octets` and the rate are estimates
// on the basis, where packets were sampled.
std::string ToCsv(const TrafficQuestion& question, const v1::GetTrafficResponse& response);

// What counts as the octets of a row.
uint64_t OctetsOf(const v1::Cell& cell, OctetsBasis basis);

}  // namespace kansoku::aggregator
