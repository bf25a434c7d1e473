// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "tests/nation/national_traffic.h"

namespace kansoku::nation {

// Which windows of a link its collector reports now; the others are missing, or come later.
using Reports = std::function<bool(const MeasuredLink& link, int64_t window_start_unix_seconds)>;

// One operator's collector sends all windows of its links that `reports` says, month by month, in the order
// of time, with an epoch of its own, until the last is acknowledged. The number of windows sent.
absl::StatusOr<uint64_t> Feed(const std::shared_ptr<grpc::Channel>& aggregator, const Operator& isp,
                              uint64_t epoch, uint64_t seed, const Reports& reports);

}  // namespace kansoku::nation
