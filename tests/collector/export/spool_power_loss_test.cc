// SPDX-License-Identifier: Apache-2.0
//
// Power that is lost at any instant: what Append() said is stored is there afterwards, under the same number,
// and no number is given out twice.
#include <filesystem>
#include <map>
#include <random>
#include <set>

#include "tests/collector/export/spool_file.h"
#include "tests/testing/synced_files.h"

namespace kansoku::collector {
namespace {

using Number = std::pair<uint64_t, uint64_t>;  // epoch, sequence

class SpoolPowerLoss : public SpoolFile {
 protected:
  SpoolPowerLoss() { testing::WatchSyncs(); }
  ~SpoolPowerLoss() override { testing::WatchSyncs(); }

  // What is still to be sent, oldest first: which report each number is.
  static std::map<Number, uint64_t> Sent(Spool& spool) {
    std::map<Number, uint64_t> sent;
    while (!spool.empty()) {
      const uint64_t epoch = spool.epoch();
      uint64_t last = 0;
      for (const v1::SequencedReport& entry : ReadAll(spool)) {
        EXPECT_TRUE(entry.has_report()) << "a report was lost: " << entry.ShortDebugString();
        last = entry.sequence();
        sent[{epoch, last}] = entry.report().measurement().ledger().captured_packets();
      }
      EXPECT_TRUE(spool.TrimThrough(last).ok());
    }
    return sent;
  }

  // Opens what power that is lost now would leave.
  void ExpectSafe(uint64_t seed) {
    const std::string lost = folder_ + "-lost";
    testing::LosePower(folder_, seed, lost);
    auto spool = Spool::Open(lost + "/spool.db", {});
    ASSERT_TRUE(spool.ok()) << spool.status();
    EXPECT_TRUE((*spool)->spool_account().epochs.back().epoch != 0);
    EXPECT_EQ(epochs_.count((*spool)->spool_account().epochs.back().epoch), 0u) << "an epoch came twice";
    const std::map<Number, uint64_t> sent = Sent(**spool);
    for (const auto& [number, report] : stored_) {
      const auto found = sent.find(number);
      ASSERT_NE(found, sent.end()) << "number " << number.second << ", seed " << seed;
      EXPECT_EQ(found->second, report);
    }
    for (const auto& [number, report] : sent) {
      const auto known = given_.find(number);
      if (known == given_.end()) continue;
      EXPECT_EQ(known->second, report) << "a number means two reports";
    }
    std::filesystem::remove_all(lost);
    ++losses_;
  }

  std::set<uint64_t> epochs_;          // of every opening
  std::map<Number, uint64_t> stored_;  // Append() has said so, and nobody has asked to forget them
  std::map<Number, uint64_t> given_;   // every number ever given out
  int losses_ = 0;
};

TEST_F(SpoolPowerLoss, WhatWasStoredIsThereWheneverPowerIsLost) {
  std::mt19937_64 random(1);
  uint64_t report = 0;
  for (int opening = 0; opening < 6; ++opening) {
    auto spool = Open();
    const uint64_t mine = spool->spool_account().epochs.back().epoch;
    epochs_.insert(mine);
    uint64_t sequence = 0;
    for (int step = 0; step < 12; ++step) {
      if (random() % 3 != 0) {
        const uint64_t count = 1 + random() % 20;
        for (uint64_t n = 1; n <= count; ++n) given_[{mine, sequence + n}] = report + n;
        Append(*spool, report + 1, report + count);
        for (uint64_t n = 1; n <= count; ++n) stored_[{mine, sequence + n}] = report + n;
        report += count;
        sequence += count;
      } else if (!spool->empty()) {
        const uint64_t epoch = spool->epoch();
        const uint64_t through = spool->first_sequence() + random() % 5;
        if (through > spool->last_sequence()) continue;
        for (uint64_t n = 1; n <= through; ++n) stored_.erase({epoch, n});
        ASSERT_TRUE(spool->TrimThrough(through).ok());
      }
      for (const uint64_t seed : {uint64_t{0}, random() | 1}) ASSERT_NO_FATAL_FAILURE(ExpectSafe(seed));
    }
  }
  EXPECT_GT(losses_, 100);
}

}  // namespace
}  // namespace kansoku::collector
