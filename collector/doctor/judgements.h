// SPDX-License-Identifier: Apache-2.0
//
// What a machine's facts mean for a measurement: one function for each check, in a file of its name, pure and
// for any thread. A check that has nothing to say says kOk and what it looked at.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "collector/doctor/finding.h"
#include "collector/doctor/machine_facts.h"
#include "kansoku/v1/config.pb.h"
#include "proto/exposition/disk_use.h"

namespace kansoku::collector {

// Whether the interface is there, and up.
Finding JudgePresence(const InterfaceFacts& facts);

// Whether packets are merged before the capture sees them, and nobody vouches for how many.
Finding JudgeMerging(const InterfaceFacts& facts, v1::CaptureMethod method);

// Whether something may forward packets past the capture. `flowtables`: an error where they could not be
// asked for.
Finding JudgeBypass(const InterfaceFacts& facts, const absl::StatusOr<std::vector<Flowtable>>& flowtables);

// Whether the tags of VLANs reach the capture.
Finding JudgeVlanTags(const InterfaceFacts& facts);

// Whether the card's own ring rides out the time until the kernel empties it, at full speed.
Finding JudgeCardRing(const InterfaceFacts& facts);

// The same of the capture's ring and the time until the collector does. `sides`: 1 where only received
// packets are captured, else 2.
Finding JudgeCaptureRing(const InterfaceFacts& facts, const v1::CaptureConfig& capture, int sides);

// Whether the link's workers keep up with its full speed.
Finding JudgeWorkers(const InterfaceFacts& facts, const v1::CaptureConfig& capture, int sides,
                     size_t processors);

// Whether the card spreads what it receives among processors.
Finding JudgeQueues(const InterfaceFacts& facts);

// Whether packets were dropped since the interface was made.
Finding JudgeDrops(const InterfaceFacts& facts);

// Whether enough is kept of each packet to read tunnels.
Finding JudgeSnapLength(const v1::CaptureConfig& capture);

// Of the machine: its clock, the right to capture, and room for the spool. `clock`: none where it could not
// be asked.
Finding JudgeClock(const std::optional<ClockFacts>& clock);
Finding JudgeRight(const absl::Status& tried);
Finding JudgeSpoolRoom(const v1::SpoolConfig& spool, const DiskUse& use);

}  // namespace kansoku::collector
