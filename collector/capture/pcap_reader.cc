// SPDX-License-Identifier: Apache-2.0
#include "collector/capture/pcap_reader.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "collector/capture/file_link_type.h"
#include "collector/capture/packet_time.h"

namespace kansoku::collector {
namespace {

constexpr size_t kFileHeaderOctets = 24, kRecordHeaderOctets = 16, kPatchedRecordHeaderOctets = 24;
constexpr uint32_t kMicrosecondMagic = 0xa1b2c3d4, kNanosecondMagic = 0xa1b23c4d, kPatchedMagic = 0xa1b2cd34;
constexpr uint32_t kLinkTypeMask = 0x03ff'ffff;  // above it: what libpcap knows of a frame check sequence
constexpr uint16_t kDigitalUnixMajor = 543;

// No reader takes longer packets of the link types that are read: such a length tells that the place of the
// record is lost.
constexpr uint32_t kMostCapturedOctets = 262'144;

bool IsMagic(uint32_t magic) {
  return magic == kMicrosecondMagic || magic == kNanosecondMagic || magic == kPatchedMagic;
}

absl::Status NotACapture(const std::string& name, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat(name, ": not a capture file (", why, "); a pcap or pcapng file is needed"));
}

}  // namespace

absl::StatusOr<PcapReader> PcapReader::Open(std::span<const uint8_t> capture, const std::string& name) {
  if (capture.size() < kFileHeaderOctets) return NotACapture(name, "shorter than the header of one");
  Layout layout{};
  uint32_t magic = layout.order.Load32(capture.data());
  if (!IsMagic(magic)) {
    layout.order.swapped = true;
    magic = layout.order.Load32(capture.data());
  }
  if (!IsMagic(magic)) return NotACapture(name, "it does not begin like one");
  layout.record_header_octets = magic == kPatchedMagic ? kPatchedRecordHeaderOctets : kRecordHeaderOctets;
  layout.nanoseconds_per_fraction = magic == kNanosecondMagic ? 1 : 1000;

  const uint16_t major = layout.order.Load16(&capture[4]), minor = layout.order.Load16(&capture[6]);
  if (major == kDigitalUnixMajor && minor == 0) {
    layout.lengths = Lengths::kExchanged;
  } else if (major == 2 && minor <= 4) {
    layout.lengths = minor == 4   ? Lengths::kInOrder
                     : minor == 3 ? Lengths::kSmallerFirst
                                  : Lengths::kExchanged;
  } else {
    return NotACapture(name, absl::StrCat("version ", major, ".", minor, " of the format is not known"));
  }

  const uint32_t number = layout.order.Load32(&capture[20]) & kLinkTypeMask;
  const absl::StatusOr<LinkType> link_type = LinkTypeOfFile(number, name);
  if (!link_type.ok()) return link_type.status();
  layout.link_type = *link_type;
  return PcapReader(capture, layout, kFileHeaderOctets);
}

// Before version 2.3 the length on the wire stood first; writers of 2.3 did either
// (libpcap's sf-pcap.c).
PcapReader::Record PcapReader::LengthsAt(const uint8_t* header) const {
  Record record{layout_.order.Load32(header + 8), layout_.order.Load32(header + 12)};
  if (layout_.lengths == Lengths::kInOrder) [[likely]]
    return record;
  if (layout_.lengths == Lengths::kExchanged || record.captured_octets > record.wire_octets) {
    std::swap(record.captured_octets, record.wire_octets);
  }
  return record;
}

absl::StatusOr<size_t> PcapReader::Read(std::span<PacketView> burst) {
  const Layout layout = layout_;
  size_t packets = 0;
  for (; packets < burst.size(); ++packets) {
    const size_t left = capture_.size() - position_;
    if (left < layout.record_header_octets) break;
    const uint8_t* header = capture_.data() + position_;
    const Record record = LengthsAt(header);
    if (record.captured_octets > left - layout.record_header_octets) break;
    if (record.captured_octets > kMostCapturedOctets) break;
    const int64_t fraction = int64_t{layout.order.Load32(header + 4)} * layout.nanoseconds_per_fraction;
    burst[packets] = {.bytes = {header + layout.record_header_octets, record.captured_octets},
                      .wire_octets = record.wire_octets,
                      .link_type = layout.link_type,
                      .captured_unix_ns = UnixNanoseconds(layout.order.Load32(header), fraction)};
    position_ += layout.record_header_octets + record.captured_octets;
  }
  if (packets > 0 || burst.empty() || position_ == capture_.size()) return packets;
  return Damage();
}

absl::Status PcapReader::Damage() const {
  const size_t left = capture_.size() - position_;
  if (left < layout_.record_header_octets) {
    return absl::DataLossError(absl::StrCat("the header of a packet is cut off after ", left, " octets"));
  }
  const Record record = LengthsAt(capture_.data() + position_);
  if (record.captured_octets > kMostCapturedOctets) {
    return absl::DataLossError(absl::StrCat("a packet of ", record.captured_octets,
                                            " captured octets is announced; ", kMostCapturedOctets,
                                            " are the most there can be"));
  }
  return absl::DataLossError(absl::StrCat("a packet of ", record.captured_octets,
                                          " captured octets is cut off after ",
                                          left - layout_.record_header_octets));
}

}  // namespace kansoku::collector
