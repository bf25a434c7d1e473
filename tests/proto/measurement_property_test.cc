// SPDX-License-Identifier: Apache-2.0
//
// No sum of measurements loses a count. What counts is found by reflection: a counter that joins the schema
// and is forgotten by Merge fails here.
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/numeric/int128.h"
#include "proto/contract/dark_prefixes.h"
#include "proto/contract/estimate.h"
#include "proto/contract/measurement.h"
#include "proto/contract/source_sketch.h"
#include "tests/proto/random_measurement.h"

namespace kansoku {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// What tells an entry of a list from the others: its fields that are no counters.
std::string KeyOf(const Message& entry) {
  std::string key;
  const auto& reflection = *entry.GetReflection();
  for (int i = 0; i < entry.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *entry.GetDescriptor()->field(i);
    if (field.is_repeated()) continue;
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
      key += std::to_string(reflection.GetEnumValue(entry, &field)) + ",";
    } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32) {
      key += std::to_string(reflection.GetUInt32(entry, &field)) + ",";
    } else if (field.type() == FieldDescriptor::TYPE_FIXED64) {
      key += std::to_string(reflection.GetUInt64(entry, &field)) + ",";
    } else if (field.type() == FieldDescriptor::TYPE_STRING) {
      key += reflection.GetString(entry, &field) + ",";
    } else if (field.message_type() == v1::TrafficClass::descriptor()) {
      key += KeyOf(reflection.GetMessage(entry, &field));
    }
  }
  return key;
}

// Every count of some measurements, by its path and the keys on the way:
// "cells[1,0,0,1,0,0,1,].statistics.packet_octets[7]". Counts wrap around as those of Merge do.
class Counts {
 public:
  void Add(const Message& message, const std::string& path = "") {
    if (message.GetDescriptor() == v1::Histogram::descriptor()) {
      AddHistogram(static_cast<const v1::Histogram&>(message), path);
    } else if (message.GetDescriptor() == v1::Wide::descriptor()) {
      wide_[path] += ToUint128(static_cast<const v1::Wide&>(message));
    } else if (message.GetDescriptor() == v1::Cell::descriptor()) {
      AddCell(static_cast<const v1::Cell&>(message), path);
    } else if (message.GetDescriptor() == v1::SourceSketch::descriptor()) {
      AddSketch(static_cast<const v1::SourceSketch&>(message), path);
    } else {
      AddFields(message, path);
    }
  }

  friend bool operator==(const Counts&, const Counts&) = default;

 private:
  void AddHistogram(const v1::Histogram& histogram, const std::string& path) {
    for (int i = 0; i < histogram.buckets_size(); ++i) {
      counts_[path + "[" + std::to_string(histogram.buckets(i)) + "]"] += histogram.counts(i);
    }
  }

  // Estimates add where both have one: what is only counted is certain.
  void AddCell(v1::Cell cell, const std::string& path) {
    *cell.mutable_estimate() = EstimateOf(cell);
    AddFields(cell, path);
  }

  // Registers do not add: the greatest stays.
  void AddSketch(const v1::SourceSketch& sketch, const std::string& path) {
    SketchRegisters& registers = registers_[path];
    const auto raise = [&](size_t index, uint32_t value) {
      registers.at(index) = std::max(registers.at(index), static_cast<uint8_t>(value));
    };
    for (const uint32_t entry : sketch.few()) raise(entry / 64, entry % 64);
    for (size_t i = 0; i < sketch.registers().size(); ++i) {
      raise(i, static_cast<uint8_t>(sketch.registers()[i]));
    }
  }

  void AddFields(const Message& message, const std::string& path) {
    const auto& reflection = *message.GetReflection();
    for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
      const FieldDescriptor& field = *message.GetDescriptor()->field(i);
      // A sum drops those of a part (below): the seconds that they share out are a count of their own.
      if (field.message_type() == v1::DarkPrefix::descriptor()) continue;
      const std::string inner = path + "." + field.name();
      if (field.type() == FieldDescriptor::TYPE_UINT64) {
        counts_[inner] += reflection.GetUInt64(message, &field);
      } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && field.is_repeated()) {
        for (int n = 0; n < reflection.FieldSize(message, &field); ++n) {
          const Message& entry = reflection.GetRepeatedMessage(message, &field, n);
          Add(entry, inner + "[" + KeyOf(entry) + "]");
        }
      } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        Add(reflection.GetMessage(message, &field), inner);
      }
    }
  }

  std::map<std::string, uint64_t> counts_;
  std::map<std::string, absl::uint128> wide_;
  std::map<std::string, SketchRegisters> registers_;
};

std::set<int> Flags(const v1::Measurement& measurement) {
  return {measurement.flags().begin(), measurement.flags().end()};
}

v1::Measurement Canonical(v1::Measurement measurement) {
  Canonicalize(measurement);
  return measurement;
}

TEST(MeasurementProperty, CanonicalizeLosesNoCount) {
  RandomMeasurement random(2);
  for (int round = 0; round < 1000; ++round) {
    const v1::Measurement raw = random.Next();
    Counts before, after;
    before.Add(raw);
    after.Add(Canonical(raw));
    ASSERT_EQ(before, after) << raw.DebugString();
    ASSERT_EQ(Flags(Canonical(raw)), Flags(raw));
  }
}

TEST(MeasurementProperty, MergeLosesNoCount) {
  RandomMeasurement random(3);
  for (int round = 0; round < 1000; ++round) {
    const v1::Measurement a = Canonical(random.Next()), b = Canonical(random.Next());
    v1::Measurement sum = a;
    Merge(b, sum);
    Counts of_parts, of_sum;
    of_parts.Add(a);
    of_parts.Add(b);
    of_sum.Add(sum);
    ASSERT_EQ(of_parts, of_sum) << a.DebugString() << "and " << b.DebugString();
    std::set<int> flags = Flags(a);
    flags.merge(Flags(b));
    ASSERT_EQ(Flags(sum), flags);
  }
}

using Prefixes = std::map<std::pair<uint32_t, uint32_t>, uint64_t>;

void AddPrefixes(const v1::DarknetTally& tally, Prefixes& seconds) {
  for (const v1::DarkPrefix& prefix : tally.prefixes())
    seconds[kansoku::KeyOf(prefix)] += prefix.address_seconds();
}

// However a sensor's windows are split into sums, and those added up.
TEST(MeasurementProperty, PrefixesOfASumAreThoseOfAllItsPartsOrNone) {
  RandomMeasurement random(6);
  int told = 0, untold = 0;
  for (int round = 0; round < 500; ++round) {
    std::vector<v1::Measurement> parts;
    Prefixes expected;
    uint64_t address_seconds = 0;
    bool is_by_prefix = true;
    for (uint64_t n = 1 + random.Below(8); n > 0; --n) {
      v1::DarknetTally tally;
      while (tally.prefixes().empty()) {
        const v1::Measurement some = random.Next();
        if (some.darknet_size() > 0) tally = some.darknet(0);
      }
      if (random.Below(8) == 0) tally.clear_prefixes();  // of an older collector
      AddPrefixes(tally, expected);
      address_seconds += tally.address_seconds();
      is_by_prefix = is_by_prefix && IsByPrefix(tally);
      v1::DarknetTally& added = *parts.emplace_back().add_darknet();
      added.set_address_seconds(tally.address_seconds());
      *added.mutable_prefixes() = tally.prefixes();
      Canonicalize(parts.back());
    }
    (is_by_prefix ? told : untold) += 1;
    while (parts.size() > 1) {
      std::swap(parts[random.Below(parts.size())], parts.back());
      const v1::Measurement last = std::move(parts.back());
      parts.pop_back();
      Merge(last, parts[random.Below(parts.size())]);
    }
    const v1::DarknetTally& sum = parts[0].darknet(0);
    Prefixes of_sum;
    AddPrefixes(sum, of_sum);
    ASSERT_EQ(of_sum, is_by_prefix ? expected : Prefixes()) << parts[0].DebugString();
    ASSERT_EQ(sum.address_seconds(), address_seconds);
  }
  EXPECT_GT(told, 100);
  EXPECT_GT(untold, 100);
}

// One measurement in many parts that differ a little, in any order: what rollups and queries do.
TEST(MeasurementProperty, MergeOfManyInAnyOrderIsTheSame) {
  RandomMeasurement random(4);
  std::vector<v1::Measurement> parts;
  Counts of_parts;
  for (int i = 0; i < 50; ++i) {
    parts.push_back(Canonical(random.Next()));
    of_parts.Add(parts.back());
  }
  std::string first;
  for (int round = 0; round < 20; ++round) {
    for (size_t i = parts.size() - 1; i > 0; --i) std::swap(parts[i], parts[random.Below(i + 1)]);
    v1::Measurement sum;
    for (const v1::Measurement& part : parts) Merge(part, sum);
    Counts of_sum;
    of_sum.Add(sum);
    ASSERT_EQ(of_parts, of_sum);
    if (round == 0) first = sum.SerializeAsString();
    ASSERT_EQ(sum.SerializeAsString(), first);
  }
}

}  // namespace
}  // namespace kansoku
