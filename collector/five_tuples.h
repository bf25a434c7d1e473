// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <tuple>

#include "absl/container/flat_hash_map.h"
#include "collector/decode/decoded_packet.h"

namespace kansoku::collector {

// Every unidirectional five-tuple of a capture. Unbounded, and with addresses: for measure only, whose output
// stays with whoever holds the capture. Later fragments have no ports.
class FiveTuples {
 public:
  struct Key {
    IpAddress source;
    IpAddress destination;
    uint16_t source_port = 0;
    uint16_t destination_port = 0;
    uint8_t protocol = 0;

    friend auto operator<=>(const Key&, const Key&) = default;
    template <typename H>
    friend H AbslHashValue(H h, const Key& key) {
      return H::combine(std::move(h), key.source.high, key.source.low, key.destination.high,
                        key.destination.low, key.source_port, key.destination_port, key.protocol);
    }
  };
  struct Counts {
    uint64_t frames = 0;
    uint64_t ip_octets = 0;
    int64_t first_unix_ns = 0;  // least and greatest time, in whatever order the packets came
    int64_t last_unix_ns = 0;
    uint8_t tcp_flags = 0;  // all that were set in any packet
    uint64_t syn_no_ack = 0;
  };

  void Add(const DecodedPacket& packet);

  const absl::flat_hash_map<Key, Counts>& tuples() const { return tuples_; }
  size_t unidirectional() const { return tuples_.size(); }
  size_t bidirectional() const;  // with the two ends in a fixed order

  // Rows sorted by key. `file` and `level`, which says of which IP header they are, are the first columns.
  // WriteHeader names the columns.
  static void WriteHeader(std::ostream& out);
  void WriteRows(const std::string& file, const std::string& level, std::ostream& out) const;

 private:
  absl::flat_hash_map<Key, Counts> tuples_;
};

}  // namespace kansoku::collector
