// SPDX-License-Identifier: Apache-2.0
//
// The words by which a question names a series and a month. INVALID_ARGUMENT names the field. Pure; any
// thread.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "kansoku/v1/statistics.pb.h"
#include "proto/contract/month.h"

namespace kansoku::aggregator {

absl::StatusOr<Month> MonthNamed(const char* field, const std::string& text);

// That a question is about one series.
absl::Status CheckSeries(v1::Series series);

}  // namespace kansoku::aggregator
