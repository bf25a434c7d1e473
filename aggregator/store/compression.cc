// SPDX-License-Identifier: Apache-2.0
#include "aggregator/store/compression.h"

#include <zlib.h>

#include <cstdint>

#include "absl/status/status.h"

namespace kansoku::aggregator {
namespace {

constexpr size_t kLengthOctets = 8;
// Far above any month, and far below what a damaged length could ask for.
constexpr uint64_t kMostOctets = uint64_t{1} << 30;

const Bytef* Octets(std::string_view bytes) { return reinterpret_cast<const Bytef*>(bytes.data()); }
Bytef* Octets(std::string& bytes, size_t from) { return reinterpret_cast<Bytef*>(bytes.data() + from); }

}  // namespace

std::string Compress(std::string_view bytes) {
  std::string compressed(kLengthOctets + compressBound(bytes.size()), '\0');
  for (size_t i = 0; i < kLengthOctets; ++i) {
    compressed[i] = static_cast<char>(bytes.size() >> (8 * i) & 0xff);
  }
  uLongf size = compressed.size() - kLengthOctets;
  // Into a buffer of this size it cannot fail.
  compress2(Octets(compressed, kLengthOctets), &size, Octets(bytes), bytes.size(), Z_DEFAULT_COMPRESSION);
  compressed.resize(kLengthOctets + size);
  return compressed;
}

absl::StatusOr<std::string> Decompress(std::string_view compressed) {
  uint64_t length = 0;
  for (size_t i = 0; i < kLengthOctets && compressed.size() >= kLengthOctets; ++i) {
    length |= uint64_t{static_cast<uint8_t>(compressed[i])} << (8 * i);
  }
  if (compressed.size() < kLengthOctets || length > kMostOctets) {
    return absl::DataLossError("a compressed value has no sensible length");
  }
  std::string bytes(length, '\0');
  const std::string_view stream = compressed.substr(kLengthOctets);
  uLongf size = bytes.size();
  const int result = uncompress(Octets(bytes, 0), &size, Octets(stream), stream.size());
  if (result != Z_OK || size != length) return absl::DataLossError("a compressed value is damaged");
  return bytes;
}

}  // namespace kansoku::aggregator
