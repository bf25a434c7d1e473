// SPDX-License-Identifier: Apache-2.0
#include "tests/testing/certificate_authority.h"

#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <cstdio>
#include <fstream>

namespace kansoku::testing {
namespace {

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Certificate = std::unique_ptr<X509, Free>;

std::string Text(BIO* bio) {
  char* start = nullptr;
  const auto length = static_cast<size_t>(BIO_get_mem_data(bio, &start));
  return {start, length};
}

std::string Pem(X509* certificate) {
  const std::unique_ptr<BIO, Free> bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(bio.get(), certificate);
  return Text(bio.get());
}

std::string Pem(EVP_PKEY* key) {
  const std::unique_ptr<BIO, Free> bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return Text(bio.get());
}

void Extend(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, Free> extension(
      X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  ASSERT_NE(extension, nullptr) << value;
  X509_add_ext(certificate, extension.get(), -1);
}

Certificate Blank(const std::string& name, long serial, EVP_PKEY* key,
                  const CertificateAuthority::Contents& contents) {
  Certificate certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
  ASN1_TIME_set(X509_getm_notBefore(certificate.get()), absl::ToTimeT(contents.not_before));
  ASN1_TIME_set(X509_getm_notAfter(certificate.get()), absl::ToTimeT(contents.not_after));
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_pubkey(certificate.get(), key);
  return certificate;
}

}  // namespace

struct CertificateAuthority::Parts {
  Key key{EVP_EC_gen("P-256")};
  Certificate certificate;
  long last_serial = 1;
};

CertificateAuthority::CertificateAuthority(const std::string& name) : parts_(std::make_unique<Parts>()) {
  parts_->certificate = Blank(name, parts_->last_serial, parts_->key.get(), {});
  X509* self = parts_->certificate.get();
  X509_set_issuer_name(self, X509_get_subject_name(self));
  Extend(self, self, NID_basic_constraints, "critical,CA:TRUE");
  Extend(self, self, NID_key_usage, "critical,keyCertSign,cRLSign");
  X509_sign(self, parts_->key.get(), EVP_sha256());
}

CertificateAuthority::~CertificateAuthority() = default;

std::string CertificateAuthority::certificate_pem() const { return Pem(parts_->certificate.get()); }

v1::TlsConfig CertificateAuthority::Issue(const std::string& folder, const std::string& name,
                                          const Contents& contents) {
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate = Blank(name, ++parts_->last_serial, key.get(), contents);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(parts_->certificate.get()));
  if (!contents.alternative_names.empty()) {
    Extend(certificate.get(), parts_->certificate.get(), NID_subject_alt_name, contents.alternative_names);
  }
  X509_sign(certificate.get(), parts_->key.get(), EVP_sha256());

  v1::TlsConfig tls;
  tls.set_certificate_path(folder + "/" + name + ".crt");
  tls.set_key_path(folder + "/" + name + ".key");
  tls.set_authorities_path(folder + "/" + name + ".authority.crt");
  WriteInOneStep(tls.key_path(), Pem(key.get()));
  WriteInOneStep(tls.certificate_path(), Pem(certificate.get()));
  WriteInOneStep(tls.authorities_path(), certificate_pem());
  return tls;
}

void WriteInOneStep(const std::string& path, const std::string& text, unsigned mode) {
  const std::string fresh = path + ".fresh";
  std::ofstream(fresh, std::ios::binary) << text;
  ASSERT_EQ(chmod(fresh.c_str(), mode), 0) << fresh;
  ASSERT_EQ(std::rename(fresh.c_str(), path.c_str()), 0) << path;
}

}  // namespace kansoku::testing
