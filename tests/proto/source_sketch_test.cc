// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/source_sketch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace kansoku {
namespace {

std::vector<uint64_t> Hashes(size_t number, uint64_t seed) {
  std::mt19937_64 engine(seed);
  std::vector<uint64_t> hashes(number);
  std::generate(hashes.begin(), hashes.end(), std::ref(engine));
  return hashes;
}

v1::SourceSketch SketchOf(const std::vector<uint64_t>& hashes) {
  const auto sketch = std::make_unique<SourceSketch>();
  for (const uint64_t hash : hashes) sketch->Add(hash);
  v1::SourceSketch message;
  sketch->WriteTo(message);
  return message;
}

v1::SourceSketch Few(std::initializer_list<uint32_t> entries) {
  v1::SourceSketch message;
  for (const uint32_t entry : entries) message.add_few(entry);
  return message;
}

v1::SourceSketch Registers(const std::string& registers) {
  v1::SourceSketch message;
  message.set_registers(registers);
  return message;
}

TEST(SourceSketch, TakesTheRegisterOfTheFirst14BitsAndTheZerosOfTheOther50) {
  const uint64_t register_5 = uint64_t{5} << 50;
  for (const auto& [hash, value] :
       std::vector<std::pair<uint64_t, uint32_t>>{{register_5 | uint64_t{1} << 49, 1},
                                                  {register_5 | uint64_t{1} << 48, 2},
                                                  {register_5 | 1, 50},
                                                  {register_5, 51}}) {
    EXPECT_EQ(SketchOf({hash}).SerializeAsString(), Few({5 * 64 + value}).SerializeAsString()) << value;
  }
  EXPECT_EQ(SketchOf({0, ~uint64_t{0}}).SerializeAsString(), Few({51, 16383 * 64 + 1}).SerializeAsString());
}

TEST(SourceSketch, KeepsTheGreatestValueOfARegister) {
  EXPECT_EQ(SketchOf({1, 1u << 20, 2}).SerializeAsString(), Few({50}).SerializeAsString());
}

TEST(SourceSketch, IsEmptyUntilTheFirstAndAfterItWasCleared) {
  const auto sketch = std::make_unique<SourceSketch>();
  EXPECT_TRUE(sketch->empty());
  sketch->Add(~uint64_t{0});
  EXPECT_FALSE(sketch->empty());
  sketch->Clear();
  EXPECT_TRUE(sketch->empty());
  v1::SourceSketch message;
  sketch->WriteTo(message);
  EXPECT_EQ(message.SerializeAsString(), "");
}

TEST(SourceSketch, KeepsTheKeyOfWhatItIsWrittenTo) {
  v1::SourceSketch message = Registers("what was there before");
  message.set_darknet_class(v1::DARKNET_CLASS_TCP_SYN);
  message.set_protocol(6);
  const auto sketch = std::make_unique<SourceSketch>();
  sketch->Add(0);
  sketch->WriteTo(message);
  EXPECT_EQ(message.darknet_class(), v1::DARKNET_CLASS_TCP_SYN);
  EXPECT_EQ(message.protocol(), 6);
  EXPECT_EQ(message.registers(), "");
  EXPECT_EQ(message.few_size(), 1);
}

TEST(SourceSketch, ListsItsRegistersWhileTheyAre4096AndThenGivesAll) {
  std::vector<uint64_t> hashes;
  for (uint64_t i = 0; i < 4096; ++i) hashes.push_back(i << 52 | 1u << 20);
  EXPECT_EQ(SketchOf(hashes).few_size(), 4096);
  EXPECT_EQ(SketchOf(hashes).registers(), "");
  hashes.push_back(uint64_t{1} << 50);
  EXPECT_EQ(SketchOf(hashes).few_size(), 0);
  ASSERT_EQ(SketchOf(hashes).registers().size(), 16384);
  EXPECT_EQ(SketchOf(hashes).registers().substr(0, 5), std::string({30, 51, 0, 0, 30}));
  EXPECT_TRUE(IsCanonical(SketchOf(hashes)));
}

TEST(SourceSketchMerge, OfAnySplitOrderAndRepetitionGivesTheSameBytes) {
  std::mt19937_64 engine(20241101);
  for (const size_t number : {1, 50, 3000, 4000, 6000, 30000, 200000}) {
    std::vector<uint64_t> hashes = Hashes(number, number);
    const std::string whole = SketchOf(hashes).SerializeAsString();
    for (int round = 0; round < 5; ++round) {
      for (size_t i = 0; i < number / 3; ++i) hashes.push_back(hashes[engine() % number]);
      std::shuffle(hashes.begin(), hashes.end(), engine);
      std::vector<v1::SourceSketch> parts;
      for (size_t at = 0; at < hashes.size();) {
        const size_t size = std::min(hashes.size() - at, 1 + engine() % (hashes.size() / 2 + 1));
        const auto first = hashes.begin() + static_cast<std::ptrdiff_t>(at);
        parts.push_back(SketchOf({first, first + static_cast<std::ptrdiff_t>(size)}));
        at += size;
      }
      v1::SourceSketch forwards, backwards;
      for (size_t i = 0; i < parts.size(); ++i) {
        Merge(parts[i], forwards);
        Merge(parts[parts.size() - 1 - i], backwards);
        EXPECT_TRUE(IsCanonical(forwards));
      }
      for (const v1::SourceSketch& part : parts) Merge(part, backwards);
      EXPECT_EQ(forwards.SerializeAsString(), whole) << number;
      EXPECT_EQ(backwards.SerializeAsString(), whole) << number;
    }
  }
}

TEST(SourceSketchMerge, TakesTheGreaterValueAndKeepsTheKey) {
  v1::SourceSketch into = Few({64 + 2, 128 + 9, 192 + 1});
  into.set_protocol(17);
  Merge(Few({3, 64 + 7, 128 + 4, 192 + 1}), into);
  v1::SourceSketch expected = Few({3, 64 + 7, 128 + 9, 192 + 1});
  expected.set_protocol(17);
  EXPECT_EQ(into.SerializeAsString(), expected.SerializeAsString());
}

TEST(SourceSketchCanonicalize, SortsKeepsTheGreatestAndLeavesOutWhatCannotBe) {
  v1::SourceSketch sketch = Few({128 + 9, 5, 128 + 10, 64, 64 + 52, 16384 * 64 + 1});
  EXPECT_FALSE(IsCanonical(sketch));
  Canonicalize(sketch);
  EXPECT_EQ(sketch.SerializeAsString(), Few({5, 128 + 10}).SerializeAsString());

  std::string few_registers(16384, '\0');
  few_registers[7] = 51;
  few_registers[8] = 52;
  v1::SourceSketch wrong_form = Registers(few_registers);
  Canonicalize(wrong_form);
  EXPECT_EQ(wrong_form.SerializeAsString(), Few({7 * 64 + 51}).SerializeAsString());
}

TEST(SourceSketchIsCanonical, SeesEveryFault) {
  EXPECT_TRUE(IsCanonical(v1::SourceSketch()));
  EXPECT_TRUE(IsCanonical(Few({1, 64 + 51, 16383 * 64 + 1})));
  EXPECT_TRUE(IsCanonical(Registers(std::string(16384, 51))));
  const std::string none_to_spare = std::string(4097, 1) + std::string(16384 - 4097, '\0');
  EXPECT_TRUE(IsCanonical(Registers(none_to_spare)));

  EXPECT_FALSE(IsCanonical(Few({64}))) << "a value of 0";
  EXPECT_FALSE(IsCanonical(Few({64 + 52}))) << "a value above 51";
  EXPECT_FALSE(IsCanonical(Few({16384 * 64 + 1}))) << "no such register";
  EXPECT_FALSE(IsCanonical(Few({128 + 1, 64 + 1}))) << "falling";
  EXPECT_FALSE(IsCanonical(Few({64 + 1, 64 + 2}))) << "a register twice";
  EXPECT_FALSE(IsCanonical(Registers(std::string(16383, 1)))) << "too short";
  EXPECT_FALSE(IsCanonical(Registers(std::string(16385, 1)))) << "too long";
  EXPECT_FALSE(IsCanonical(Registers(std::string(16384, 52)))) << "a value above 51";
  EXPECT_FALSE(IsCanonical(Registers(std::string(16384, '\xff')))) << "a value above 51";
  std::string listed = none_to_spare;
  listed[0] = 0;
  EXPECT_FALSE(IsCanonical(Registers(listed))) << "few enough to be listed";
  v1::SourceSketch both = Registers(none_to_spare);
  both.add_few(1);
  EXPECT_FALSE(IsCanonical(both)) << "both forms";
  v1::SourceSketch many;
  for (uint32_t i = 0; i < 4097; ++i) many.add_few(i * 64 + 1);
  EXPECT_FALSE(IsCanonical(many)) << "too many to be listed";
}

TEST(EstimateSources, IsWithinFiveStandardErrors) {
  EXPECT_EQ(EstimateSources({}), 0);
  for (const size_t number : {1u, 2u, 10u, 100u, 1'000u, 10'000u, 30'000u, 40'000u, 50'000u, 80'000u,
                              100'000u, 1'000'000u, 10'000'000u}) {
    const auto estimate = static_cast<double>(EstimateSources(SketchOf(Hashes(number, 42))));
    const auto truth = static_cast<double>(number);
    EXPECT_LE(std::abs(estimate - truth), std::max(0.5, 5 * 0.0081 * truth)) << number << ": " << estimate;
  }
}

// Around 2.5 and 5 times the number of registers older estimators change their method, and are wrong by some
// percent.
TEST(EstimateSources, HasNoBiasAtAnySize) {
  for (const size_t number : {5'000u, 20'000u, 40'000u, 60'000u, 80'000u, 120'000u}) {
    constexpr int kRounds = 100;
    double sum = 0;
    for (uint64_t seed = 0; seed < kRounds; ++seed) {
      sum += static_cast<double>(EstimateSources(SketchOf(Hashes(number, seed))));
    }
    EXPECT_NEAR(sum / kRounds / static_cast<double>(number), 1, 5 * 0.0081 / std::sqrt(kRounds)) << number;
  }
}

TEST(EstimateSources, OfFullRegistersIsTheGreatestNumber) {
  EXPECT_EQ(EstimateSources(Registers(std::string(16384, 51))), std::numeric_limits<uint64_t>::max());
}

}  // namespace
}  // namespace kansoku
