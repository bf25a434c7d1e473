// SPDX-License-Identifier: Apache-2.0
//
// As whom the sources of dark packets are known: by a keyed hash of their addresses, the same on all
// collectors of a deployment, so that what they say of a source adds up. Without the key nobody can tell
// whose address it was, nor choose addresses by their hashes.
#pragma once

#include <array>
#include <cstdint>

#include "absl/status/statusor.h"
#include "collector/decode/ip_address.h"
#include "collector/meter/fold.h"

namespace kansoku::collector {

// 16 octets for sources, 16 for dark addresses.
using SourceHashKey = std::array<uint8_t, 32>;

// A value. Any thread.
class SourceHash {
 public:
  // INTERNAL: libsodium does not work.
  static absl::StatusOr<SourceHash> FromKey(const SourceHashKey& key);

  // Names the key, without telling it. Never 0.
  uint64_t key_id() const { return key_id_; }

  // SipHash-2-4 (Aumasson, Bernstein 2012) of the 4 or 16 octets of an address in network order.
  uint64_t OfSource(const IpAddress& address) const;

  // Which of 64 parts of the dark addresses this one is in, as a bit. Cheaper, as no more than six bits of it
  // leave the collector, and those of many addresses at once.
  uint64_t PartOfDark(const IpAddress& address) const {
    const uint64_t first = Fold(address.high ^ dark_secrets_[0], address.low ^ dark_secrets_[1]);
    return uint64_t{1} << (Fold(first ^ dark_secrets_[0], dark_secrets_[1]) >> 58);
  }

 private:
  SourceHash() = default;

  std::array<uint8_t, 16> source_key_;
  std::array<uint64_t, 2> dark_secrets_;
  uint64_t key_id_ = 0;
};

}  // namespace kansoku::collector
