// SPDX-License-Identifier: Apache-2.0
//
// Parts of reports that enter no total and are forgotten early, over one connection. Each report that carried
// some is one row of the part's table, whose value is the serialized v1::WindowReport with nothing else in
// it; a window that was reported in two parts has two.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "aggregator/store/sqlite.h"
#include "aggregator/store/store.h"

namespace kansoku::aggregator {

enum class ReportPart { kFlowRecords, kDarknetSources };

absl::Status WriteReportPart(Database& database, ReportPart part, int64_t point,
                             const v1::WindowReport& report);

// Erases the oldest rows with an earlier start, a bounded number of octets at a time: commits wait meanwhile.
absl::Status EraseReportParts(Database& database, ReportPart part, int64_t before_unix_seconds);

// Arguments and results as Store::ScanFlowRecords.
absl::Status ScanReportParts(Database& database, ReportPart part, int64_t start_unix_seconds,
                             int64_t end_unix_seconds, std::span<const std::string> points,
                             FlowRecordPlace first,
                             absl::FunctionRef<bool(FlowRecordPlace, const v1::WindowReport&)> visit);

}  // namespace kansoku::aggregator
