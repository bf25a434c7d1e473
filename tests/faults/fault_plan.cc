// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/fault_plan.h"

#include <algorithm>
#include <array>
#include <random>

#include "absl/strings/str_cat.h"

namespace kansoku::testing {
namespace {

constexpr uint64_t kFaultPhaseMilliseconds = 400;

struct FaultKind {
  Fault fault;
  absl::string_view name;
  uint64_t weight;
  uint64_t longest_milliseconds;
  uint64_t largest_amount;
  bool Abilities::* needs = nullptr;
};

constexpr std::array kKinds = {
    FaultKind{Fault::kKillCollector, "kill -9 collector", 4, 60, 0},
    FaultKind{Fault::kStopCollector, "SIGTERM collector", 2, 60, 0},
    FaultKind{Fault::kFreezeCollector, "freeze collector", 1, 200, 0},
    FaultKind{Fault::kKillAggregator, "kill -9 aggregator", 4, 60, 0},
    FaultKind{Fault::kStopAggregator, "SIGTERM aggregator", 2, 60, 0},
    FaultKind{Fault::kFreezeAggregator, "freeze aggregator", 1, 200, 0},
    FaultKind{Fault::kResetLink, "reset link", 4, 0, 0},
    FaultKind{Fault::kRefuseLink, "refuse link", 1, 150, 0},
    FaultKind{Fault::kStallLink, "stall link", 1, 200, 0},
    FaultKind{Fault::kForgetLink, "forget link", 1, 0, 0},
    FaultKind{Fault::kDelayLink, "delay link", 3, 300, 40},
    FaultKind{Fault::kChopLink, "chop link", 3, 300, 2'000},
    FaultKind{Fault::kReplayLink, "replay link", 4, 0, 0},
    FaultKind{Fault::kFillSpoolDisk, "fill spool's disk", 2, 150, 65'536, &Abilities::disks_can_be_full},
    FaultKind{Fault::kFillStoreDisk, "fill store's disk", 2, 150, 65'536, &Abilities::disks_can_be_full},
    FaultKind{Fault::kJumpClock, "jump collector's clock", 3, 300, 2 * kFarthestJumpSeconds,
              &Abilities::clocks_can_jump},
    FaultKind{Fault::kDamageSpool, "damage spool", 6, 60, UINT32_MAX, &Abilities::spools_may_be_damaged},
    FaultKind{Fault::kRotateCertificates, "rotate certificates", 6, 0, 0,
              &Abilities::certificates_may_rotate},
};

// std::uniform_int_distribution differs between libraries; a seed shall not.
class Dice {
 public:
  explicit Dice(uint64_t seed) : engine_(seed) {}
  uint64_t Between(uint64_t least, uint64_t most) { return least + engine_() % (most - least + 1); }
  template <size_t size>
  uint64_t OneOf(const std::array<uint64_t, size>& choices) {
    return choices[engine_() % size];
  }

 private:
  std::mt19937_64 engine_;
};

const FaultKind& KindOf(Fault fault) {
  return *std::find_if(kKinds.begin(), kKinds.end(),
                       [fault](const FaultKind& kind) { return kind.fault == fault; });
}

const FaultKind& ChooseKind(Dice& dice, const Abilities& abilities) {
  uint64_t weights = 0;
  for (const FaultKind& kind : kKinds) weights += kind.weight;
  while (true) {
    uint64_t at = dice.Between(0, weights - 1);
    const FaultKind* kind = kKinds.begin();
    while (at >= kind->weight) at -= kind++->weight;
    if (MayStrike(kind->fault, abilities)) return *kind;
  }
}

CollectorPlan PlanCollector(Dice& dice) {
  CollectorPlan plan;
  plan.traffic_seed = dice.Between(0, UINT32_MAX);
  // Room for all in most rounds; else for some twenty reports, so that tombstones take their place.
  plan.spool_bytes = dice.OneOf<4>({16'384, 1 << 24, 1 << 24, 1 << 24});
  plan.batch_bytes = dice.OneOf<3>({1, 4'000, 1 << 20});
  plan.bytes_in_flight = std::max<uint64_t>(4 * plan.batch_bytes, 8'192);
  plan.queued_reports = dice.OneOf<3>({4, 1'024, 1'024});
  plan.pace_microseconds = dice.OneOf<3>({1, 500, 3'000});
  plan.reports_per_life = dice.Between(20, 250);
  plan.waits_for_room = dice.Between(0, 1) == 1;
  return plan;
}

}  // namespace

std::vector<Fault> AllFaults() {
  std::vector<Fault> faults;
  for (const FaultKind& kind : kKinds) faults.push_back(kind.fault);
  return faults;
}

std::string NameOf(Fault fault) { return std::string(KindOf(fault).name); }

bool MayStrike(Fault fault, const Abilities& abilities) {
  const FaultKind& kind = KindOf(fault);
  return kind.needs == nullptr || abilities.*(kind.needs);
}

FaultPlan PlanFaults(uint64_t seed, const Abilities& abilities) {
  Dice dice(seed);
  FaultPlan plan;
  plan.seed = seed;
  plan.commit_interval_milliseconds = dice.OneOf<3>({0, 2, 20});
  plan.kills_aggregator_at_end = dice.Between(0, 1) == 1;
  const uint64_t collectors = dice.Between(1, 2);
  for (uint64_t i = 0; i < collectors; ++i) plan.collectors.push_back(PlanCollector(dice));
  const uint64_t events = dice.Between(1, 8);
  for (uint64_t i = 0; i < events; ++i) {
    const FaultKind& turn = kKinds[seed % kKinds.size()];
    const bool is_its_turn = i == 0 && MayStrike(turn.fault, abilities);
    const FaultKind& kind = is_its_turn ? turn : ChooseKind(dice, abilities);
    FaultEvent event;
    event.begins = std::chrono::milliseconds(dice.Between(0, kFaultPhaseMilliseconds));
    event.lasts = std::chrono::milliseconds(dice.Between(0, kind.longest_milliseconds));
    event.fault = kind.fault;
    event.collector = dice.Between(0, collectors - 1);
    event.amount = dice.Between(std::min<uint64_t>(1, kind.largest_amount), kind.largest_amount);
    const bool is_damaged_again =
        kind.fault == Fault::kDamageSpool && !abilities.spools_may_be_damaged_again &&
        std::any_of(plan.events.begin(), plan.events.end(), [&event](const FaultEvent& earlier) {
          return earlier.fault == Fault::kDamageSpool && earlier.collector == event.collector;
        });
    if (!is_damaged_again) plan.events.push_back(event);
  }
  std::stable_sort(plan.events.begin(), plan.events.end(),
                   [](const FaultEvent& a, const FaultEvent& b) { return a.begins < b.begins; });
  return plan;
}

std::string Describe(const FaultPlan& plan) {
  std::string text = absl::StrCat("commits every ", plan.commit_interval_milliseconds, " ms, at the end ",
                                  plan.kills_aggregator_at_end ? "kill -9" : "SIGTERM", "\n");
  for (size_t i = 0; i < plan.collectors.size(); ++i) {
    const CollectorPlan& collector = plan.collectors[i];
    absl::StrAppend(&text, "collector c", i, ": spool of ", collector.spool_bytes, ", batches of ",
                    collector.batch_bytes, ", queue of ", collector.queued_reports, ", ",
                    collector.reports_per_life, " reports a life, one each ", collector.pace_microseconds,
                    " us", collector.waits_for_room ? ", waits for room\n" : "\n");
  }
  for (const FaultEvent& event : plan.events) {
    absl::StrAppend(&text, "at ", event.begins.count(), " ms, for ", event.lasts.count(),
                    " ms: ", NameOf(event.fault), " (c", event.collector, ", amount ", event.amount, ")\n");
  }
  return text;
}

}  // namespace kansoku::testing
