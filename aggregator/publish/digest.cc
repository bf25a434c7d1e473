// SPDX-License-Identifier: Apache-2.0
#include "aggregator/publish/digest.h"

#include <openssl/sha.h>

#include "absl/strings/escaping.h"

namespace kansoku::aggregator {

std::string Sha256Text(std::string_view content) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(content.data()), content.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return absl::BytesToHexString(digest);
}

}  // namespace kansoku::aggregator
