// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/wide_ports.h"

#include <algorithm>

#include "collector/meter/fold.h"
#include "collector/meter/split_mix.h"

namespace kansoku::collector {

WidePorts::WidePorts(size_t entries, uint64_t hash_seed) : slots_(entries * kSlotsOfEntry) {
  SplitMix64 secrets(hash_seed);
  for (uint64_t& secret : secrets_) secret = secrets.Next();
}

bool WidePorts::Count(uint32_t source, uint32_t port, uint32_t packets) {
  const uint64_t hash = Fold((uint64_t{source} << 32 | port) ^ secrets_[0], secrets_[1]);
  auto at = static_cast<size_t>((hash >> 32) * slots_.size() >> 32);
  while (slots_[at].source != 0 && (slots_[at].source != source || slots_[at].port != port)) {
    if (++at == slots_.size()) at = 0;
  }
  Entry& entry = slots_[at];
  if (entry.source == 0) {
    if (size_ == slots_.size() / kSlotsOfEntry) return false;
    ++size_;
    entry = {.source = source, .port = port, .packets = 0};
  }
  entry.packets += packets;
  return true;
}

std::vector<WidePorts::Entry> WidePorts::Sorted() const {
  std::vector<Entry> sorted;
  if (size_ == 0) return sorted;
  sorted.reserve(size_);
  for (size_t at = 0; at < slots_.size(); ++at) {
    if (slots_[at].source != 0) sorted.push_back(slots_[at]);
  }
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

void WidePorts::Clear() {
  if (size_ > 0) std::fill(slots_.begin(), slots_.end(), Entry{});
  size_ = 0;
}

}  // namespace kansoku::collector
