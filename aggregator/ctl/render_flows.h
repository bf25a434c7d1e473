// SPDX-License-Identifier: Apache-2.0
//
// The answer to `kansokuctl flows`: how the flows of each class were made. Pure; any thread.
#pragma once

#include <string>

#include "aggregator/ctl/question.h"

namespace kansoku::aggregator {

// Quantiles are middles of buckets: within 6.25 % of the exact ones. Shares are of what they can be of:
// retransmitted of the followed segments, reset of the new TCP flows; one-sided of all TCP flows that ended,
// of every class.
std::string ToText(const FlowsQuestion& question, const v1::GetTrafficResponse& response);

// The numbers behind them: quantiles in octets, milliseconds and microseconds, and counts instead of shares.
std::string ToCsv(const FlowsQuestion& question, const v1::GetTrafficResponse& response);

}  // namespace kansoku::aggregator
