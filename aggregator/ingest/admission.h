// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "aggregator/store/store.h"

namespace kansoku::aggregator {

// Whether a report in quarantine can be counted: it is judged again, by what this version knows and the
// points that its collector has by now, but not by the clock. FAILED_PRECONDITION: it cannot; the message
// says why. NOT_FOUND: no such report. Any thread.
absl::Status JudgeAdmission(const Store& store, uint64_t id);

}  // namespace kansoku::aggregator
