// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "collector/capture/packet_source.h"

struct pcap;

namespace kansoku::collector {

// A capture file: pcap in both byte orders and both time resolutions, pcapng whose interfaces share one link
// type; and what cannot be mapped into memory (MappedFileSource): standard input, pipes. Owns the file.
// Bursts are of one packet, because libpcap reads each into the same buffer.
class PcapFileSource final : public PacketSource {
 public:
  // "-" is standard input. NOT_FOUND, PERMISSION_DENIED, INVALID_ARGUMENT (not a capture), UNIMPLEMENTED
  // (link type).
  static absl::StatusOr<std::unique_ptr<PacketSource>> Open(const std::string& path);

  ~PcapFileSource() override;

  // DATA_LOSS too if libpcap cannot read on for another reason: a damaged record, a second link type in
  // pcapng.
  absl::StatusOr<PollState> Poll(Sink sink) override;

  // A file has no drops: received is what was delivered.
  CaptureStats Stats() override { return {.received_packets = delivered_packets_}; }

 private:
  PcapFileSource(pcap* capture, std::string name, LinkType link_type);

  pcap* const capture_;
  const std::string name_;
  const LinkType link_type_;
  uint64_t delivered_packets_ = 0;
};

}  // namespace kansoku::collector
