// SPDX-License-Identifier: Apache-2.0
//
// Flow records over one connection. Each report that carried records is one row, whose value is the
// serialized v1::WindowReport without its measurement.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "aggregator/store/sqlite.h"
#include "aggregator/store/store.h"

namespace kansoku::aggregator {

absl::Status WriteFlowRecords(Database& database, int64_t point, const v1::WindowReport& report);

// Erases the oldest rows with an earlier start, a bounded number of octets at a time: commits wait meanwhile.
absl::Status EraseFlowRecords(Database& database, int64_t before_unix_seconds);

// Arguments and results as Store::ScanFlowRecords.
absl::Status ScanFlowRecords(Database& database, int64_t start_unix_seconds, int64_t end_unix_seconds,
                             std::span<const std::string> points, FlowRecordPlace first,
                             absl::FunctionRef<bool(FlowRecordPlace, const v1::WindowReport&)> visit);

}  // namespace kansoku::aggregator
