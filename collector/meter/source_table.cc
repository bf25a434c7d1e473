// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/source_table.h"

#include <algorithm>
#include <limits>

#include "collector/meter/split_mix.h"

namespace kansoku::collector {
namespace {

constexpr uint32_t kNoBlock = DarkSource::kNoBlock;
constexpr uint32_t kMostPackets = std::numeric_limits<uint32_t>::max();
constexpr uint16_t kMostWideSources = std::numeric_limits<uint16_t>::max();

}  // namespace

SourceTable::SourceTable(uint32_t entries, uint64_t hash_seed)
    : sets_((std::max<size_t>(entries, 1) + kWays - 1) / kWays),
      sources_(sets_.size() * kWays),
      blocks_(sources_.size() / kEntriesOfBlock),
      wide_ports_(sources_.size(), hash_seed + 1) {
  SplitMix64 secrets(hash_seed);
  for (uint64_t& secret : secrets_) secret = secrets.Next();
}

bool SourceTable::FindTag(const Set& set, uint16_t tag, size_t& way) {
  using Octets [[gnu::vector_size(kWays)]] = int8_t;
  const auto has_tag = std::bit_cast<uint64_t>(__builtin_convertvector(set.tags == Tags{} + tag, Octets));
  way = static_cast<size_t>(std::countr_zero(has_tag)) / 8;
  return has_tag != 0;
}

// An unused one, or that with the least credit. Credit and way are compared as one number, because a branch
// on credits could not be foreseen.
size_t SourceTable::WayToTake(const Set& set) {
  size_t unused = 0;
  if (FindTag(set, 0, unused)) return unused;
  uint64_t least = ~uint64_t{0};
  for (size_t way = 0; way < kWays; ++way) least = std::min(least, uint64_t{set.credits[way]} << 3 | way);
  return least % kWays;
}

uint32_t SourceTable::Find(uint64_t hash) const {
  const size_t at = SetOf(hash);
  const Set& set = sets_[at];
  size_t way = 0;
  if (!FindTag(set, TagOf(hash), way)) way = WayToTake(set);
  const DarkSource& source = sources_[at * kWays + way];
  __builtin_prefetch(&source, 1);
  __builtin_prefetch(&source.last_syn, 1);
  return static_cast<uint32_t>(at * kWays + way);
}

SourceTable::Touched SourceTable::Touch(size_t sensor, const IpAddress& address, uint64_t hash,
                                        uint32_t found, uint32_t packets) {
  size_t position = found;
  if (!Holds(position, hash, sensor, address)) {
    const size_t first = SetOf(hash) * kWays;
    for (position = first; !Holds(position, hash, sensor, address); ++position) {
      if (position + 1 == first + kWays) return Begin(sensor, address, hash, packets);
    }
  }
  DarkSource& source = sources_[position];
  Set& set = sets_[position / kWays];
  if (packets > kMostPackets - source.packets) [[unlikely]] {
    Lose(sensor, packets);
    set.lost += packets;
    most_lost_ = std::max(most_lost_, set.lost);
    return {};
  }
  source.packets += packets;
  set.credits[position % kWays] += packets;
  return {&source, false};
}

SourceTable::Touched SourceTable::Begin(size_t sensor, const IpAddress& address, uint64_t hash,
                                        uint32_t packets) {
  const size_t at = SetOf(hash);
  Set& set = sets_[at];
  const size_t way = WayToTake(set), position = at * kWays + way;
  uint32_t credit = packets;
  if (set.tags[way] != 0) {
    const uint32_t least = set.credits[way];
    TakeCredit(set, std::min(credit, least));
    if (credit <= least) {
      Lose(sensor, packets);
      return {};
    }
    credit -= least;
    End(position);
  }
  ++size_;
  set.tags[way] = TagOf(hash);
  set.credits[way] = credit;
  DarkSource& source = sources_[position];
  source = {.address = address, .packets = packets, .sensor = static_cast<uint8_t>(sensor)};
  return {&source, true};
}

void SourceTable::TakeCredit(Set& set, uint32_t credit) {
  for (uint32_t& of_way : set.credits) of_way -= credit;
  set.lost += credit;
  most_lost_ = std::max(most_lost_, set.lost);
}

void SourceTable::End(size_t position) {
  const DarkSource& source = sources_[position];
  Lose(source.sensor, source.packets);
  --size_;
  for (uint32_t block = source.block; block != kNoBlock;) {
    const uint32_t next = blocks_[block].next;
    blocks_[block].next = free_block_;
    free_block_ = block;
    block = next;
  }
}

uint32_t SourceTable::TakeBlock() {
  uint32_t taken = free_block_;
  if (taken != kNoBlock) {
    free_block_ = blocks_[taken].next;
  } else if (used_blocks_ < blocks_.size()) {
    taken = used_blocks_++;
  } else {
    return kNoBlock;
  }
  blocks_[taken].next = kNoBlock;
  return taken;
}

bool SourceTable::CountAnotherPort(DarkSource& source, uint32_t port, uint32_t packets) {
  size_t left = source.ports;
  std::span<PortCount> here = source.first_ports;
  uint32_t* next = &source.block;
  while (true) {
    for (PortCount& known : here.first(std::min(left, here.size()))) {
      if (known.port != port) continue;
      known.packets += packets;
      return true;
    }
    if (left < here.size()) {
      here[left] = {port, packets};
      ++source.ports;
      return true;
    }
    left -= here.size();
    if (left == 0 && *next == kNoBlock) {
      if (source.ports == kMaxOwnPorts) return CountWidePort(source, port, packets);
      *next = TakeBlock();
      if (*next == kNoBlock) return false;
    }
    here = blocks_[*next].ports;
    next = &blocks_[*next].next;
  }
}

bool SourceTable::CountWidePort(DarkSource& source, uint32_t port, uint32_t packets) {
  if (source.as_wide == 0) {
    if (wide_sources_ == kMostWideSources) return false;
    source.as_wide = ++wide_sources_;
  }
  return wide_ports_.Count(source.as_wide, port, packets);
}

void SourceTable::Clear() {
  if (size_ > 0) std::fill(sets_.begin(), sets_.end(), Set{});
  wide_ports_.Clear();
  wide_sources_ = 0;
  used_blocks_ = 0;
  free_block_ = kNoBlock;
  size_ = 0;
  lost_packets_ = {};
  most_lost_ = 0;
}

}  // namespace kansoku::collector
