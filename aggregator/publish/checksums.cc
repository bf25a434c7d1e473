// SPDX-License-Identifier: Apache-2.0
#include "aggregator/publish/checksums.h"

#include <openssl/bio.h>
#include <openssl/pem.h>

#include <map>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "aggregator/publish/digest.h"

namespace kansoku::aggregator {
namespace {

// OpenSSL asks on the terminal unless it is answered here.
int NoPassword(char*, int, int, void*) { return -1; }

}  // namespace

std::string Checksums(const std::vector<SiteFile>& files) {
  std::map<std::string, std::string> by_path;
  for (const SiteFile& file : files) by_path[file.path] = Sha256Text(file.content);
  std::string text;
  for (const auto& [path, digest] : by_path) absl::StrAppend(&text, digest, "  ", path, "\n");
  return text;
}

absl::StatusOr<SigningKey> SigningKey::Parse(std::string_view pem) {
  const std::unique_ptr<BIO, int (*)(BIO*)> text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                                 BIO_free);
  SigningKey key(PEM_read_bio_PrivateKey(text.get(), nullptr, NoPassword, nullptr));
  if (key.key_ == nullptr) {
    return absl::InvalidArgumentError(
        "no private key, or an encrypted one: expected what `openssl genpkey -algorithm ed25519` writes");
  }
  if (EVP_PKEY_get_id(key.key_.get()) != EVP_PKEY_ED25519) {
    return absl::InvalidArgumentError(
        "not an Ed25519 key: make one with `openssl genpkey -algorithm ed25519`");
  }
  return key;
}

absl::StatusOr<std::string> SigningKey::Sign(std::string_view text) const {
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  std::string signature(64, '\0');
  size_t size = signature.size();
  if (EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                     reinterpret_cast<const unsigned char*>(text.data()), text.size()) != 1) {
    return absl::InternalError("OpenSSL cannot sign with this key");
  }
  return signature;
}

absl::StatusOr<std::string> SigningKey::PublicPem() const {
  const std::unique_ptr<BIO, int (*)(BIO*)> out(BIO_new(BIO_s_mem()), BIO_free);
  char* text = nullptr;
  if (PEM_write_bio_PUBKEY(out.get(), key_.get()) != 1) {
    return absl::InternalError("OpenSSL cannot write the public key");
  }
  const long size = BIO_get_mem_data(out.get(), &text);
  return std::string(text, static_cast<size_t>(size));
}

}  // namespace kansoku::aggregator
