// SPDX-License-Identifier: Apache-2.0
//
// How many different sources: the registers of v1::SourceSketch, which states their form and error. Merging
// takes the greater of each register, so it is associative, commutative and idempotent, and equal contents
// have equal bytes. Only sketches of one key may meet; whoever merges sees to that.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "kansoku/v1/telescope.pb.h"

namespace kansoku {

inline constexpr int kSketchIndexBits = 14;
inline constexpr size_t kSketchRegisters = size_t{1} << kSketchIndexBits;
inline constexpr uint32_t kMaxSketchValue = 64 - kSketchIndexBits + 1;  // leading zeros of 50 bits, plus one
inline constexpr int kMaxFewRegisters = 4096;                           // beyond, all of them are shorter

using SketchRegisters = std::array<uint8_t, kSketchRegisters>;

// A sketch that grows: 16 KiB. One thread at a time.
class SourceSketch {
 public:
  // The keyed hash of a source's address, all of whose bits must look random.
  void Add(uint64_t hash) {
    uint8_t& value = registers_[hash >> (64 - kSketchIndexBits)];
    // The bit behind the 50 ends the run of zeros where all of them are 0.
    const uint64_t rest = hash << kSketchIndexBits | uint64_t{1} << (kSketchIndexBits - 1);
    const auto found = static_cast<uint8_t>(std::countl_zero(rest) + 1);
    if (found > value) value = found;
  }

  void Clear() { registers_.fill(0); }
  bool empty() const { return registers_ == SketchRegisters{}; }

  // Replaces the registers of `message`, in canonical form; its class, family and protocol stay.
  void WriteTo(v1::SourceSketch& message) const;

 private:
  SketchRegisters registers_ = {};
};

// Merges the registers of `from` into those of `into`, whose class, family and protocol stay. Both must be
// canonical; the result is. Pure; any thread.
void Merge(const v1::SourceSketch& from, v1::SourceSketch& into);

// Sorts the registers, keeps the greatest value of each, and chooses the form. What can be no register is
// left out.
void Canonicalize(v1::SourceSketch& sketch);

// True if the registers are in one form, the one for their number, rise, and hold values that can be.
bool IsCanonical(const v1::SourceSketch& sketch);

// About how many different hashes were added: 0 exactly if none was. Relative standard error at most 0.81 %.
// The improved raw estimator of Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (2017,
// arXiv:1702.01284): it needs no other estimator for small numbers, so it has no bias where the two would
// meet. The sketch must be canonical; one whose registers are all at their greatest gives 2^64 - 1.
uint64_t EstimateSources(const v1::SourceSketch& sketch);

}  // namespace kansoku
