// SPDX-License-Identifier: Apache-2.0
//
// The answer to `kansokuctl records`: a row for each flow and window. Pure; any thread.
#pragma once

#include <string>

#include "kansoku/v1/query.pb.h"

namespace kansoku::aggregator {

std::string ToText(const v1::ListFlowRecordsRequest& request, const v1::ListFlowRecordsResponse& response);
std::string ToCsv(const v1::ListFlowRecordsRequest& request, const v1::ListFlowRecordsResponse& response);

// The answer's JSON with addresses as people write them, where Protobuf's mapping has base64.
std::string WithAddressText(const std::string& json, const v1::ListFlowRecordsResponse& response);

}  // namespace kansoku::aggregator
