// SPDX-License-Identifier: Apache-2.0
#include "collector/capture/capture_reader.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace kansoku::collector {

absl::StatusOr<CaptureReader> CaptureReader::Open(std::span<const uint8_t> capture, std::string name) {
  if (PcapngReader::Recognises(capture)) {
    absl::StatusOr<PcapngReader> format = PcapngReader::Open(capture, name);
    if (!format.ok()) return format.status();
    return CaptureReader(*std::move(format), std::move(name));
  }
  const absl::StatusOr<PcapReader> format = PcapReader::Open(capture, name);
  if (!format.ok()) return format.status();
  return CaptureReader(*format, std::move(name));
}

absl::StatusOr<size_t> CaptureReader::Read(std::span<PacketView> burst) {
  absl::StatusOr<size_t> packets = std::visit([burst](auto& format) { return format.Read(burst); }, format_);
  if (!packets.ok()) {
    return absl::DataLossError(absl::StrCat(
        name_, ": cannot be read behind packet ", delivered_packets_, ", from octet ", position(), " on (",
        absl::string_view(packets.status().message()), "); the packets before were read"));
  }
  delivered_packets_ += *packets;
  return packets;
}

size_t CaptureReader::position() const {
  return std::visit([](const auto& format) { return format.position(); }, format_);
}

}  // namespace kansoku::collector
