// SPDX-License-Identifier: Apache-2.0
//
// Rounds of faults, each a function of its seed, several at a time.
// usage: faults_test [--rounds N] [--frame-rounds N] [--tls-rounds N] [--whole-rounds N]
//                    [--no-damage] [--damage-again] [--seed S] [--at-a-time N]
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <filesystem>
#include <iostream>
#include <map>
#include <mutex>
#include <random>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/faults/collector_process.h"
#include "tests/faults/fault_round.h"
#include "tests/faults/frame_link.h"
#include "tests/faults/small_disk.h"
#include "tests/testing/skip_or_fail.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::testing {
namespace {

constexpr size_t kCaptures = 6;
constexpr uint64_t kTurnsOfEach = 10;  // of 200 rounds

struct Options {
  uint64_t rounds = 200;
  uint64_t frame_rounds = 20;
  uint64_t tls_rounds = 20;
  uint64_t whole_rounds = 20;
  uint64_t seed = std::random_device()();  // of the first round; the others' follow
  uint64_t at_a_time = 4;                  // a round waits more than it works
  uint64_t most_failures = 3;
};
Options options;
Abilities abilities;

TEST(Faults, DisksOfTheRoundsCanBeFull) {
  if (!abilities.disks_can_be_full) {
    SkipOrFail("file systems in memory cannot be mounted here: run as root, or allow user namespaces");
  }
}

// Says how often each kind of fault struck, and that in many rounds none may be missing.
void CheckStrikes(uint64_t rounds, const Abilities& of_rounds, const std::map<Fault, uint64_t>& strikes) {
  const std::vector<Fault> faults = AllFaults();
  std::vector<std::string> said;
  for (const Fault fault : faults) {
    if (!MayStrike(fault, of_rounds)) continue;
    const auto found = strikes.find(fault);
    const uint64_t times = found == strikes.end() ? 0 : found->second;
    said.push_back(absl::StrCat(NameOf(fault), " ", times));
    // Each kind has its turn, in which it may yet meet nobody.
    if (rounds < kTurnsOfEach * faults.size()) continue;
    EXPECT_GE(times, kTurnsOfEach / 2) << NameOf(fault);
  }
  std::cout << "strikes: " << absl::StrJoin(said, ", ") << std::endl;
}

// What else makes a seed the plan that it is.
std::string PlanOptions() {
  if (!abilities.spools_may_be_damaged) return " --no-damage";
  return abilities.spools_may_be_damaged_again ? " --damage-again" : "";
}

// Runs rounds beside each other and fails the test for each in which something is wrong. Returns the strikes.
std::map<Fault, uint64_t> RunRounds(uint64_t count, const std::string& option,
                                    const Surroundings& surroundings) {
  std::cout << "seed " << options.seed << ", " << count << " rounds" << std::endl;
  std::atomic<uint64_t> next = 0;
  std::mutex mutex;
  FaultRound all;
  uint64_t failures = 0, rounds = 0;
  const auto run = [&] {
    for (uint64_t mine = next++; mine < count; mine = next++) {
      const FaultPlan plan = PlanFaults(options.seed + mine, surroundings.abilities);
      const FaultRound round = RunFaults(plan, surroundings);
      const std::lock_guard lock(mutex);
      ++rounds;
      all.reports += round.reports;
      all.lives += round.lives;
      all.duplicates += round.duplicates;
      all.tombstones += round.tombstones;
      all.missing += round.missing;
      all.evicted += round.evicted;
      for (const auto& [fault, strikes] : round.strikes) all.strikes[fault] += strikes;
      if (round.problems.empty()) continue;
      ADD_FAILURE() << "found in round " << rounds << "; again: faults_test " << option << " 1 --seed "
                    << plan.seed << PlanOptions() << "\n"
                    << Describe(plan) << "wrong:\n"
                    << absl::StrJoin(round.problems, "\n") << "\n"
                    << round.logs;
      if (++failures >= options.most_failures) next = count;
    }
  };
  {
    std::vector<std::jthread> threads;
    for (uint64_t i = 0; i < options.at_a_time; ++i) threads.emplace_back(run);
  }
  std::cout << rounds << " rounds, " << all.lives << " lives of collectors, " << all.reports << " reports, "
            << all.duplicates << " of them arrived again, " << all.missing << " missing, " << all.tombstones
            << " tombstones stored of " << all.evicted << " counted" << std::endl;
  CheckStrikes(rounds, surroundings.abilities, all.strikes);
  return all.strikes;
}

TEST(Faults, ClocksOfCollectorsCanJump) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "the sanitizer and libfaketime both want to be loaded first";
#endif
  if (!abilities.clocks_can_jump) {
    SkipOrFail("libfaketime is missing; deploy/dependencies --for test installs it, then configure again");
  }
}

TEST(Faults, TheStoreEqualsTheTruthWhateverFailed) {
  RunRounds(options.rounds, "--rounds", {.abilities = abilities});
}

// A certificate that is rotated is shown by whatever starts after, and by who reads it again in time.
TEST(Faults, TheStoreEqualsTheTruthUnderMutualTlsAndRotation) {
  Abilities with_rotation = abilities;
  with_rotation.certificates_may_rotate = true;
  std::map<Fault, uint64_t> strikes =
      RunRounds(options.tls_rounds, "--tls-rounds", {.abilities = with_rotation, .uses_tls = true});
  if (options.tls_rounds < AllFaults().size()) return;
  EXPECT_GT(strikes[Fault::kRotateCertificates], 0u);
}

TEST(Faults, TheStoreEqualsTheTruthAcrossFramesLateTwiceOrLost) {
  const FrameLink link(options.seed, {});
  if (!link.ok()) {
    SkipOrFail("network namespaces and TAP devices need root, ip (iproute2) and /dev/net/tun");
    return;
  }
  RunRounds(options.frame_rounds, "--frame-rounds",
            {.abilities = abilities,
             .aggregator = {.command = link.far_command(), .host = FrameLink::kFarAddress}});
  std::cout << link.sent() << " frames, " << link.lost() << " lost, " << link.doubled() << " twice, "
            << link.overtaken() << " overtaken" << std::endl;
  if (options.frame_rounds == 0) return;
  EXPECT_GT(link.lost(), 0u);
  EXPECT_GT(link.doubled(), 0u);
  EXPECT_GT(link.overtaken(), 0u);
}

TEST(Faults, TheStoreEqualsTheTruthOfWholeCollectors) {
  const TempDir folder;
  std::filesystem::create_directory(folder.File("disk"));
  const std::vector<ReferenceCapture> captures = MakeReferenceCaptures(folder.path(), kCaptures);
  ASSERT_FALSE(HasFailure());
  RunRounds(options.whole_rounds, "--whole-rounds",
            {.abilities = abilities, .captures = captures, .counting_keys = CountingKeys()});
}

}  // namespace
}  // namespace kansoku::testing

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  CLI::App app("Runs collectors and an aggregator under random faults.", "faults_test");
  app.add_option("--rounds", kansoku::testing::options.rounds, "How many");
  app.add_option("--frame-rounds", kansoku::testing::options.frame_rounds,
                 "How many over a link of bad frames");
  app.add_option("--tls-rounds", kansoku::testing::options.tls_rounds, "How many with mutual TLS");
  app.add_option("--whole-rounds", kansoku::testing::options.whole_rounds, "How many with whole collectors");
  app.add_flag("!--no-damage", kansoku::testing::abilities.spools_may_be_damaged, "Flip no octets of spools");
  app.add_flag("--damage-again", kansoku::testing::abilities.spools_may_be_damaged_again,
               "Damage a spool more than once in a round");
  app.add_option("--seed", kansoku::testing::options.seed, "Of the first; the others' follow");
  app.add_option("--at-a-time", kansoku::testing::options.at_a_time, "Rounds beside each other");
  CLI11_PARSE(app, argc, argv);
  kansoku::testing::abilities.disks_can_be_full = kansoku::testing::EnterOwnMounts();
  kansoku::testing::abilities.clocks_can_jump = kansoku::testing::ClocksCanJump();
  return RUN_ALL_TESTS();
}
