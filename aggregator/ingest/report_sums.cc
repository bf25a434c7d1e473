// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ingest/report_sums.h"

#include "aggregator/ingest/report_validation.h"

namespace kansoku::aggregator {

absl::Status PacketSum::Add(const Place& where, absl::string_view field, uint64_t packets) {
  if (packets > kMaxPackets || (sum_ += packets) > kMaxPackets) {
    return Wrong(where, field, ": ", packets, " brings the report above ", kMaxPackets);
  }
  return absl::OkStatus();
}

absl::Status OctetSum::Add(const Place& where, absl::string_view field, uint64_t packets, uint64_t octets) {
  if (packets == 0 && octets != 0) return Wrong(where, field, ": ", octets, " octets in no packet");
  if (octets > kMaxOctets || (sum_ += octets) > kMaxOctets) {
    return Wrong(where, field, ": ", octets, " brings the report above ", kMaxOctets);
  }
  return absl::OkStatus();
}

}  // namespace kansoku::aggregator
