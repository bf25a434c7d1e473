// SPDX-License-Identifier: Apache-2.0
//
// What an exporter says of its changes of state, a line each.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "collector/export/spool.h"
#include "kansoku/v1/config.pb.h"

namespace kansoku::collector {

// The spool is full; or, if not, its oldest reports are too old.
std::string EvictionText(const v1::SpoolConfig& spool, bool is_full);

std::string RepairText(const v1::SpoolConfig& spool, const Spool::Repair& repair);

std::string NewEpochText(const v1::SpoolConfig& spool, uint64_t kept_reports, uint64_t undecided_reports);

std::string LossText(const v1::AggregatorAddress& aggregator, const absl::Status& reason, bool was_connected,
                     absl::Duration pause);

}  // namespace kansoku::collector
