// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "collector/capture/capture_reader.h"
#include "collector/capture/mapped_file.h"
#include "collector/capture/packet_source.h"

namespace kansoku::collector {

// A capture file, read in place: pcap and pcapng as CaptureReader reads them. Its resident memory does not
// grow with the file. See MappedFile for files that shrink. Bursts are of up to 32 packets.
class MappedFileSource final : public PacketSource {
 public:
  // NOT_FOUND, PERMISSION_DENIED, INVALID_ARGUMENT (not a capture). UNIMPLEMENTED: cannot be read in place
  // (a pipe, an empty file; a pcap file of an unsupported link type); libpcap may be able to.
  static absl::StatusOr<std::unique_ptr<PacketSource>> Open(const std::string& path);

  // DATA_LOSS too if a record is damaged, or the file has become shorter.
  absl::StatusOr<PollState> Poll(Sink sink) override;

  // A file has no drops: received is what was delivered.
  CaptureStats Stats() override { return {.received_packets = reader_.delivered_packets()}; }

  std::optional<ReadShare> Share() const override {
    return ReadShare{.read_octets = reader_.position(), .octets = file_.bytes().size()};
  }

 private:
  static constexpr size_t kBurstPackets = 32;

  MappedFileSource(MappedFile file, CaptureReader reader)
      : file_(std::move(file)), reader_(std::move(reader)) {}

  MappedFile file_;
  CaptureReader reader_;
  std::array<PacketView, kBurstPackets> burst_;
};

}  // namespace kansoku::collector
