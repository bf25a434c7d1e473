// SPDX-License-Identifier: Apache-2.0
//
// What lets a reader check that a site is whole, and whose it is. Any thread.
#pragma once

#include <openssl/evp.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "aggregator/publish/publication.h"

namespace kansoku::aggregator {

inline constexpr char kChecksumsPath[] = "SHA256SUMS";
inline constexpr char kSignaturePath[] = "SHA256SUMS.sig";
inline constexpr char kPublicKeyPath[] = "publisher.pem";

// A line for each file, by path, as `sha256sum --check` reads it.
std::string Checksums(const std::vector<SiteFile>& files);

// An Ed25519 key. Its signature of the same text is always the same.
class SigningKey {
 public:
  // A private key as PEM, not encrypted: `openssl genpkey -algorithm ed25519`. Errors tell nothing of the
  // key.
  static absl::StatusOr<SigningKey> Parse(std::string_view pem);

  absl::StatusOr<std::string> Sign(std::string_view text) const;  // 64 octets
  absl::StatusOr<std::string> PublicPem() const;

 private:
  explicit SigningKey(EVP_PKEY* key) : key_(key, EVP_PKEY_free) {}
  std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key_;
};

}  // namespace kansoku::aggregator
