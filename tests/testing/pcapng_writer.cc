// SPDX-License-Identifier: Apache-2.0
#include "tests/testing/pcapng_writer.h"

#include <cstdlib>
#include <fstream>
#include <utility>

namespace kansoku::testing {
namespace {

constexpr uint32_t kSection = 0x0a0d0d0a, kInterface = 1, kObsolete = 2, kSimple = 3, kEnhanced = 6;

std::string Padded(std::string text) {
  text.resize((text.size() + 3) / 4 * 4);
  return text;
}

std::string TextOf(std::span<const uint8_t> packet) { return {packet.begin(), packet.end()}; }

}  // namespace

PcapngWriter::Option PcapngWriter::Offset(int64_t seconds) const {
  return {14, Number(static_cast<uint64_t>(seconds), 8)};
}

PcapngWriter::Option PcapngWriter::Flags(uint32_t flags) const { return {2, Number(flags, 4)}; }

PcapngWriter& PcapngWriter::Section(ByteOrder byte_order) {
  byte_order_ = byte_order;
  const uint64_t unknown_length = ~uint64_t{0};
  return Block(kSection, Number(0x1a2b3c4d, 4) + Number(1, 2) + Number(0, 2) + Number(unknown_length, 8));
}

PcapngWriter& PcapngWriter::Interface(uint16_t link_type, uint32_t snap_length,
                                      const std::vector<Option>& options) {
  return Block(kInterface, Number(link_type, 2) + Number(0, 2) + Number(snap_length, 4) + List(options));
}

PcapngWriter& PcapngWriter::Enhanced(uint32_t interface, uint64_t ticks, std::span<const uint8_t> packet,
                                     uint32_t wire_octets, const std::vector<Option>& options) {
  return Block(kEnhanced, Number(interface, 4) + Timed(ticks, packet, wire_octets, options));
}

PcapngWriter& PcapngWriter::Obsolete(uint16_t interface, uint64_t ticks, std::span<const uint8_t> packet,
                                     uint32_t wire_octets, const std::vector<Option>& options) {
  const uint64_t unknown_drops = 0xffff;
  return Block(kObsolete,
               Number(interface, 2) + Number(unknown_drops, 2) + Timed(ticks, packet, wire_octets, options));
}

PcapngWriter& PcapngWriter::Simple(std::span<const uint8_t> packet, uint32_t wire_octets) {
  return Block(kSimple, Number(wire_octets == 0 ? packet.size() : wire_octets, 4) + TextOf(packet));
}

PcapngWriter& PcapngWriter::Block(uint32_t type, std::string body) {
  body = Padded(std::move(body));
  const std::string octets = Number(body.size() + 12, 4);
  bytes_ += Number(type, 4) + octets + body + octets;
  return *this;
}

void PcapngWriter::WriteTo(const std::filesystem::path& path) const {
  std::ofstream file(path, std::ios::binary);
  file << bytes_;
  if (!file.flush()) std::abort();
}

std::string PcapngWriter::Number(uint64_t number, int octets) const {
  std::string text;
  for (int i = 0; i < octets; ++i) {
    const int place = byte_order_ == ByteOrder::kLittle ? i : octets - 1 - i;
    text.push_back(static_cast<char>(number >> (8 * place)));
  }
  return text;
}

std::string PcapngWriter::List(const std::vector<Option>& options) const {
  if (options.empty()) return "";
  std::string list;
  for (const Option& option : options) {
    list += Number(option.code, 2) + Number(option.value.size(), 2) + Padded(option.value);
  }
  return list + Number(0, 4);
}

std::string PcapngWriter::Timed(uint64_t ticks, std::span<const uint8_t> packet, uint32_t wire_octets,
                                const std::vector<Option>& options) const {
  return Number(ticks >> 32, 4) + Number(ticks, 4) + Number(packet.size(), 4) +
         Number(wire_octets == 0 ? packet.size() : wire_octets, 4) + Padded(TextOf(packet)) + List(options);
}

}  // namespace kansoku::testing
