// SPDX-License-Identifier: Apache-2.0
//
// The answers to `kansokuctl quarantine`. Pure; any thread.
#pragma once

#include <string>

#include "aggregator/ctl/question.h"
#include "kansoku/v1/admin.pb.h"

namespace kansoku::aggregator {

std::string ToText(const v1::ListQuarantineRequest& request, const v1::ListQuarantineResponse& response);
std::string ToCsv(const v1::ListQuarantineRequest& request, const v1::ListQuarantineResponse& response);

// One report with all it says, as far as it is kept.
std::string ToText(const v1::GetQuarantinedRequest& request, const v1::QuarantinedReport& report);
std::string ToCsv(const v1::GetQuarantinedRequest& request, const v1::QuarantinedReport& report);

// What was decided.
std::string ToText(const DecideQuestion& question, const v1::ListQuarantineResponse& decided);
std::string ToCsv(const DecideQuestion& question, const v1::ListQuarantineResponse& decided);

}  // namespace kansoku::aggregator
