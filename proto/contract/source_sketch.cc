// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/source_sketch.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>

namespace kansoku {
namespace {

using google::protobuf::RepeatedField;

// An entry of `few` is index * 64 + value, so that entries sort by index.
constexpr int kValueBits = 6;
static_assert(kMaxSketchValue < 1u << kValueBits);

uint32_t IndexOf(uint32_t entry) { return entry >> kValueBits; }
uint32_t ValueOf(uint32_t entry) { return entry % (1u << kValueBits); }

bool CanBe(uint32_t entry) {
  return IndexOf(entry) < kSketchRegisters && ValueOf(entry) >= 1 && ValueOf(entry) <= kMaxSketchValue;
}

void Raise(const v1::SourceSketch& from, SketchRegisters& into) {
  for (const uint32_t entry : from.few()) {
    if (!CanBe(entry)) continue;
    uint8_t& value = into[IndexOf(entry)];
    value = std::max(value, static_cast<uint8_t>(ValueOf(entry)));
  }
  if (from.registers().size() != into.size()) return;
  for (size_t i = 0; i < into.size(); ++i) {
    const auto value = static_cast<uint8_t>(from.registers()[i]);
    if (value <= kMaxSketchValue) into[i] = std::max(into[i], value);
  }
}

void Write(const SketchRegisters& registers, v1::SourceSketch& message) {
  message.clear_few();
  message.clear_registers();
  const auto zeros = std::count(registers.begin(), registers.end(), uint8_t{0});
  const auto used = static_cast<int>(kSketchRegisters - static_cast<size_t>(zeros));
  if (used > kMaxFewRegisters) {
    message.mutable_registers()->assign(registers.begin(), registers.end());
    return;
  }
  message.mutable_few()->Reserve(used);
  for (uint32_t i = 0; i < kSketchRegisters; ++i) {
    if (registers[i] != 0) message.add_few(i << kValueBits | registers[i]);
  }
}

RepeatedField<uint32_t> MergedFew(const RepeatedField<uint32_t>& a, const RepeatedField<uint32_t>& b) {
  RepeatedField<uint32_t> merged;
  merged.Reserve(a.size() + b.size());
  std::merge(a.begin(), a.end(), b.begin(), b.end(), google::protobuf::RepeatedFieldBackInserter(&merged));
  // Of the two entries that one register may have, the greater value is the latter.
  int last = -1;
  for (int i = 0; i < merged.size(); ++i) {
    if (last < 0 || IndexOf(merged.Get(last)) != IndexOf(merged.Get(i))) ++last;
    merged.Set(last, merged.Get(i));
  }
  merged.Truncate(last + 1);
  return merged;
}

// Of Ertl 2017: x + sum over k >= 1 of x^(2^k) * 2^(k-1), for 0 <= x <= 1.
double Sigma(double x) {
  if (x == 1) return std::numeric_limits<double>::infinity();
  double sum = x, weight = 1, before;
  do {
    x *= x;
    before = sum;
    sum += x * weight;
    weight *= 2;
  } while (sum != before);
  return sum;
}

// The same: (1 - x - sum over k >= 1 of (1 - x^(2^-k))^2 * 2^-k) / 3.
double Tau(double x) {
  if (x == 0 || x == 1) return 0;
  double sum = 1 - x, weight = 1, before;
  do {
    x = std::sqrt(x);
    before = sum;
    weight /= 2;
    sum -= (1 - x) * (1 - x) * weight;
  } while (sum != before);
  return sum / 3;
}

}  // namespace

void SourceSketch::WriteTo(v1::SourceSketch& message) const { Write(registers_, message); }

void Merge(const v1::SourceSketch& from, v1::SourceSketch& into) {
  if (from.registers().empty() && into.registers().empty()) {
    RepeatedField<uint32_t> merged = MergedFew(from.few(), into.few());
    if (merged.size() <= kMaxFewRegisters) return into.mutable_few()->Swap(&merged);
  }
  SketchRegisters registers = {};
  Raise(into, registers);
  Raise(from, registers);
  Write(registers, into);
}

void Canonicalize(v1::SourceSketch& sketch) {
  if (IsCanonical(sketch)) return;
  SketchRegisters registers = {};
  Raise(sketch, registers);
  Write(registers, sketch);
}

bool IsCanonical(const v1::SourceSketch& sketch) {
  const auto& few = sketch.few();
  const std::string& registers = sketch.registers();
  if (registers.empty()) {
    return few.size() <= kMaxFewRegisters && std::all_of(few.begin(), few.end(), CanBe) &&
           std::adjacent_find(few.begin(), few.end(),
                              [](uint32_t a, uint32_t b) { return IndexOf(a) >= IndexOf(b); }) == few.end();
  }
  return few.empty() && registers.size() == kSketchRegisters &&
         std::count(registers.begin(), registers.end(), '\0') < int{kSketchRegisters} - kMaxFewRegisters &&
         std::all_of(
             registers.begin(), registers.end(),
             [](char value) { return static_cast<uint8_t>(value) <= kMaxSketchValue; });
}

uint64_t EstimateSources(const v1::SourceSketch& sketch) {
  SketchRegisters registers = {};
  Raise(sketch, registers);
  std::array<int, kMaxSketchValue + 1> with_value = {};
  for (const uint8_t value : registers) ++with_value[value];

  constexpr double kRegisters = kSketchRegisters;
  double sum = kRegisters * Tau(1 - with_value[kMaxSketchValue] / kRegisters);
  for (uint32_t value = kMaxSketchValue - 1; value >= 1; --value) sum = (sum + with_value[value]) / 2;
  sum += kRegisters * Sigma(with_value[0] / kRegisters);
  const double estimate = kRegisters * kRegisters / (2 * std::numbers::ln2 * sum);
  return estimate < 0x1p64 ? static_cast<uint64_t>(std::round(estimate))
                           : std::numeric_limits<uint64_t>::max();
}

}  // namespace kansoku
