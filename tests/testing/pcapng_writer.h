// SPDX-License-Identifier: Apache-2.0
//
// Captures in the pcapng format for tests
// (https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-02.html).
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "tests/testing/capture_writer.h"

namespace kansoku::testing {

// Collects blocks in memory; begins with a section. Not for threads.
class PcapngWriter {
 public:
  using ByteOrder = CaptureFormat::ByteOrder;

  struct Option {
    uint16_t code;
    std::string value;
  };
  // if_tsresol, if_tsoffset and epb_flags, in the byte order of the section.
  Option Resolution(uint8_t resolution) const { return {9, std::string(1, static_cast<char>(resolution))}; }
  Option Offset(int64_t seconds) const;
  Option Flags(uint32_t flags) const;

  explicit PcapngWriter(ByteOrder byte_order = ByteOrder::kLittle) { Section(byte_order); }

  // What follows is in this byte order, and its interfaces are counted from 0 again.
  PcapngWriter& Section(ByteOrder byte_order);
  PcapngWriter& Interface(uint16_t link_type, uint32_t snap_length = 0,
                          const std::vector<Option>& options = {});

  // `wire_octets`: the packet's length on the wire, 0 if it is complete.
  PcapngWriter& Enhanced(uint32_t interface, uint64_t ticks, std::span<const uint8_t> packet,
                         uint32_t wire_octets = 0, const std::vector<Option>& options = {});
  PcapngWriter& Obsolete(uint16_t interface, uint64_t ticks, std::span<const uint8_t> packet,
                         uint32_t wire_octets = 0, const std::vector<Option>& options = {});
  PcapngWriter& Simple(std::span<const uint8_t> packet, uint32_t wire_octets = 0);

  // Any block: `body` is padded to a multiple of 4.
  PcapngWriter& Block(uint32_t type, std::string body);

  // The file so far.
  const std::string& bytes() const { return bytes_; }

  // Aborts if the file cannot be written.
  void WriteTo(const std::filesystem::path& path) const;

 private:
  std::string Number(uint64_t number, int octets) const;
  std::string List(const std::vector<Option>& options) const;
  std::string Timed(uint64_t ticks, std::span<const uint8_t> packet, uint32_t wire_octets,
                    const std::vector<Option>& options) const;

  ByteOrder byte_order_ = ByteOrder::kLittle;
  std::string bytes_;
};

}  // namespace kansoku::testing
