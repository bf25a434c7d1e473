// SPDX-License-Identifier: Apache-2.0
//
// The answer to `kansokuctl ledger`. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "kansoku/v1/query.pb.h"

namespace kansoku::aggregator {

// Tables: where the reports went, where the packets went, what the interfaces counted and how packets were
// corrected (where there is any of it), and whether the identities hold.
std::string ToText(const v1::GetLedgerRequest& request, const v1::GetLedgerResponse& response);

// A row for each identity; the counters behind them are in the JSON.
std::string ToCsv(const v1::GetLedgerRequest& request, const v1::GetLedgerResponse& response);

// A line for each identity that does not hold.
std::vector<std::string> ViolatedIdentities(const v1::GetLedgerResponse& response);

}  // namespace kansoku::aggregator
