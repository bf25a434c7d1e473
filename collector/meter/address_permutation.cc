// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/address_permutation.h"

#include <utility>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"

namespace kansoku::collector {
namespace {

constexpr int kBlockOctets = 16;
constexpr int kMostBits = 128;

void WriteBigEndian(uint64_t value, uint8_t* octets) {
  for (int i = 7; i >= 0; --i, value >>= 8) octets[i] = static_cast<uint8_t>(value);
}

absl::uint128 Wide(const IpAddress& address) { return absl::MakeUint128(address.high, address.low); }

absl::uint128 FirstBits(int count) {
  return count == 0 ? absl::uint128(0) : ~absl::uint128(0) << (kMostBits - count);
}

}  // namespace

absl::StatusOr<AddressPermutation> AddressPermutation::FromKey(const AddressPermutationKey& key) {
  Cipher cipher(EVP_CIPHER_CTX_new());
  std::array<uint8_t, kBlockOctets> padding;
  int written = 0;
  if (cipher == nullptr ||
      EVP_EncryptInit_ex(cipher.get(), EVP_aes_128_ecb(), nullptr, key.data(), nullptr) != 1 ||
      EVP_CIPHER_CTX_set_padding(cipher.get(), 0) != 1 ||
      EVP_EncryptUpdate(cipher.get(), padding.data(), &written, key.data() + kBlockOctets, kBlockOctets) !=
          1) {
    return absl::InternalError("OpenSSL offers no AES-128-ECB, without which addresses cannot be permuted");
  }
  return AddressPermutation(std::move(cipher), IpAddress::FromOctets(padding));
}

// Bit n is flipped, or not, by a pseudo-random function of the n bits before it: the first bit of the AES
// block that begins with those bits and goes on with the padding.
std::optional<IpAddress> AddressPermutation::Permute(const IpAddress& address, uint8_t ip_version) {
  const int bits = ip_version == 4 ? 32 : kMostBits;
  const absl::uint128 original = ip_version == 4 ? absl::uint128(address.ipv4()) << 96 : Wide(address);
  const absl::uint128 padding = Wide(padding_);

  std::array<uint8_t, kMostBits * kBlockOctets> blocks;
  for (int bit = 0; bit < bits; ++bit) {
    const absl::uint128 mask = FirstBits(bit);
    const absl::uint128 block = (original & mask) | (padding & ~mask);
    WriteBigEndian(absl::Uint128High64(block), &blocks[static_cast<size_t>(bit * kBlockOctets)]);
    WriteBigEndian(absl::Uint128Low64(block), &blocks[static_cast<size_t>(bit * kBlockOctets + 8)]);
  }
  std::array<uint8_t, kMostBits * kBlockOctets> sealed;
  int written = 0;
  if (EVP_EncryptUpdate(cipher_.get(), sealed.data(), &written, blocks.data(), bits * kBlockOctets) != 1 ||
      written != bits * kBlockOctets) {
    return std::nullopt;
  }
  absl::uint128 flips = 0;
  for (int bit = 0; bit < bits; ++bit) {
    const uint64_t first_bit = sealed[static_cast<size_t>(bit * kBlockOctets)] >> 7;
    flips |= absl::uint128(first_bit) << (kMostBits - 1 - bit);
  }
  const absl::uint128 permuted = original ^ flips;
  if (ip_version == 4) return IpAddress::Ipv4(static_cast<uint32_t>(absl::Uint128High64(permuted) >> 32));
  return IpAddress{absl::Uint128High64(permuted), absl::Uint128Low64(permuted)};
}

}  // namespace kansoku::collector
