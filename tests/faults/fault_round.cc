// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/fault_round.h"

#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/faults/aggregator_process.h"
#include "tests/faults/delivered_truth.h"
#include "tests/faults/driven_collector.h"
#include "tests/faults/round_certificates.h"
#include "tests/faults/small_disk.h"
#include "tests/faults/whole_collector.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::testing {
namespace {

// Above what SQLite's write-ahead log of the store grows to, 16 MB and a commit.
constexpr uint64_t kDiskBytes = uint64_t{48} << 20;

// Made windows are of one day of 2024, years before the aggregator's clock: what came last is not old.
// Captures are of years.
constexpr char kShortRetention[] = "retention: {window_hours: 48, five_minute_days: 3, hour_days: 4}\n";
constexpr char kLongRetention[] = "retention: {window_hours: 1000000, five_minute_days: 100000}\n";

std::string CollectorName(size_t collector) { return absl::StrCat("c", collector); }

struct Step {
  std::chrono::milliseconds at;
  std::function<void()> take;
};

class Stage {
 public:
  Stage(const FaultPlan& plan, const Surroundings& surroundings)
      : disks_can_be_full_(surroundings.abilities.disks_can_be_full),
        may_be_missing_(
            std::any_of(plan.events.begin(), plan.events.end(),
                        [](const FaultEvent& event) { return event.fault == Fault::kDamageSpool; })),
        certificates_(surroundings.uses_tls ? MakeCertificates(plan) : nullptr),
        aggregator_(Folder("aggregator", store_disk_), plan.commit_interval_milliseconds,
                    surroundings.aggregator,
                    absl::StrCat(surroundings.captures.empty() ? kShortRetention : kLongRetention,
                                 certificates_ == nullptr ? "" : certificates_->AggregatorYaml())) {
    sides_.reserve(plan.collectors.size());  // steps refer to them
    for (size_t i = 0; i < plan.collectors.size(); ++i) {
      const std::string name = CollectorName(i);
      Side& side = sides_.emplace_back();
      const std::string folder = Folder(name, side.disk);
      const CollectorPlan& of_side = plan.collectors[i];
      const bool clock_can_jump = surroundings.abilities.clocks_can_jump;
      if (surroundings.captures.empty()) {
        side.process = std::make_unique<DrivenCollector>(name, folder, of_side, plan.seed + i, clock_can_jump,
                                                         TlsOf(name));
      } else {
        side.process =
            std::make_unique<WholeCollector>(name, folder, of_side, surroundings.captures,
                                             surroundings.counting_keys, plan.seed + i, clock_can_jump);
      }
    }
  }

  void StartAll() {
    StartAggregator();
    for (Side& side : sides_) side.process->Start();
  }

  // A fault and its end, as steps.
  std::vector<Step> StepsOf(const FaultEvent& event) {
    Side& side = sides_[event.collector];
    CollectorProcess& collector = *side.process;
    const auto with_end = [&event](std::function<void()> begin, std::function<void()> end) {
      return std::vector<Step>{{event.begins, std::move(begin)},
                               {event.begins + event.lasts, std::move(end)}};
    };
    const auto once = [&event](std::function<void()> begin) {
      return std::vector<Step>{{event.begins, std::move(begin)}};
    };
    using Faults = FaultyRelay::Faults;
    const uint64_t amount = event.amount;
    const auto strike = [this, fault = event.fault](bool met) { strikes_[fault] += met; };
    const auto begin_link = [&side, strike](auto change) {
      return [&side, strike, change] {
        strike(side.process->runs());
        side.Change(change);
      };
    };
    const auto end_link = [&side](auto change) { return [&side, change] { side.Change(change); }; };
    const auto end_collector = [&collector, strike](int signal) {
      strike(collector.runs());
      collector.End(signal);
    };
    const auto end_aggregator = [this, strike](int signal) {
      strike(aggregator_.runs());
      EndAggregator(signal);
    };
    switch (event.fault) {
      case Fault::kKillCollector:
        return with_end([=] { end_collector(SIGKILL); }, [&collector] { collector.Start(); });
      case Fault::kStopCollector:
        return with_end([=] { end_collector(SIGTERM); }, [&collector] { collector.Start(); });
      case Fault::kFreezeCollector:
        return with_end(
            [&collector, strike] {
              strike(collector.runs());
              collector.Signal(SIGSTOP);
            },
            [&collector] { collector.Signal(SIGCONT); });
      case Fault::kKillAggregator:
        return with_end([=] { end_aggregator(SIGKILL); }, [this] { StartAggregator(); });
      case Fault::kStopAggregator:
        return with_end([=] { end_aggregator(SIGTERM); }, [this] { StartAggregator(); });
      case Fault::kFreezeAggregator:
        return with_end(
            [this, strike] {
              strike(aggregator_.runs());
              aggregator_.Signal(SIGSTOP);
            },
            [this] { aggregator_.Signal(SIGCONT); });
      case Fault::kResetLink:
        return once([&collector, strike] { strike(collector.relay().Reset()); });
      case Fault::kRefuseLink:
        return with_end(begin_link([](Faults& faults) { faults.refuses = true; }),
                        end_link([](Faults& faults) { faults.refuses = false; }));
      case Fault::kStallLink:
        return with_end(begin_link([](Faults& faults) { faults.stalls = true; }),
                        end_link([](Faults& faults) { faults.stalls = false; }));
      case Fault::kForgetLink:
        return once([&collector, strike] { strike(collector.relay().Forget()); });
      case Fault::kDelayLink:
        return with_end(begin_link([amount](Faults& faults) {
                          faults.longest_delay = std::chrono::milliseconds(amount);
                        }),
                        end_link([](Faults& faults) { faults.longest_delay = {}; }));
      case Fault::kChopLink:
        return with_end(begin_link([amount](Faults& faults) { faults.largest_piece = amount; }),
                        end_link([](Faults& faults) { faults.largest_piece = Faults().largest_piece; }));
      case Fault::kReplayLink:
        return once([&collector, strike] { strike(collector.relay().Replay()); });
      case Fault::kFillSpoolDisk:
        return with_end([&side, amount, strike] { strike(side.disk->Fill(amount)); },
                        [&side] { side.disk->Free(); });
      case Fault::kFillStoreDisk:
        return with_end([this, amount, strike] { strike(store_disk_->Fill(amount)); },
                        [this] { store_disk_->Free(); });
      case Fault::kDamageSpool:
        return with_end(
            [&collector, amount, strike] {
              collector.End(SIGKILL);
              strike(collector.DamageSpool(amount));
            },
            [&collector] { collector.Start(); });
      case Fault::kJumpClock:
        return with_end(
            [&collector, amount, strike] {
              strike(collector.runs());
              collector.SetClock(static_cast<int64_t>(amount) - static_cast<int64_t>(kFarthestJumpSeconds));
            },
            [&collector] { collector.SetClock(0); });
      case Fault::kRotateCertificates:
        return once([this, &collector, strike] {
          certificates_->Rotate();
          strike(collector.runs() && aggregator_.runs());
        });
    }
    return {};
  }

  // No more faults; both sides are there.
  void CalmDown() {
    if (store_disk_ != nullptr) store_disk_->Free();
    aggregator_.Signal(SIGCONT);
    StartAggregator();
    for (Side& side : sides_) {
      if (side.disk != nullptr) side.disk->Free();
      side.process->Signal(SIGCONT);
      side.process->relay().Set({});
      side.process->relay().Reset();
      side.process->Start();
    }
  }

  void Drain() {
    for (Side& side : sides_) side.process->Drain();
  }

  void Compare(const FaultPlan& plan, FaultRound& round) {
    std::vector<SpooledReports> expected;
    for (const Side& side : sides_) {
      const CollectorProcess& process = *side.process;
      round.problems.insert(round.problems.end(), process.problems().begin(), process.problems().end());
      expected.push_back(process.Reports(round.problems));
      round.lives += process.lives();
      round.reports += expected.back().closed;
      round.evicted += expected.back().evicted;
    }
    std::optional<v1::TlsConfig> reader;
    if (certificates_ != nullptr) reader = certificates_->of_reader();
    const LedgerCounts ledger =
        CheckLedger(aggregator_.address(), reader.has_value() ? &*reader : nullptr, expected, round.problems);
    round.duplicates = ledger.duplicates;
    round.missing = ledger.missing;
    if (ledger.missing > 0 && !may_be_missing_) {
      round.problems.push_back(absl::StrCat("the ledger misses ", ledger.missing, " reports"));
    }
    EndAggregator(plan.kills_aggregator_at_end ? SIGKILL : SIGTERM);
    round.problems.insert(round.problems.end(), aggregator_.problems().begin(), aggregator_.problems().end());
    round.strikes = strikes_;
    round.tombstones = CheckStore(aggregator_.store_path(), expected, ledger.missing, round.problems);
    for (const Side& side : sides_)
      absl::StrAppend(&round.logs, side.process->name(), ":\n", side.process->Log());
  }

 private:
  struct Side {
    std::unique_ptr<SmallDisk> disk;
    FaultyRelay::Faults faults;
    std::unique_ptr<CollectorProcess> process;

    template <typename Faulty>
    void Change(const Faulty& change) {
      change(faults);
      process->relay().Set(faults);
    }
  };

  // Makes a folder for one of the processes, with its disk in it.
  std::string Folder(const std::string& name, std::unique_ptr<SmallDisk>& disk) {
    const std::string folder = folder_.File(name);
    std::filesystem::create_directories(folder + "/disk");
    if (disks_can_be_full_) disk = std::make_unique<SmallDisk>(folder + "/disk", kDiskBytes);
    return folder;
  }

  std::unique_ptr<RoundCertificates> MakeCertificates(const FaultPlan& plan) {
    const std::string folder = folder_.File("certificates");
    std::filesystem::create_directory(folder);
    std::vector<std::string> names;
    for (size_t i = 0; i < plan.collectors.size(); ++i) names.push_back(CollectorName(i));
    return std::make_unique<RoundCertificates>(folder, names);
  }

  std::optional<v1::TlsConfig> TlsOf(const std::string& collector) const {
    if (certificates_ == nullptr) return std::nullopt;
    return certificates_->of_collector(collector);
  }

  void StartAggregator() {
    aggregator_.Start();
    for (Side& side : sides_) side.process->relay().ForwardTo(aggregator_.address());
  }

  // Nothing may reach whoever has its port next.
  void EndAggregator(int signal) {
    for (Side& side : sides_) side.process->relay().ForwardTo("");
    aggregator_.End(signal);
  }

  const TempDir folder_;
  const bool disks_can_be_full_;
  const bool may_be_missing_;  // reports of which even the window is lost
  std::unique_ptr<SmallDisk> store_disk_;
  const std::unique_ptr<RoundCertificates> certificates_;  // none: plain text
  AggregatorProcess aggregator_;
  std::vector<Side> sides_;
  std::map<Fault, uint64_t> strikes_;
};

}  // namespace

FaultRound RunFaults(const FaultPlan& plan, const Surroundings& surroundings) {
  FaultRound round;
  Stage stage(plan, surroundings);
  stage.StartAll();
  std::vector<Step> steps;
  for (const FaultEvent& event : plan.events) {
    for (Step& step : stage.StepsOf(event)) steps.push_back(std::move(step));
  }
  std::stable_sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) { return a.at < b.at; });
  // The plan is one of times; nothing is awaited here.
  const auto begin = std::chrono::steady_clock::now();
  for (const Step& step : steps) {
    std::this_thread::sleep_until(begin + step.at);
    step.take();
  }
  stage.CalmDown();
  stage.Drain();
  stage.Compare(plan, round);
  return round;
}

}  // namespace kansoku::testing
