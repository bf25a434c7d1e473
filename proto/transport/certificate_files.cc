// SPDX-License-Identifier: Apache-2.0
#include "proto/transport/certificate_files.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

namespace kansoku {
namespace {

// The group may read a key, as a service's own group does; nobody else may do anything.
constexpr mode_t kForbiddenKeyMode = 0037;

constexpr absl::string_view kMakeAnew = "make a new one (deploy/certificates --help)";

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Certificate = std::unique_ptr<X509, Free>;
using Key = std::unique_ptr<EVP_PKEY, Free>;

// One of the three files, as messages name it.
struct Named {
  absl::string_view config_key;
  const std::string& path;

  std::string Says(absl::string_view what) const {
    return absl::StrCat("tls.", config_key, ": ", path, ": ", what);
  }
  absl::Status Wrong(absl::string_view what) const { return absl::FailedPreconditionError(Says(what)); }
};

absl::StatusOr<std::string> Read(const Named& file) {
  std::ostringstream text;
  errno = 0;
  // Inserting the buffer, unlike iterating over it, does not throw on a folder.
  text << std::ifstream(file.path, std::ios::binary).rdbuf();
  if (errno == 0) return text.str();
  const int why = errno;
  return absl::NotFoundError(file.Says(absl::StrCat(
      std::strerror(why), why == EACCES
                              ? "; let the user that runs this program read it"
                              : "; correct the path, or make the file (deploy/certificates --help)")));
}

std::unique_ptr<BIO, Free> Open(const std::string& text) {
  return std::unique_ptr<BIO, Free>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// None if the text is damaged.
std::vector<Certificate> ParseCertificates(const std::string& text) {
  const auto bio = Open(text);
  std::vector<Certificate> certificates;
  while (Certificate certificate{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)}) {
    certificates.push_back(std::move(certificate));
  }
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (!at_end) certificates.clear();
  return certificates;
}

absl::StatusOr<std::vector<Certificate>> ReadCertificates(const Named& file) {
  const absl::StatusOr<std::string> text = Read(file);
  if (!text.ok()) return text.status();
  std::vector<Certificate> certificates = ParseCertificates(*text);
  if (!certificates.empty()) return certificates;
  return file.Wrong(
      absl::StrCat("is not a certificate in PEM (BEGIN CERTIFICATE), or is damaged; ", kMakeAnew));
}

absl::string_view PeriodComplaint(const X509& certificate, absl::Time now) {
  time_t seconds = absl::ToTimeT(now);
  if (X509_cmp_time(X509_get0_notBefore(&certificate), &seconds) >= 0) return "is not valid yet";
  if (X509_cmp_time(X509_get0_notAfter(&certificate), &seconds) <= 0) return "has expired";
  return "";
}

// A passphrase cannot be asked for: nobody sits before a service.
int NoPassphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*data*/) { return -1; }

absl::StatusOr<Key> ReadKey(const Named& file) {
  struct stat status;
  if (stat(file.path.c_str(), &status) == 0 && (status.st_mode & kForbiddenKeyMode) != 0) {
    return file.Wrong(absl::StrCat("other users can reach this private key; run: chmod 600 ", file.path));
  }
  const absl::StatusOr<std::string> text = Read(file);
  if (!text.ok()) return text.status();
  Key key(PEM_read_bio_PrivateKey(Open(*text).get(), nullptr, NoPassphrase, nullptr));
  ERR_clear_error();
  if (key != nullptr) return key;
  return file.Wrong(
      absl::StrCat("is not a private key in PEM (BEGIN PRIVATE KEY) without a passphrase; ", kMakeAnew));
}

absl::Time TimeOf(const ASN1_TIME& time) {
  std::tm fields{};
  return ASN1_TIME_to_tm(&time, &fields) == 1 ? absl::FromTM(fields, absl::UTCTimeZone())
                                              : absl::InfinitePast();
}

absl::Time EarliestEnd(const std::vector<Certificate>& chain) {
  absl::Time earliest = absl::InfiniteFuture();
  for (const Certificate& certificate : chain)
    earliest = std::min(earliest, TimeOf(*X509_get0_notAfter(certificate.get())));
  return earliest;
}

}  // namespace

absl::StatusOr<absl::Time> CertificateExpiry(const std::string& certificate_path) {
  const auto chain = ReadCertificates({"certificate_path", certificate_path});
  if (!chain.ok()) return chain.status();
  return EarliestEnd(*chain);
}

std::optional<absl::Time> PemExpiry(const std::string& text) {
  const auto chain = ParseCertificates(text);
  if (chain.empty()) return std::nullopt;
  return EarliestEnd(chain);
}

absl::Status CheckCertificateFiles(const v1::TlsConfig& tls, absl::Time now) {
  const Named certificate_file{"certificate_path", tls.certificate_path()};
  const auto chain = ReadCertificates(certificate_file);
  if (!chain.ok()) return chain.status();
  for (const Certificate& certificate : *chain) {
    const absl::string_view complaint = PeriodComplaint(*certificate, now);
    if (!complaint.empty()) {
      return certificate_file.Wrong(
          absl::StrCat(complaint, "; ", kMakeAnew, ", or set this machine's clock right"));
    }
  }

  const Named key_file{"key_path", tls.key_path()};
  const auto key = ReadKey(key_file);
  if (!key.ok()) return key.status();
  const bool belong_together = X509_check_private_key(chain->front().get(), key->get()) == 1;
  ERR_clear_error();
  if (!belong_together) {
    return key_file.Wrong(
        absl::StrCat("is not the key of ", tls.certificate_path(), "; give the two that were made together"));
  }

  const Named authorities_file{"authorities_path", tls.authorities_path()};
  const auto authorities = ReadCertificates(authorities_file);
  if (!authorities.ok()) return authorities.status();
  // While authorities are rotated an old one may stand beside the new.
  const bool any_valid =
      std::any_of(authorities->begin(), authorities->end(),
                  [now](const Certificate& authority) { return PeriodComplaint(*authority, now).empty(); });
  if (any_valid) return absl::OkStatus();
  return authorities_file.Wrong(absl::StrCat(PeriodComplaint(*authorities->front(), now),
                                             "; give the authority's present certificate"));
}

}  // namespace kansoku
