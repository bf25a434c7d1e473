// SPDX-License-Identifier: Apache-2.0
//
// What goes wrong in one round, and when: a function of the seed. How the processes are scheduled in between
// is the machine's, so a seed finds the same faults and the same traffic again, but not each interleaving.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace kansoku::testing {

enum class Fault {
  kKillCollector,  // kill -9; started again when it is over
  kStopCollector,  // SIGTERM; the same
  kFreezeCollector,
  kKillAggregator,
  kStopAggregator,
  kFreezeAggregator,
  kResetLink,
  kRefuseLink,
  kStallLink,
  kForgetLink,
  kDelayLink,
  kChopLink,
  kReplayLink,
  kFillSpoolDisk,
  kFillStoreDisk,
  kJumpClock,
  kDamageSpool,  // kill -9, and octets of the spool flipped before it starts again
  kRotateCertificates,
};

// Every kind, by what a reader would call it.
std::vector<Fault> AllFaults();
std::string NameOf(Fault fault);

struct FaultEvent {
  std::chrono::milliseconds begins{0};
  std::chrono::milliseconds lasts{0};
  Fault fault = Fault::kResetLink;
  size_t collector = 0;  // whose process or link it is
  uint64_t amount = 0;   // octets: of a piece, or left on a full disk; milliseconds: of the longest delay;
                         // seconds: how far the clock jumps, from kFarthestJumpSeconds back on
};

struct CollectorPlan {
  uint64_t traffic_seed = 0;
  uint64_t spool_bytes = 0;
  uint64_t batch_bytes = 0;
  uint64_t bytes_in_flight = 0;
  uint64_t queued_reports = 0;
  uint64_t reports_per_life = 0;
  uint64_t pace_microseconds = 0;
  bool waits_for_room = false;
};

struct FaultPlan {
  uint64_t seed = 0;
  uint64_t commit_interval_milliseconds = 0;
  bool kills_aggregator_at_end = false;  // SIGTERM otherwise; the store is read after
  std::vector<CollectorPlan> collectors;
  std::vector<FaultEvent> events;  // by their beginning
};

// A collector's clock is set forth or back by so much at most.
inline constexpr uint64_t kFarthestJumpSeconds = 90'000;

// What the machine lets a round do.
struct Abilities {
  bool disks_can_be_full = false;
  bool clocks_can_jump = false;
  bool spools_may_be_damaged = true;
  // A spool holds everything twice. Damage to both copies is more than it can always account for.
  bool spools_may_be_damaged_again = false;
  bool certificates_may_rotate = false;
};

bool MayStrike(Fault fault, const Abilities& abilities);

// Of as many seeds in a row as there are kinds, each plan has another kind among its faults.
FaultPlan PlanFaults(uint64_t seed, const Abilities& abilities);

std::string Describe(const FaultPlan& plan);

}  // namespace kansoku::testing
