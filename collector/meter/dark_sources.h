// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "collector/classify/survey_lists.h"
#include "collector/decode/decoded_packet.h"
#include "collector/meter/source_hash.h"
#include "collector/meter/source_sketches.h"
#include "collector/meter/source_table.h"
#include "kansoku/v1/report.pb.h"

namespace kansoku::collector {

struct DarkSourceOptions {
  SourceHash hash;
  uint32_t entries = 16384;  // of the table; see SourceTable
  uint32_t max_reported = 4096;
  std::shared_ptr<const SurveyLists> lists;
};

// Who sent to the sensors of a link in the open window: how many different ones (SourceSketches), and what
// single ones sent (SourceTable), as far as the table has room. One thread. Allocates where a kind of packet
// comes for the first time, and at the window's end.
class DarkSources {
 public:
  DarkSources(const DarkSourceOptions& options, size_t sensors, uint64_t hash_seed);

  // As SourceTable: KeyOf and Prefetch each, then Find each, then Count each.
  uint64_t KeyOf(size_t sensor, const DecodedPacket& packet) const {
    return table_.Hash(sensor, packet.source);
  }
  void Prefetch(uint64_t key) const { table_.Prefetch(key); }
  uint32_t Find(uint64_t key) const { return table_.Find(key); }
  // `packets` of the wire, which an offload may have merged.
  void Count(size_t sensor, v1::DarknetClass darknet_class, const DecodedPacket& packet, uint64_t key,
             uint32_t found, uint32_t packets);

  // Moves a sensor's sketches to its tally, which gets the key's name.
  void MoveSketchesTo(size_t sensor, v1::DarknetTally& tally);

  // Moves what single sources sent to the report of the window that ends: those with the most packets, at
  // most `max_reported`, the others counted together; and on which lists they are at the window's first
  // instant. The report may then have more ports than it can hold; see BoundDarknetSources. `sensors` are
  // their names.
  void MoveTo(std::span<const std::string> sensors, int64_t window_first_unix_ns, v1::WindowReport& report);

  // That there are so many sensors from now on. No window is open.
  void WatchSensors(size_t sensors) { sketches_ = SourceSketches(sensors); }

  // Memory in use.
  size_t octets() const { return table_.octets() + sketches_.octets(); }

 private:
  void CountProbe(v1::DarknetClass darknet_class, const DecodedPacket& packet, uint32_t packets,
                  DarkSource& source);
  using WideEntries = std::span<const WidePorts::Entry>;  // sorted
  void Fill(std::span<const DarkSource* const> sources, WideEntries wide, int64_t window_first_unix_ns,
            v1::DarknetSources& message) const;
  void Fill(const DarkSource& source, WideEntries wide, v1::DarknetSource& message) const;

  DarkSourceOptions options_;
  SourceTable table_;
  SourceSketches sketches_;
};

// Makes a report of one worker or a sum over several fit: at most `max_reported` sources, those with the
// fewest packets counted together; and as many ports as a report may have. Ports of sources with more than
// SourceTable::kMaxOwnPorts find room after all others, and in both those of sources with the fewest packets
// last; what finds none is not told apart. Any thread.
void BoundDarknetSources(uint32_t max_reported, v1::WindowReport& report);

}  // namespace kansoku::collector
