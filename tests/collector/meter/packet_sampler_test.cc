// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/packet_sampler.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace kansoku::collector {
namespace {

uint64_t TakenOf(uint64_t packets, PacketSampler& sampler) {
  uint64_t taken = 0;
  for (uint64_t i = 0; i < packets; ++i) taken += sampler.Take();
  return taken;
}

TEST(PacketSampler, TakesEveryPacketOfOneInOne) {
  PacketSampler sampler(1, 42);
  EXPECT_EQ(TakenOf(100'000, sampler), 100'000);
}

TEST(PacketSampler, ChoosesAgainWhatItChoseWithTheSameSeed) {
  PacketSampler a(10, 7), b(10, 7), c(10, 8);
  int differences = 0;
  for (int i = 0; i < 10'000; ++i) {
    const bool taken = a.Take();
    EXPECT_EQ(b.Take(), taken);
    differences += c.Take() != taken;
  }
  EXPECT_GT(differences, 1000);
}

// The number taken is binomial: within five standard deviations of n / N but for one seed in a million.
TEST(PacketSampler, TakesOneInNOnAverage) {
  struct Case {
    uint32_t interval;
    uint64_t taken;
  };
  constexpr uint64_t kPackets = 10'000'000;
  for (const auto& [interval, taken] :
       {Case{2, 4'998'923}, Case{10, 1'000'414}, Case{1000, 9979}, Case{65'536, 165}}) {
    PacketSampler sampler(interval, 20241101);
    const uint64_t found = TakenOf(kPackets, sampler);
    EXPECT_EQ(found, taken) << "1 in " << interval;
    const double p = 1.0 / interval, n = kPackets;
    EXPECT_NEAR(static_cast<double>(found), n * p, 5 * std::sqrt(n * p * (1 - p))) << "1 in " << interval;
  }
}

// Whether a packet is taken says nothing about those after it: each distance has the frequency of its
// probability, p (1 - p)^(d - 1), and there is no period.
TEST(PacketSampler, LeavesOutGapsOfGeometricLength) {
  constexpr uint32_t kInterval = 8;
  constexpr int kPackets = 8'000'000, kDistances = 40;
  PacketSampler sampler(kInterval, 1);
  std::vector<int> of_distance(kDistances + 1);
  int samples = 0, distance = 0;
  for (int i = 0; i < kPackets; ++i) {
    ++distance;
    if (!sampler.Take()) continue;
    ++samples;
    if (distance <= kDistances) ++of_distance[distance];
    distance = 0;
  }
  double chi_square = 0;
  for (int d = 1; d <= kDistances; ++d) {
    const double expected = samples * std::pow(1 - 1.0 / kInterval, d - 1) / kInterval;
    chi_square += (of_distance[d] - expected) * (of_distance[d] - expected) / expected;
  }
  // 40 bins: mean 40, standard deviation about 9; 90 is left by one seed in 100,000.
  EXPECT_LT(chi_square, 90);
}

// The first packet has no better chance than any other.
TEST(PacketSampler, TakesTheFirstPacketAsOftenAsAnyOther) {
  int first = 0, tenth = 0;
  constexpr int kSeeds = 100'000;
  for (int seed = 0; seed < kSeeds; ++seed) {
    PacketSampler sampler(10, static_cast<uint64_t>(seed));
    first += sampler.Take();
    for (int i = 0; i < 8; ++i) sampler.Take();
    tenth += sampler.Take();
  }
  EXPECT_NEAR(first, kSeeds / 10, 475);  // five standard deviations
  EXPECT_NEAR(tenth, kSeeds / 10, 475);
}

}  // namespace
}  // namespace kansoku::collector
