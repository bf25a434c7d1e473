// SPDX-License-Identifier: Apache-2.0
//
// Crypto-PAn: a keyed permutation of addresses that keeps prefixes. Two addresses that share their first n
// bits, and no more, become two that share their first n bits, and no more; nothing else of them is left to
// whoever lacks the key. Jun Xu, Jinliang Fan, Mostafa Ammar, Sue Moon, "Prefix-Preserving IP Address
// Anonymization", ICNP 2002; with AES-128 as in the authors' reference implementation, and for IPv6 the same
// over 128 bits.
#pragma once

#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "collector/decode/ip_address.h"

namespace kansoku::collector {

// 16 octets of AES key, and 16 from which the padding is made.
using AddressPermutationKey = std::array<uint8_t, 32>;

// One thread at a time. Costs one AES block for each bit of an address.
class AddressPermutation {
 public:
  // INTERNAL: OpenSSL offers no AES.
  static absl::StatusOr<AddressPermutation> FromKey(const AddressPermutationKey& key);

  // An address of the same family, 4 or 6. Nothing if the cipher fails: there is then no address to show.
  std::optional<IpAddress> Permute(const IpAddress& address, uint8_t ip_version);

 private:
  struct Free {
    void operator()(EVP_CIPHER_CTX* cipher) const { EVP_CIPHER_CTX_free(cipher); }
  };
  using Cipher = std::unique_ptr<EVP_CIPHER_CTX, Free>;

  AddressPermutation(Cipher cipher, const IpAddress& padding)
      : cipher_(std::move(cipher)), padding_(padding) {}

  Cipher cipher_;
  IpAddress padding_;  // 128 bits
};

}  // namespace kansoku::collector
