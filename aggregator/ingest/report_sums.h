// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "aggregator/ingest/wrong.h"

namespace kansoku::aggregator {

// What the entries of one report add up to, one object for each quantity that is bounded. Each part is
// checked before it is added, so nothing overflows. The field's name follows its place: "cells[3]",
// ".packets". One thread.
class PacketSum {
 public:
  absl::Status Add(const Place& where, absl::string_view field, uint64_t packets);
  uint64_t sum() const { return sum_; }

 private:
  uint64_t sum_ = 0;
};

class OctetSum {
 public:
  // Octets need a packet that they are in.
  absl::Status Add(const Place& where, absl::string_view field, uint64_t packets, uint64_t octets);

 private:
  uint64_t sum_ = 0;
};

}  // namespace kansoku::aggregator
