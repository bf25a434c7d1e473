// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/source_hash.h"

#include <sodium.h>

#include <algorithm>
#include <bit>
#include <span>
#include <string_view>

namespace kansoku::collector {
namespace {

static_assert(crypto_shorthash_KEYBYTES == 16 && crypto_shorthash_BYTES == 8);

// Says what the hash of the key is for, so that it is no other hash of the same key.
constexpr std::string_view kKeyIdLabel = "kansoku darknet source key 1";

uint64_t LittleEndian(std::span<const uint8_t> octets) {
  uint64_t value = 0;
  for (size_t i = 8; i > 0; --i) value = value << 8 | octets[i - 1];
  return value;
}

const unsigned char* Octets(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

absl::StatusOr<SourceHash> SourceHash::FromKey(const SourceHashKey& key) {
  std::array<uint8_t, crypto_generichash_BYTES> digest;
  if (sodium_init() < 0 || crypto_generichash(digest.data(), digest.size(), Octets(kKeyIdLabel),
                                              kKeyIdLabel.size(), key.data(), key.size()) != 0) {
    return absl::InternalError("libsodium does not work, without which sources cannot be hashed");
  }
  SourceHash hash;
  std::copy_n(key.begin(), hash.source_key_.size(), hash.source_key_.begin());
  const std::span<const uint8_t> dark = std::span(key).subspan(hash.source_key_.size());
  hash.dark_secrets_ = {LittleEndian(dark), LittleEndian(dark.subspan(8))};
  hash.key_id_ = std::max<uint64_t>(LittleEndian(digest), 1);
  return hash;
}

uint64_t SourceHash::OfSource(const IpAddress& address) const {
  static_assert(std::endian::native == std::endian::little, "the network's order would be the machine's");
  using Octets16 = std::array<uint8_t, 16>;
  const auto octets = std::bit_cast<Octets16>(
      std::array<uint64_t, 2>{__builtin_bswap64(address.high), __builtin_bswap64(address.low)});
  const std::span<const uint8_t> in = std::span(octets).subspan(address.is_ipv4() ? 12 : 0);
  std::array<uint8_t, crypto_shorthash_BYTES> out;
  crypto_shorthash(out.data(), in.data(), in.size(), source_key_.data());
  return std::bit_cast<uint64_t>(out);
}

}  // namespace kansoku::collector
